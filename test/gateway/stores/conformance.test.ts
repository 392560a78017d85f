/** What every store promises, shown on each of them. */
import { describe, expect, it } from 'vitest';
import { LeaderGoneError, type LinePiece, type LineWriter } from '../../../src/gateway/stores/store.ts';
import { SpeechError } from '../../../src/speech/errors.ts';
import { counted } from '../../kit/led-voices.ts';
import { sleep, unbroken, until } from '../lines/desk-kit.ts';
import { storeKinds } from './store-kit.ts';

const head = {
  type: 'head',
  voice: 'F1',
  lang: 'en',
  timing: { origin: 'service', confidence: 1 },
} as const;
const cues = { type: 'cues', cues: [{ viseme: 'aa', start: 0, end: 0.1, weight: 1, from: 3 }] } as const;
const words = { type: 'words', words: [{ text: 'ä', start: 0, end: 0.1, from: 0, to: 1 }] } as const;
const shapes = { type: 'shapes', fps: 60, from: 2, frames: new Float32Array(110).fill(0.5) } as const;
const end = { type: 'end' } as const;

/** All pieces of a line, and why it failed. */
async function read(pieces: AsyncIterable<LinePiece>): Promise<{ pieces: LinePiece[]; error: unknown }> {
  const all: LinePiece[] = [];
  try {
    for await (const piece of pieces) all.push(piece);
  } catch (error) {
    return { pieces: all, error };
  }
  return { pieces: all, error: undefined };
}

