import { expect, it } from 'vitest';
import { openSource } from '../../src/cli/sources/index.ts';
import { SOURCE_NAMES } from '../../src/cli/sources/names.ts';
import type { LeaseStore } from '../../src/voices/pool/lease-store.ts';
import type { PooledVoices } from '../../src/voices/pool/pool.ts';

/** Leases of which there are none. */
function noLeases(): { leases: LeaseStore; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    leases: {
      take: async (account) => {
        asked.push(account);
        return undefined;
      },
      leave: async () => {},
      renew: async () => false,
      giveBack: async () => {},
      onFree: () => () => {},
    },
  };
}

it.each(SOURCE_NAMES)('a gateway has the units of %s counted where all gateways do', async (name) => {
  const { leases, asked } = noLeases();
  let pool: PooledVoices | undefined;
  const local = name === 'local' || name === 'espeak';
  const source = openSource(name, {
    urlOption: '--upstream',
    ...(!local && { url: `${name === 'polly' ? 'http' : 'ws'}://127.0.0.1:1/` }),
    leases,
    onPool: (made) => {
      pool = made;
    },
  });
  const abort = new AbortController();
  const speaking = (async () => {
    for await (const _part of source.speak({ text: 'Hello.' }, abort.signal));
  })().catch(() => {});
  // Those without a pool have no units to wait for.
  if (pool) await expect.poll(() => asked).toEqual([expect.any(String)]);
  else expect(['local', 'espeak', 'gateway', 'pcm']).toContain(name);
  abort.abort();
  await speaking;
  source.dispose();
});
