/** The checks themselves: defects planted in an adapter that has none must fail in the checks meant for them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ConformanceError, conformanceChecks } from '../../../src/voices/testing/index.ts';
import { serveAcme } from './acme/acme-service.ts';
import { acmeTruth } from './acme/acme-speech.ts';
import type { acmeVoices } from './acme/acme-voices.ts';
import { DEFECTS, type Defect } from './defects.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-defects-'));
const root = join(import.meta.dirname, '../../..');
const source = readFileSync(join(import.meta.dirname, 'acme/acme-voices.ts'), 'utf8');

/** What a defect writes is heard by the checks, and seen by nobody else. */
beforeAll(() => void vi.spyOn(console, 'debug').mockImplementation(() => {}));
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** The adapter with its defect. */
async function broken({ edits }: Defect, nth: number): Promise<typeof acmeVoices> {
  let code = source.replaceAll('../../../../', `${root}/`);
  for (const [find, put] of edits) {
    expect(code.split(find), `one place for ${find}`).toHaveLength(2);
    code = code.replace(find, () => put);
  }
  const file = join(folder, `defect-${nth}.ts`);
  writeFileSync(file, code.replace("'ws'", `'${import.meta.resolve('ws')}'`));
  return (await import(/* @vite-ignore */ file)).acmeVoices;
}

/**
 * Of the checks that are not meant for a defect every so manieth is run, others for the next defect: they are to say
 * nothing. Long runs take all of them.
 */
const SHARE = process.env.PARLEY_LONG ? 1 : 4;

/** What each check says that fails; those that are `meant` are run in any case. */
async function complaintsOf(
  open: typeof acmeVoices,
  key: string,
  meant: (name: string) => boolean,
  nth: number,
): Promise<Record<string, string>> {
  const checks = conformanceChecks({
    name: 'broken',
    key,
    waitSeconds: 0.5, // All at once, they keep one another waiting.
    texts: { long: 'Pam and Bob met at the mill, by the river. '.repeat(14) },
    truth: acmeTruth,
    others: { voice: 'Kim' },
    open: (url, { timeouts }) => open({ url, timeouts, key }),
    serve: serveAcme,
    variants: {
      odd: 'odd=1',
      orders: ['order=late'],
      noEnd: 'end=none',
      otherRate: { query: 'rate=24000', sampleRate: 24_000 },
    },
  });
  const complaints: Record<string, string> = {};
  for (const [index, { name, run }] of checks.entries()) {
    if (!meant(name) && (index + nth) % SHARE !== 0) continue;
    try {
      await run();
    } catch (error) {
      complaints[name] = error instanceof ConformanceError ? error.message : String(error);
    }
  }
  return complaints;
}

describe.concurrent('a defect fails in the checks that are meant for it, for its own reason', () => {
  it.each(DEFECTS.map((defect, nth) => [defect.name, defect, nth] as const))(
    '%s',
    async (_name, defect, nth) => {
      const wanted = Object.entries(defect.found);
      const meant = (name: string): boolean => wanted.some(([part]) => name.includes(part));
      const complaints = await complaintsOf(await broken(defect, nth), `sk-defect/"${nth}"`, meant, nth);
      for (const [part, reason] of wanted) {
        const [, told] = Object.entries(complaints).find(([name]) => name.includes(part)) ?? [];
        expect(told, part).toMatch(reason);
      }
      expect(Object.keys(complaints).filter((name) => !meant(name))).toEqual([]);
    },
    300_000,
  );
});