describe.each(storeKinds())('the store in $name', ({ open }) => {
  it('is there, and tells no change', async () => {
    const store = await open();
    expect(store.state).toBe('ok');
    expect(store.secret).toHaveLength(32);
    expect((await open()).secret).toEqual(store.secret);
    store.onState(() => expect.unreachable())();
  });

  describe('leases', () => {
    it('gives so many units and no more, to all gateways together', async () => {
      const [a, b] = [await open(), await open()];
      const taken = await Promise.all(
        Array.from({ length: 20 }, (_, at) => (at % 2 ? a : b).leases.take('acc', 3, 10)),
      );
      const leases = taken.filter((lease) => lease !== undefined);
      expect(new Set(leases).size).toBe(3);
      expect(await a.leases.take('other', 1, 10)).toBeDefined();
      const owner = taken[1] ? a : b;
      const mine = taken.find((lease, at) => lease && (at % 2 ? a : b) === owner)!;
      expect(await owner.leases.renew('acc', mine, 10)).toBe(true);
      await owner.leases.giveBack('acc', mine);
      await owner.leases.giveBack('acc', mine);
      expect(await owner.leases.renew('acc', mine, 10)).toBe(false);
      expect(await b.leases.take('acc', 3, 10)).toBeDefined();
      expect(await a.leases.take('acc', 3, 10)).toBeUndefined();
    });

    it('frees a unit whose owner vanished, and one that is given back later', async () => {
      const { leases } = await open();
      await leases.take('acc', 1, 0.1);
      expect(await leases.take('acc', 1, 10)).toBeUndefined();
      await sleep(130);
      const lease = (await leases.take('acc', 1, 10))!;
      await leases.giveBack('acc', lease, 0.2);
      expect(await leases.take('acc', 1, 10)).toBeUndefined();
      await sleep(260);
      expect(await leases.take('acc', 1, 10)).toBeDefined();
    });

    it('tells every gateway when a unit comes free', async () => {
      const [a, b] = [await open(), await open()];
      let told = 0;
      const stop = b.leases.onFree('acc', () => told++);
      b.leases.onFree('other', () => expect.unreachable());
      const lease = (await a.leases.take('acc', 1, 10))!;
      await a.leases.giveBack('acc', lease);
      await until(() => told === 1);
      stop();
      await a.leases.giveBack('acc', (await a.leases.take('acc', 1, 10))!);
      await sleep(30);
      expect(told).toBe(1);
    });

    it('gives a unit to the most urgent request of all gateways, waiting counted', async () => {
      const { leases } = await open();
      const since = performance.now() / 1_000;
      const take = (place: string, priority: number, earlier = 0) => {
        const rank = priority - (since - earlier) / 5;
        return leases.take('acc', 1, 10, { place, rank, agingSeconds: 5 });
      };
      const held = (await leases.take('acc', 1, 10))!;
      expect(await take('low', 0)).toBeUndefined();
      expect(await take('high', 6)).toBeUndefined();
      await leases.giveBack('acc', held);
      expect(await take('low', 0)).toBeUndefined();
      const lease = (await take('high', 6))!;
      expect(lease).toBeDefined();
      await leases.giveBack('acc', lease);
      const next = (await take('low', 0))!; // Nobody else waits any more.
      await take('high', 6);
      await leases.leave('acc', 'high');
      await leases.giveBack('acc', next);
      const last = (await take('low', 0))!;
      await take('high', 6);
      await take('old', 0, 31); // Half a minute of waiting counts six.
      await leases.giveBack('acc', last);
      expect(await take('high', 6)).toBeUndefined();
      expect(await take('old', 0, 31)).toBeDefined();
    });

    it('remembers the request behind the one that was served', async () => {
      const { leases } = await open();
      const ask = (place: string, rank: number, nextRank?: number) =>
        leases.take('acc', 2, 10, { place, rank, nextRank, agingSeconds: 5 });
      const units = [await ask('busy', 9, 6), await leases.take('acc', 2, 10)];
      await leases.giveBack('acc', units[1]!);
      expect(await ask('low', 0)).toBeUndefined(); // The other has not asked yet, but waits.
      expect(await ask('busy', 6)).toBeDefined();
    });

    it('forgets a place that asks no more', async () => {
      const { leases } = await open();
      const held = (await leases.take('acc', 1, 10))!;
      await leases.take('acc', 1, 10, { place: 'dead', rank: 9, agingSeconds: 5 });
      await leases.giveBack('acc', held);
      const ask = () => leases.take('acc', 1, 10, { place: 'alive', rank: 0, agingSeconds: 5 });
      expect(await ask()).toBeUndefined();
      await until(async () => (await ask()) !== undefined);
    });
  });

  describe('lines under way', () => {
    it('are made by one, whoever asks, and told to all others from the first piece on', async () => {
      const gateways = [await open(), await open(), await open()];
      const claims = await Promise.all(
        Array.from({ length: 300 }, (_, at) => gateways[at % 3]!.lines.lead('key')),
      );
      const [writer, ...more] = claims.filter((claim) => claim !== undefined);
      expect(more).toEqual([]);
      writer!.write(head);
      writer!.write(cues);
      const reading = gateways.map(({ lines }) => read(lines.follow('key', unbroken())));
      await until(async () => (await writer!.readers()) === 3);
      writer!.write(counted(0, 500));
      writer!.write(words);
      writer!.write(shapes);
      const late = read(gateways[1]!.lines.follow('key', unbroken()));
      await sleep(20);
      writer!.write(counted(500, 500));
      writer!.write(end);
      await writer!.finish();
      const whole = [head, cues, counted(0, 500), words, shapes, counted(500, 500), end];
      for (const { pieces, error } of await Promise.all([...reading, late])) {
        expect(error).toBeUndefined();
        expect(pieces).toEqual(whole);
      }
      await until(async () => (await writer!.readers()) === 0);
    });

    it('that fail tell why, and may be made anew', async () => {
      const [a, b] = [await open(), await open()];
      const writer = (await a.lines.lead('key'))!;
      writer.write(head);
      writer.write(counted(0, 10));
      expect(await b.lines.has('key')).toBe(true);
      const reading = read(b.lines.follow('key', unbroken()));
      await until(async () => (await writer.readers()) === 1);
      await sleep(50);
      await writer.fail(SpeechError.refused('The service', 'no such voice', 'busy', 3));
      const { pieces, error } = await reading;
      expect(pieces).toEqual([head, counted(0, 10)]);
      expect(error).toMatchObject({
        code: 'refused',
        message: 'The service refused the line: no such voice',
        reason: 'no such voice',
        refusal: 'busy',
        retryAfterSeconds: 3,
      });
      expect(error).toBeInstanceOf(SpeechError);
      expect(await b.lines.has('key')).toBe(false);
      expect(await b.lines.lead('key')).toBeDefined();
    });

    it('of which there are none are told to be none; one that is read no more is aborted', async () => {
      const { lines } = await open();
      expect((await read(lines.follow('nothing', unbroken()))).error).toBeInstanceOf(LeaderGoneError);
      await lines.lead('key');
      const leaving = new AbortController();
      const reading = read(lines.follow('key', leaving.signal));
      await sleep(20);
      leaving.abort();
      expect((await reading).error).toMatchObject({ code: 'aborted' });
    });

    it('are lifted from anywhere', async () => {
      const [a, b] = [await open(), await open()];
      const writer = (await a.lines.lead('key')) as LineWriter;
      const lifts: number[] = [];
      const stop = writer.onLift((priority) => lifts.push(priority));
      b.lines.lift('key', 6);
      b.lines.lift('other', 5);
      await until(() => lifts.length > 0);
      stop();
      b.lines.lift('key', 7);
      await sleep(30);
      expect(lifts).toEqual([6]);
    });
  });

  it('lets an id be used once, however many try, until it is forgotten', async () => {
    const [a, b] = [await open(), await open()];
    const tries = await Promise.all(
      Array.from({ length: 50 }, (_, at) => (at % 2 ? a : b).usedIds.use('ticket', 0.3)),
    );
    expect(tries.filter(Boolean)).toHaveLength(1);
    expect(await a.usedIds.use('another', 0.3)).toBe(true);
    await sleep(350);
    expect(await b.usedIds.use('ticket', 0.3)).toBe(true);
  });

  it('counts points for all gateways together', async () => {
    const [a, b] = [await open(), await open()];
    const options = { name: 'characters', points: 100, seconds: 60 };
    const [x, y] = [a.limiter(options), b.limiter(options)];
    expect(await x.look('ada')).toEqual({ granted: true, left: 100, resetSeconds: 0 });
    expect(await x.consume('ada', 60)).toMatchObject({ granted: true, left: 40 });
    expect(await y.consume('ada', 40)).toMatchObject({ granted: true, left: 0 });
    expect(await x.consume('ada', 1)).toMatchObject({ granted: false, left: 0 });
    await y.refund('ada', 31);
    const { granted, left, resetSeconds } = await x.look('ada');
    expect([granted, left]).toEqual([true, 30]);
    expect(resetSeconds).toBeGreaterThan(50);
    expect((await y.look('ben')).left).toBe(100);
    const many = await Promise.all(Array.from({ length: 150 }, (_, at) => (at % 2 ? x : y).consume('crowd')));
    expect(many.filter((allowance) => allowance.granted)).toHaveLength(100);
  });

  it('may be closed twice', async () => {
    const store = await open();
    await store.close();
    await store.close();
  });
});
