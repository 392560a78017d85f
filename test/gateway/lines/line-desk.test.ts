import { beforeEach, describe, expect, it } from 'vitest';
import type { LinePriority } from '../../../src/gateway/lines/line-request.ts';
import { memoryStore } from '../../../src/gateway/stores/memory-store.ts';
import { SpeechError } from '../../../src/speech/errors.ts';
import { memoryLeases } from '../../../src/voices/pool/lease-store.ts';
import { poolVoices } from '../../../src/voices/pool/pool.ts';
import { counted, ledVoices } from '../../kit/led-voices.ts';
import { toneAt, toneVoices } from '../../kit/tone-voices.ts';
import { atEnd, desk, digestOf, faults, folder, heard, sleep, unbroken, until } from './desk-kit.ts';

const player = { priority: 'player' } as const;
const end = { type: 'end' } as const;

beforeEach(() => {
  faults.length = 0;
});

describe('a line that many want', () => {
  it('is spoken once for a thousand, who all hear the same from the first sample to the last', async () => {
    const source = toneVoices();
    const lines = await desk({ source });
    const asked = Array.from({ length: 1_000 }, () => lines.open({ text: 'Same for all.', ...player }));
    const all = await Promise.all(asked.map(digestOf));
    expect(source.requests).toHaveLength(1);
    expect(new Set(all).size).toBe(1);
    const { samples, cues, words } = await heard(asked[999]!);
    expect(Int16Array.from(samples)).toEqual(
      Int16Array.from({ length: Math.round(13 * 0.06 * 44_100) }, (_, at) => toneAt(at, 44_100)),
    );
    expect(all[0]).toMatch(`${samples.length} `);
    expect(cues).toHaveLength(13);
    expect(words.map(({ text }) => text)).toEqual(['Same', 'for', 'all']);
    expect(asked.map(({ origin }) => origin).filter((origin) => origin === 'fresh')).toHaveLength(1);
    expect(lines.counts).toMatchObject({ fresh: 1, joined: 999, hit: 0, failed: 0 });
    expect(new Set(asked.map(({ share }) => share)).size).toBe(1);
  });

  it('is read from the beginning by who comes late, and from anywhere by who has some of it', async () => {
    const source = ledVoices();
    const lines = await desk({ source });
    const early = lines.open({ text: 'Late.', ...player });
    const whole = heard(early);
    const spoken = await source.nth(0);
    const cue = (start: number) => ({ viseme: 'aa' as const, start, end: start + 0.1, weight: 1 });
    spoken.give({ type: 'cues', cues: [cue(0), cue(0.1)] }, counted(0, 1_000));
    await early.head;
    const late = lines.open({ text: 'Late.', ...player });
    const joined = heard(late);
    const rest = heard(late, { samples: 700, cues: 1, words: 0 });
    spoken.give({ type: 'cues', cues: [cue(0.2)] }, counted(1_000, 500), end);
    const samples = Array.from({ length: 1_500 }, (_, index) => index);
    expect((await whole).samples).toEqual(samples);
    expect(await joined).toEqual(await whole);
    expect((await rest).samples).toEqual(samples.slice(700));
    expect((await rest).cues.map(({ start }) => start)).toEqual([0.1, 0.2]);
    expect([early.origin, late.origin]).toEqual(['fresh', 'joined']);
  });

  it('is given at each one’s own pace: one that stands still holds up nobody, and holds nothing of its own', async () => {
    const source = ledVoices();
    const lines = await desk({ source });
    const line = lines.open({ text: 'Slow.', ...player });
    const spoken = source.nth(0);
    const slow = line.read({ samples: 0, cues: 0, words: 0 }, unbroken())[Symbol.asyncIterator]();
    const quick = heard(line);
    for (let at = 0; at < 100; at++) (await spoken).give(counted(at * 100, 100));
    (await spoken).give(end);
    expect((await quick).samples).toHaveLength(10_000);
    const first = await slow.next();
    const again = line.read({ samples: 0, cues: 0, words: 0 }, unbroken())[Symbol.asyncIterator]();
    expect((await again.next()).value).toBe(first.value); // The very same part: nothing is copied for a reader.
    await slow.return?.();
    await again.return?.();
  });

  it('begins its time with the first sound that anybody reads', async () => {
    let now = 1_000;
    const lines = await desk({ source: toneVoices(), nowMs: () => now });
    const line = lines.open({ text: 'Now', ...player });
    await line.head;
    expect(line.startedAt).toBeUndefined();
    now = 1_500;
    await heard(line);
    expect(line.startedAt).toBe(1_500);
    now += 100; // The line lasts 180 ms: who comes now is in step with who hears it.
    const during = lines.open({ text: 'Now', ...player });
    expect(during.startedAt).toBe(1_500);
    now += 200;
    const after = lines.open({ text: 'Now', ...player });
    expect(after.startedAt).toBeUndefined();
    await heard(after);
    expect(after.startedAt).toBe(1_800);
  });
});

