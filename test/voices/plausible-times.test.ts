import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PhoneMouth, type TimedSound } from '../../src/voices/phone-mouth.ts';
import { PlausibleTimes, type Span } from '../../src/voices/plausible-times.ts';

const RUNS = { numRuns: process.env.PARLEY_LONG ? 3_000 : 200, seed: 11 };

/** A line of sounds, end to end or with pauses, seconds. */
const line = fc
  .array(fc.tuple(fc.integer({ min: 10, max: 2_000 }), fc.integer({ min: 0, max: 4_000 })), {
    minLength: 4,
    maxLength: 40,
  })
  .map((sounds) => {
    let time = 0;
    return sounds.map(([ms, pause]): Span => {
      const start = time + pause / 1_000;
      time = start + ms / 1_000;
      return { start, end: time };
    });
  });

/** Times that no speech has. */
const wild = fc.oneof(
  fc.double({ min: 40, max: 1e308, noNaN: true }).map((ahead) => ({ length: 0.1, ahead })),
  fc.double({ min: 9, max: 1e308, noNaN: true }).map((length) => ({ length, ahead: 0 })),
);

/** The line with a wild time before the sound at `place`. */
function spoilt(
  spans: readonly Span[],
  place: number,
  { length, ahead }: { length: number; ahead: number },
): Span[] {
  const start = (spans[place - 1]?.end ?? 0) + ahead;
  return [...spans.slice(0, place), { start, end: start + length }, ...spans.slice(place)];
}

describe('times of a service', () => {
  it('that speech can have are passed on', () => {
    fc.assert(
      fc.property(line, (spans) => {
        expect(new PlausibleTimes().push(spans)).toEqual(spans);
      }),
      RUNS,
    );
  });

  it('that are wild are left out wherever they stand, and nothing else', () => {
    fc.assert(
      fc.property(line, fc.nat(40), wild, (spans, at, odd) => {
        const place = at % (spans.length + 1);
        expect(new PlausibleTimes().push(spoilt(spans, place, odd))).toEqual(spans);
      }),
      RUNS,
    );
  });

  it('in another unit are passed on for a repair, however they are cut', () => {
    const ms = Array.from({ length: 20 }, (_, nth): Span => ({ start: nth * 60, end: nth * 60 + 60 }));
    expect(new PlausibleTimes().push(ms)).toEqual(ms);
    const times = new PlausibleTimes();
    expect(ms.flatMap((span) => times.push([span]))).toEqual(ms);
    const short = [{ start: 0, end: 5 }, ...ms.map(({ start, end }) => ({ start: start + 5, end: end + 5 }))];
    expect(new PlausibleTimes().push(short)).toEqual(short);
  });

  it('that are wild once leave a mouth all its other sounds', () => {
    const sounds = [...'mabopu'].map(
      (ipa, nth): TimedSound => ({ ipa, start: nth / 10, end: nth / 10 + 0.1 }),
    );
    const lie: TimedSound = { ipa: 'a', start: 0.2, end: 300_000 };
    const [honest, lied] = [new PhoneMouth(), new PhoneMouth()];
    expect(lied.push([...sounds.slice(0, 2), lie, ...sounds.slice(2)])).toEqual(honest.push(sounds));
    expect(lied.end(0.7)).toEqual(honest.end(0.7));
  });
});
