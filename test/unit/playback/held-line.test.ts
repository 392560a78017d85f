import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputClock } from '../../../src/clock/output-clock.ts';
import { SilentPlayer } from '../../../src/playback/silent-player.ts';
import { BLOCK, Deck, RATE, same, sine } from './deck.ts';

const FIRST = 12_800;

describe('a line that begins at a moment', () => {
  it('begins with its first sample at that very frame, and never before, whatever was asked meanwhile', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 4_000 }),
        (changes, start) => {
          const deck = new Deck(FIRST);
          deck.renderer.begin(same, 100, 1, Number.POSITIVE_INFINITY);
          deck.renderer.write(sine(2_000));
          deck.renderer.end();
          deck.play(3);
          for (const later of changes) deck.renderer.setStart(FIRST + 4_000 + later);
          deck.play(3);
          deck.renderer.setStart(FIRST + start);
          deck.play();
          const due = Math.max(start, 6 * BLOCK);
          expect(deck.passages[0]!.context).toBe(FIRST + due);
          expect(deck.frames).toBe(2_000);
          expect(deck.out.subarray(0, due).every((sample) => sample === 0)).toBe(true);
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });

  it('is not moved once it has begun', () => {
    const deck = new Deck(FIRST);
    deck.renderer.begin(same, 100, 1, FIRST + 200);
    deck.renderer.write(sine(2_000));
    deck.renderer.end();
    deck.play(4);
    deck.renderer.setStart(Number.POSITIVE_INFINITY);
    deck.play();
    expect(deck.passages[0]!.context).toBe(FIRST + 200);
    expect(deck.map.pieces).toBe(1);
  });

  it('may be stopped while it waits, and leaves nothing to the line after it', () => {
    const deck = new Deck(FIRST);
    deck.renderer.begin(same, 100, 1, Number.POSITIVE_INFINITY);
    deck.renderer.write(sine(2_000));
    deck.play(2);
    deck.renderer.stop(100, 0);
    expect(deck.renderer.state).toBe('ended');
    deck.renderer.begin(same, 100, 1);
    deck.renderer.write(sine(500));
    deck.renderer.end();
    deck.play();
    expect(deck.frames).toBe(500);
  });
});

describe('the end that is expected of a line', () => {
  it('is where it comes, while it is being rendered', () => {
    const deck = new Deck(FIRST).begin({ rate: 1.25 });
    deck.renderer.write(sine(9_600));
    deck.renderer.end();
    expect(deck.map.expectedTimeAt(0.1)).toBeUndefined();
    deck.play(2);
    deck.play(20);
    const early = deck.map.expectedTimeAt(0.2)!;
    deck.play();
    // Time is stretched by whole periods of the voice.
    expect(Math.abs(early - deck.map.contextTimeAt(0.1999)!)).toBeLessThan(0.01);
  });

  it('is not known while the line stands', () => {
    const deck = new Deck(FIRST).begin();
    deck.renderer.write(sine(9_600));
    deck.play(10);
    deck.renderer.pause();
    deck.play(10);
    expect(deck.map.expectedTimeAt(0.2)).toBeUndefined();
    expect(deck.map.expectedTimeAt(0.01)).toBeCloseTo(FIRST / RATE + 0.01, 6);
  });
});

it('a clock plans the moment that it would tell', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 100, noNaN: true }),
      fc.double({ min: -200, max: 200, noNaN: true }),
      fc.double({ min: 0, max: 200, noNaN: true }),
      (currentTime, trimMs, later) => {
        const clock = new OutputClock();
        clock.handleReading({ running: true, nowMs: 5_000, currentTime, latency: 0.02, step: 0.01 } as never);
        clock.trimMs = trimMs;
        expect(clock.performanceMsAt(clock.plannedTimeAt(5_000 + later))).toBeCloseTo(5_000 + later, 6);
      },
    ),
    { seed: 6, numRuns: 100 },
  );
});

it('a silent line begins at the first frame from its moment on, and tells when it will end', () => {
  const player = new SilentPlayer();
  const line = player.begin({ sampleRate: 24_000, held: true });
  line.push(new Int16Array(24_000));
  line.end();
  player.update(1_000);
  expect([line.state, line.expectedAtMs(1)]).toEqual(['buffering', undefined]);
  line.startAtMs(1_100);
  player.update(1_099);
  expect(line.state).toBe('buffering');
  player.update(1_110);
  expect([line.state, line.expectedAtMs(0.5)]).toEqual(['playing', 1_610]);
  line.startAtMs(5_000);
  player.update(1_310);
  expect(line.expectedAtMs(1)).toBeCloseTo(2_110);
  line.pause();
  expect(line.expectedAtMs(1)).toBeUndefined();
});
