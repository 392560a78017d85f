/** Lines over connections that are late, thin, torn apart and broken: whole, or failed with a reason; never wrong. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SpeechError } from '../../../src/speech/errors.ts';
import { randomOf } from '../../kit/random.ts';
import type { TcpFaults, WayFaults } from '../../kit/tcp-fault-proxy.ts';
import { expectBeginning, expectWhole, type Stage, say, stage, truthOf } from './fault-kit.ts';

const LONG = Boolean(process.env.PARLEY_LONG);

/** One that is longer than what a line lets come at once, and two that are not. */
const TEXTS = [
  Array.from({ length: 14 }, () => 'a long one').join(', '),
  'one that is not so long, but has its words and letters',
  'a short one',
];

/** All lines at once over one connection. */
async function sayAll({ source }: Stage, voices: Parameters<typeof say>[0]): Promise<void> {
  const lines = await Promise.all(TEXTS.map((text) => say(voices, text)));
  for (const [nth, text] of TEXTS.entries()) expectWhole(lines[nth]!, await truthOf(text));
  for (const text of TEXTS) expect(source.requests.filter((asked) => asked.text === text)).toHaveLength(1);
}

const LASTING: readonly [string, TcpFaults][] = [
  ['late', { up: { latencyMs: 60 }, down: { latencyMs: 120 } }],
  ['unsteady', { up: { jitterMs: 80 }, down: { jitterMs: 80 } }],
  ['thin', { down: { bytesPerSecond: 600_000 } }],
  ['in small pieces', { up: { slice: { bytes: 3 } }, down: { slice: { bytes: 61 } } }],
];

describe('lines over a connection that is', () => {
  it.each(LASTING)('%s come whole, and nobody else notices', async (_name, faults) => {
    const on = await stage();
    on.proxy.behave(faults);
    const beside = on.bystander();
    await sayAll(on, on.speaker());
    expect(await beside()).toBeGreaterThan(0);
    expect(on.faults).toEqual([]);
  });

  it('stalled for a while come whole', async () => {
    const on = await stage();
    const beside = on.bystander();
    on.proxy.behave({ down: { after: { bytes: 60_000, how: 'stall' } } });
    const lines = sayAll(on, on.speaker());
    await sleep(900);
    on.proxy.behave({ up: { after: { bytes: 40, how: 'stall' } } });
    await sleep(300);
    on.proxy.behave({});
    await lines;
    expect(await beside()).toBeGreaterThan(0);
    expect(on.proxy.taken).toBe(1);
  });
});

type How = NonNullable<WayFaults['after']>['how'];

/** Where a connection breaks once it is made: after so many bytes of one way, in the midst of frames as it happens. */
function placeOf(seed: number): { readonly way: 'up' | 'down'; readonly bytes: number } {
  const random = randomOf(seed);
  return random() < 0.25
    ? { way: 'up', bytes: 400 + Math.floor(random() * 800) }
    : { way: 'down', bytes: 500 + Math.floor(random() ** 2 * 400_000) };
}

describe('lines whose connection breaks in their midst', () => {
  it.each<How>(['reset', 'close', 'half-close'])(
    'by a %s go on over another: nothing is lost, nothing comes twice',
    async (how) => {
      const on = await stage();
      const beside = on.bystander();
      let broken = 0;
      for (let seed = 1; seed <= (LONG ? 300 : 8); seed++) {
        const { way, bytes } = placeOf(seed);
        const before = on.proxy.taken;
        const voices = on.speaker((nth) => {
          on.proxy.behave(nth === 1 ? { [way]: { after: { bytes, how } } } : {});
        });
        await sayAll(on, voices);
        voices.dispose();
        broken += on.proxy.taken - before - 1;
      }
      expect(broken).toBeGreaterThan(3); // The others were done before it came to that.
      expect(await beside()).toBeGreaterThan(0);
      expect(on.faults).toEqual([]);
    },
  );

  it('again and again, by whatever comes, go on as well', async () => {
    for (let seed = 1; seed <= (LONG ? 60 : 3); seed++) {
      const on = await stage(seed);
      const random = randomOf(seed);
      const beside = on.bystander();
      const voices = on.speaker(() => {
        const how = (['reset', 'close', 'half-close'] as const)[Math.floor(random() * 3)]!;
        const lasting = LASTING[Math.floor(random() * LASTING.length)]![1];
        // Some of it must come each time, or nothing ever does.
        const after = { bytes: 30_000 + Math.floor(random() * 150_000), how };
        on.proxy.behave({ up: { ...lasting.up }, down: { ...lasting.down, after } });
      });
      await sayAll(on, voices);
      expect(await beside()).toBeGreaterThan(0);
    }
  });
});

describe('a connection that answers no more', () => {
  it('is given up in time, and lines go on over another', async () => {
    const on = await stage();
    const beside = on.bystander();
    const voices = on.speaker((nth) => {
      on.proxy.behave(nth === 1 ? { down: { after: { bytes: 90_000, how: 'stall' } } } : {});
    });
    await sayAll(on, voices);
    expect(on.proxy.taken).toBe(2);
    expect(await beside()).toBeGreaterThan(0);
  });

  it('and cannot be made anew is a reason that tells so, after all that came; the next line finds it when it is back', async () => {
    const on = await stage();
    const beside = on.bystander();
    let away = true;
    const voices = on.speaker(
      (nth) => {
        if (nth === 1) on.proxy.behave({ down: { after: { bytes: 90_000, how: 'reset' } } });
        else on.proxy.behave(away ? { down: { stall: true } } : {});
      },
      { timeouts: { connect: 0.5, firstAudio: 2, stall: 1 } },
    );
    const [text] = TEXTS;
    const line = await say(voices, text!);
    expect(line.error).toBeInstanceOf(SpeechError);
    expect(line.error).toMatchObject({ code: 'closed-early' });
    expectBeginning(line, await truthOf(text!));
    expect(line.samples.length).toBeGreaterThan(0);
    away = false;
    on.proxy.behave({});
    expectWhole(await say(voices, text!), await truthOf(text!));
    expect(on.source.requests.filter((asked) => asked.text === text)).toHaveLength(1);
    expect(await beside()).toBeGreaterThan(0);
  });
});