describe('a line that is kept', () => {
  it('is found at once, with words and cues, and counted as a hit', async () => {
    const source = toneVoices();
    const lines = await desk({ source });
    const fresh = await heard(lines.open({ text: 'Kept.', ...player }));
    const again = lines.open({ text: ' Kept. ', ...player });
    expect(again.origin).toBe('hit');
    const { words, ...rest } = await heard(again);
    expect(rest).toEqual({
      ...rest,
      samples: fresh.samples,
      cues: fresh.cues.map((cue) => ({ ...cue, from: cue.from! + 1 })),
    });
    expect(words).toMatchObject([{ text: 'Kept', from: 1, to: 5 }]);
    expect(source.requests).toHaveLength(1);
    expect(lines.counts).toMatchObject({ hit: 1, fresh: 1, tiers: { memory: 1 } });
  });

  it('is another one in another voice, language, speed or tenant', async () => {
    const source = toneVoices();
    const lines = await desk({ source, identity: { voice: 'F1' } });
    const variants = [{}, { voice: 'M1' }, { lang: 'de' }, { speed: 1.5 }, { tenant: 'a' }, { tenant: 'b' }];
    for (const variant of variants) await heard(lines.open({ text: 'Hm', ...variant, ...player }));
    expect(source.requests).toHaveLength(6);
    const own = lines.open({ text: 'Hm', voice: 'F1', ...player });
    expect(own.origin).toBe('hit'); // The voice that is taken without one being named.
  });

  it('goes when others need its room, those unused for longest first', async () => {
    const source = toneVoices({ sampleRate: 8_000 });
    const lines = await desk({ source, memoryBytes: 40_000 });
    const text = (n: number) => `Line ${n} ${'a'.repeat(13)}`; // 20 characters: 1.2 s, 19,200 bytes, and its marks.
    for (const n of [1, 2, 3]) await heard(lines.open({ text: text(n), ...player }));
    expect(lines.keptBytes).toBeLessThanOrEqual(40_000);
    expect(lines.open({ text: text(3), ...player }).origin).toBe('hit');
    await heard(lines.open({ text: text(1), ...player }));
    expect(source.requests).toHaveLength(4);
  });

  it('is found by its share, as is one under way, and nothing else is', async () => {
    const source = ledVoices();
    const lines = await desk({ source });
    const line = lines.open({ text: 'Share', ...player });
    (await source.nth(0)).give(counted(0, 10));
    await line.head;
    const joined = await lines.find(line.share);
    expect(joined?.origin).toBe('joined');
    (await source.nth(0)).give(end);
    expect((await heard(joined!)).samples).toHaveLength(10);
    expect((await lines.find(line.share))?.origin).toBe('hit');
    const other = (await desk({ source: toneVoices() })).open({ text: 'Share', ...player });
    expect(await lines.find(other.share)).toBeUndefined(); // Another gateway's secret.
    expect(await lines.find('A'.repeat(43))).toBeUndefined();
    expect(await lines.find('no share at all')).toBeUndefined();
    expect(line.share).toMatch(/^[\w-]{43}$/);
    expect(source.performances).toHaveLength(1);
    expect(lines.counts).toMatchObject({ fresh: 1, joined: 1, hit: 1, failed: 0 });
  });

  it('does not fail for who says a line while others look for it in vain', async () => {
    const source = toneVoices();
    const store = memoryStore();
    const before = await desk({ source, store });
    const { share } = before.open({ text: 'Looked for', ...player });
    await before.dispose(); // Nothing is left but the name.
    const lines = await desk({ source, store, disk: { folder: await folder() } });
    const found = [lines.find(share), lines.find(share)];
    const said = lines.open({ text: 'Looked for', ...player });
    const { error, samples } = await heard(said);
    expect(error).toBeUndefined();
    expect(samples.length).toBeGreaterThan(0);
    for (const each of await Promise.all(found)) {
      if (each) expect((await heard(each)).samples).toEqual(samples); // Found while it is made.
    }
    expect(await lines.find(share)).toBeDefined();
    const other = await desk({ source, store, disk: { folder: await folder() } });
    expect(await Promise.all([other.find(share), other.find(share)])).toEqual([undefined, undefined]);
    expect(other.active).toBe(0);
  });
});

