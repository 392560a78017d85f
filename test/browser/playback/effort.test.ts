/** How hard a voice tries, as it is heard. */
import { describe, expect, it } from 'vitest';
import { EFFORTS, type EffortName, effortLow, effortTreble } from '../../../src/speech/effort.ts';
import { toneGain } from '../../kit/speech-spectrum.ts';
import { decibels, Hall } from './hall.ts';
import { CONTEXT_RATE, peak, steepest } from './offline.ts';

function sine(seconds: number, hz: number): Int16Array<ArrayBuffer> {
  return Int16Array.from({ length: seconds * 24_000 }, (_, index) =>
    Math.round(9_000 * Math.sin((2 * Math.PI * hz * index) / 24_000)),
  );
}

/** Level at `metres`, against that of a normal voice there. */
async function louder(effort: EffortName, metres: number, hz: number): Promise<number> {
  const [normal, other] = await Promise.all(
    ['normal' as const, effort].map(async (name) => {
      const hall = await Hall.create({ seconds: 1 });
      const speaker = await hall.speaker(hall.ahead(metres));
      speaker.voice.setEffort(EFFORTS[name]);
      hall.say(speaker, sine(1, hz));
      return (await hall.render()).loudness(0.4, 0.9).both;
    }),
  );
  return decibels(other! / normal!);
}

const toneOf = (effort: EffortName, hz: number) =>
  decibels(toneGain(hz, effortLow(EFFORTS[effort]), effortTreble(EFFORTS[effort])));

describe('a voice', () => {
  it.each([
    ['soft', 200],
    ['soft', 6_000],
    ['raised', 200],
    ['raised', 6_000],
    ['shout', 200],
    ['shout', 6_000],
  ] as const)('that is %s is heard from 20 m by so much more or less, at %s Hz', async (effort, hz) => {
    expect(Math.abs((await louder(effort, 20, hz)) - EFFORTS[effort] - toneOf(effort, hz))).toBeLessThan(0.3);
  });

  it('is no louder up close than it was recorded, but softer where it is soft', async () => {
    expect(Math.abs((await louder('shout', 1, 400)) - toneOf('shout', 400))).toBeLessThan(0.3);
    expect(Math.abs((await louder('whisper', 1, 400)) + 15 - toneOf('whisper', 400))).toBeLessThan(0.3);
  });

  it('that gets louder as it speaks does not click', async () => {
    const hall = await Hall.create({ seconds: 2 });
    const speaker = await hall.speaker(hall.ahead(10));
    hall.say(speaker, sine(2, 300));
    const { left } = await hall.render([
      ...hall.frames(50, 0.4, 0.99),
      hall.at(1, () => speaker.voice.setEffort(EFFORTS.shout)),
      ...hall.frames(50, 1.02, 1.9),
    ]);
    const own = steepest(left.subarray(1.6 * CONTEXT_RATE, 1.9 * CONTEXT_RATE));
    expect(steepest(left.subarray(0.5 * CONTEXT_RATE, 1.9 * CONTEXT_RATE))).toBeLessThanOrEqual(own * 1.25);
    expect(
      peak(left, 1.6 * CONTEXT_RATE) / peak(left, 0.5 * CONTEXT_RATE, 0.9 * CONTEXT_RATE),
    ).toBeGreaterThan(4);
  });
});
