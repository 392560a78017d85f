/** Lines that several players hear at once, over `gatewayVoices` and the gateway. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createGateway, openNodeSocket } from '../../src/gateway/index.ts';
import { InputError } from '../../src/speech/errors.ts';
import type { SpokenReply } from '../../src/speech/source.ts';
import { gatewayVoices } from '../../src/voices/gateway/gateway-voices.ts';
import type { LineInvitation } from '../../src/voices/gateway/shared-line.ts';
import { collect } from '../kit/collect.ts';
import { toneVoices } from '../kit/tone-voices.ts';

const TEXT = 'some people speak a lot';
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function serve() {
  const gateway = createGateway({ source: toneVoices() });
  open.push(gateway);
  await gateway.listen({ port: 0 });
  return () => {
    const voices = gatewayVoices(`ws://127.0.0.1:${gateway.address.port}/v1/speech`, {
      openSocket: openNodeSocket,
    });
    open.push({ close: () => voices.dispose() });
    return voices;
  };
}

/** When a line's first sample is due on this machine's clock, where all of it was heard; the players share it here. */
function dueMs({ schedule }: SpokenReply): number {
  return schedule!.zeroMs!;
}

describe('a line for many', () => {
  it('is due at one moment for all, with the same sound', async () => {
    const player = await serve();
    const voices = player();
    const invited: LineInvitation[] = [];
    const said = voices.share(TEXT, (invitation) => invited.push(invitation));
    expect(said.schedule!.zeroMs).toBeUndefined();
    const askedMs = performance.now();
    const first = await collect(said.parts(undefined, { text: '', voice: 'F1' }));
    expect(invited).toEqual([{ share: expect.any(String), at: expect.any(Number), text: TEXT }]);
    expect(dueMs(said)).toBeGreaterThan(askedMs + 300);
    expect(dueMs(said)).toBeLessThan(askedMs + 2_000);
    expect(JSON.parse(JSON.stringify(invited[0]))).toEqual(invited[0]);
    const late = player();
    const joined = late.join(invited[0]!);
    const theirs = await collect(joined.parts());
    const from = Math.round(joined.from! * 44_100);
    expect(theirs.samples).toEqual(first.samples.slice(from));
    const apartMs = dueMs(joined) - dueMs(said) - joined.from! * 1_000;
    expect(Math.abs(apartMs)).toBeLessThan(voices.clockOffset!.errorMs + late.clockOffset!.errorMs + 1);
  });

  it('is joined at its beginning before that is due, and in its middle after', async () => {
    const player = await serve();
    let invitation: LineInvitation | undefined;
    const said = player().share(
      TEXT,
      (each) => {
        invitation = each;
      },
      { delayMs: 600 },
    );
    const parts = said.parts()[Symbol.asyncIterator]();
    while (!invitation) await parts.next();
    const early = player().join(invitation);
    expect((await collect(early.parts())).error).toBeUndefined();
    expect(early.from).toBe(0);
    await sleep(dueMs(said) + 200 - performance.now());
    const late = player().join(JSON.parse(JSON.stringify(invitation)));
    const heard = await collect(late.parts());
    expect(heard.error).toBeUndefined();
    expect(late.from).toBeGreaterThan(0.2);
    expect(late.from).toBeLessThan(2);
    expect(late.schedule!.zeroMs).toBeGreaterThan(performance.now() - 2_000);
    await parts.return?.();
  });

  it('refuses invitations that are none, and delays out of range', async () => {
    const voices = (await serve())();
    expect(() => voices.join({ share: 'x', at: 'soon', text: '' } as never)).toThrow(InputError);
    expect(() => voices.join({} as never)).toThrow(/share: expected a string/);
    expect(() => voices.share(TEXT, () => {}, { delayMs: 9_000 })).toThrow(/delayMs/);
    const gone = await collect(voices.join({ share: 'nobody', at: Date.now(), text: '' }).parts());
    expect(gone.error).toMatchObject({ code: 'refused' });
  });

  it('that was over when it was joined fails with `empty`', async () => {
    const player = await serve();
    let invitation: LineInvitation | undefined;
    await collect(
      player()
        .share('short', (each) => {
          invitation = each;
        })
        .parts(),
    );
    const over = { ...invitation!, at: invitation!.at - 60_000 };
    expect((await collect(player().join(over).parts())).error).toMatchObject({ code: 'empty' });
  });
});