describe('a line that nobody wants any more', () => {
  it('is cancelled with its last listener, and spoken anew for the next', async () => {
    const source = ledVoices();
    const lines = await desk({ source });
    const [a, b] = [lines.open({ text: 'Gone', ...player }), lines.open({ text: 'Gone', ...player })];
    const spoken = await source.nth(0);
    spoken.give(counted(0, 10));
    await a.head;
    a.release();
    a.release();
    await sleep(20);
    expect(spoken.aborted).toBe(false);
    b.release();
    await until(() => spoken.aborted);
    expect((await heard(b)).error?.code).toBe('aborted');
    expect(lines.counts).toMatchObject({ cancelled: 1, failed: 0 });
    expect(lines.active).toBe(0);
    lines.open({ text: 'Gone', ...player });
    await source.nth(1);
  });

  it('goes on when it was asked for in advance', async () => {
    const source = ledVoices();
    const lines = await desk({ source });
    const early = lines.open({ text: 'Soon', priority: 'prefetch' });
    const joined = lines.open({ text: 'Soon', ...player });
    const spoken = await source.nth(0);
    joined.release();
    early.release();
    await sleep(20);
    spoken.give(counted(0, 10), end);
    await until(() => lines.active === 0);
    expect(lines.open({ text: 'Soon', ...player }).origin).toBe('hit');
  });

  it('does not stop a reader that gives up from being forgotten', async () => {
    const source = ledVoices();
    const lines = await desk({ source });
    const line = lines.open({ text: 'Wait', ...player });
    const gone = new AbortController();
    const reading = heard(line, undefined, gone.signal);
    gone.abort();
    expect((await reading).error?.code).toBe('aborted');
    expect((await source.nth(0)).aborted).toBe(false); // It was read no more, but not released.
  });
});

describe('a line that fails', () => {
  it('tells all who read it what came, and why it ended; it is not kept', async () => {
    const source = ledVoices();
    const lines = await desk({ source });
    const asked = [1, 2].map(() => lines.open({ text: 'Fail', ...player }));
    const all = asked.map((line) => heard(line));
    const spoken = await source.nth(0);
    spoken.give(counted(0, 100));
    spoken.fail(SpeechError.stalled('led', 2));
    for (const { samples, error } of await Promise.all(all)) {
      expect(samples).toHaveLength(100);
      expect(error?.code).toBe('stalled');
    }
    const again = lines.open({ text: 'Fail', ...player });
    (await source.nth(1)).give(counted(0, 200), end);
    expect((await heard(again)).samples).toHaveLength(200);
    expect(lines.counts).toMatchObject({ fresh: 2, joined: 1, failed: 1 });
    expect(faults).toEqual([]);
  });

  it('keeps faults of the program from clients', async () => {
    const lines = await desk({ source: toneVoices() });
    const { error } = await heard(lines.open({ text: '!break it', ...player }));
    expect(error?.code).toBe('service-failed');
    expect(error?.message).not.toContain('secret');
    expect(faults.map(String)).toEqual(['TypeError: a secret fault']);
  });

  it('fails where nothing is to be said, where the text is too long, and where the line is', async () => {
    const source = ledVoices();
    const lines = await desk({ source, maxTextLength: 20, maxSeconds: 1 });
    for (const text of [' \u202e\u0000 ', 'x'.repeat(21)]) {
      const { error } = await heard(lines.open({ text, ...player }));
      expect(error).toMatchObject({ code: 'refused', refusal: 'request' });
    }
    const long = heard(lines.open({ text: 'Endless', ...player }));
    const spoken = await source.nth(0);
    for (let at = 0; at < 3; at++) spoken.give(counted(0, 10_000));
    const { samples, error } = await long;
    expect([samples.length, error?.code]).toEqual([20_000, 'too-long']);
    await until(() => spoken.aborted);
    const empty = heard(lines.open({ text: 'Nothing', ...player }));
    (await source.nth(1)).give(end);
    expect((await empty).error?.code).toBe('empty');
    const rates = heard(lines.open({ text: 'Rates', ...player }));
    (await source.nth(2)).give(counted(0, 10, 24_000), counted(0, 10, 16_000));
    expect((await rates).error?.code).toBe('protocol');
  });

  it('fails with the desk', async () => {
    const source = ledVoices();
    const lines = await desk({ source });
    const reading = heard(lines.open({ text: 'Bye', priority: 'prefetch' }));
    const spoken = await source.nth(0);
    await lines.dispose();
    await lines.dispose();
    expect((await reading).error?.code).toBe('aborted');
    expect(spoken.aborted).toBe(true);
    expect((await heard(lines.open({ text: 'Bye', ...player }))).error?.code).toBe('aborted');
  });
});

describe('lines that wait for a unit', () => {
  it('go by who waits for them, and rise when someone more urgent wants them too', async () => {
    const source = ledVoices();
    const pool = poolVoices({ services: [{ source, units: 1 }], leases: memoryLeases(), coolDownSeconds: 0 });
    atEnd(() => pool.dispose());
    const lines = await desk({ source: pool });
    const ask = (text: string, priority: LinePriority) => lines.open({ text, priority });
    ask('first', 'ambient');
    await source.nth(0);
    ask('later', 'prefetch');
    ask('world', 'ambient');
    ask('scene', 'stage');
    await until(() => pool.load[0]?.waiting === 3);
    ask('later', 'player'); // It waited as the last.
    for (let nth = 0; nth < 4; nth++) (await source.nth(nth)).give(counted(0, 10), end);
    expect(source.performances.map(({ request }) => request.text)).toEqual([
      'first',
      'later',
      'scene',
      'world',
    ]);
  });
});
