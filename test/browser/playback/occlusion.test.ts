/** What stands in the way of a voice, and the back of a head, as they are heard. */
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { describe, expect, it } from 'vitest';
import { type Occlusion, occludedLow, occludedTreble } from '../../../src/playback/occlusion.ts';
import { toneGain } from '../../kit/speech-spectrum.ts';
import { decibels, Hall } from './hall.ts';
import { CONTEXT_RATE, difference, peak, steepest, tone } from './offline.ts';

/** Something that the test puts in the way and takes away. */
class Screen implements Occlusion {
  amount = 0;
  asked = 0;
  between(): number {
    this.asked++;
    return this.amount;
  }
}

/** A plain tone, 24,000 a second. */
function sine(seconds: number, hz: number): Int16Array<ArrayBuffer> {
  return Int16Array.from({ length: seconds * 24_000 }, (_, index) =>
    Math.round(9_000 * Math.sin((2 * Math.PI * hz * index) / 24_000)),
  );
}

/** A tone before, behind and again before a screen of so much, and what is heard of it at the left ear. */
async function throughScreen(hz: number, amount: number, hrtfVoices = 0): Promise<Float32Array> {
  const screen = new Screen();
  const hall = await Hall.create({ seconds: 3, occlusion: screen, hrtfVoices });
  hall.say(await hall.speaker(hall.ahead(2)), sine(3, hz));
  const set = (seconds: number, to: number) =>
    hall.at(seconds, () => {
      screen.amount = to;
    });
  const { left } = await hall.render([
    ...hall.frames(50, 0.3, 0.99),
    set(1, amount),
    ...hall.frames(50, 1.02, 1.99),
    set(2, 0),
    ...hall.frames(50, 2.02, 2.9),
  ]);
  return left;
}

function cut(signal: Float32Array, from: number, to: number): Float32Array {
  return signal.subarray(Math.round(from * CONTEXT_RATE), Math.round(to * CONTEXT_RATE));
}

describe('a voice behind something', () => {
  it.each([
    [200, 1],
    [800, 1],
    [3_000, 1],
    [7_000, 1],
    [3_000, 0.4],
  ])('of %s Hz is softer as a wall lets it through, for %s of one, and comes back', async (hz, amount) => {
    const left = await throughScreen(hz, amount);
    const before = peak(cut(left, 0.5, 0.95));
    const expected = decibels(toneGain(hz, occludedLow(amount), occludedTreble(amount)));
    expect(Math.abs(decibels(peak(cut(left, 1.5, 1.95)) / before) - expected)).toBeLessThan(0.6);
    expect(decibels(peak(cut(left, 2.7, 2.95)) / before)).toBeCloseTo(0, 1);
  });

  it.each([0, 1])('never clicks, with %s voices by HRTF, and is muffled alike', async (hrtfVoices) => {
    for (const hz of [300, 2_000]) {
      const left = await throughScreen(hz, 1, hrtfVoices);
      const itself = steepest(cut(left, 0.5, 0.95));
      expect(steepest(cut(left, 0.95, 2.95))).toBeLessThanOrEqual(itself * 1.01);
      // The bend of the curve, where a step of the slope would show.
      const bend = (part: Float32Array) =>
        steepest(part.map((sample, at) => sample - (part[at - 1] ?? sample)).subarray(1));
      expect(bend(cut(left, 0.95, 2.95))).toBeLessThanOrEqual(bend(cut(left, 0.5, 0.95)) * 1.05);
      const behind = decibels(peak(cut(left, 1.5, 1.95)) / peak(cut(left, 0.5, 0.95)));
      expect(Math.abs(behind - decibels(toneGain(hz, occludedLow(1), occludedTreble(1))))).toBeLessThan(0.6);
    }
  });

  it('takes about 150 ms to get there and back', async () => {
    const left = await throughScreen(3_000, 1);
    const before = peak(cut(left, 0.5, 0.95));
    expect(peak(cut(left, 1.02, 1.05)) / before).toBeGreaterThan(0.4);
    expect(peak(cut(left, 1.17, 1.2)) / before).toBeLessThan(0.15);
    expect(peak(cut(left, 2.17, 2.2)) / before).toBeGreaterThan(0.9);
  });

  it('is muffled from its first sample', async () => {
    const screen = new Screen();
    screen.amount = 1;
    const hall = await Hall.create({ occlusion: screen });
    const speaker = await hall.speaker(hall.ahead(2));
    const [near, far] = [
      hall.at(0.5, () => {}),
      { atSeconds: 0.6, act: () => hall.say(speaker, sine(1, 3_000)) },
    ];
    const { left } = await hall.render([near, far]);
    expect(peak(cut(left, 0.5, 0.7))).toBeLessThanOrEqual(peak(cut(left, 1.2, 1.5)) * 1.02);
    expect(peak(cut(left, 1.2, 1.5))).toBeGreaterThan(0);
  });

  it('is the same to the bit where nothing is in the way', async () => {
    const heard = await Promise.all(
      [new Screen(), undefined].map(async (occlusion) => {
        const hall = await Hall.create(occlusion ? { occlusion } : {});
        hall.say(await hall.speaker(hall.ahead(2)), tone(2, 24_000));
        return (await hall.render(hall.frames(20, 0.1, 1.9))).left;
      }),
    );
    expect(difference(heard[0]!, 0, heard[1]!, 0, heard[1]!.length)).toBe(0);
  });

  it('is asked for only while it is heard, the nearest most, for two voices a frame', async () => {
    const screen = new Screen();
    const asked = new Map<number, number>();
    const hall = await Hall.create({
      occlusion: {
        between: (_ears, mouth) => {
          asked.set(mouth.z, (asked.get(mouth.z) ?? 0) + 1);
          return screen.between();
        },
      },
    });
    const speakers = await Promise.all([1, 2, 4, 8].map((metres) => hall.speaker(hall.ahead(metres))));
    for (const speaker of speakers) hall.say(speaker, tone(1, 24_000));
    screen.asked = 0;
    asked.clear();
    const counts: number[] = [];
    await hall.render([
      ...hall.frames(50, 0.2, 1, () => counts.push(screen.asked)),
      ...hall.frames(50, 1.4, 1.9, () => counts.push(screen.asked)),
    ]);
    expect(counts[30]! - counts[10]!).toBe(40);
    expect(counts.at(-1)).toBe(counts.at(-10)); // All have ended.
    const each = [1, 2, 4, 8].map((z) => asked.get(z)!);
    expect(each[0]).toBeGreaterThan(1.5 * each[1]!);
    expect(each[3]).toBeGreaterThan(2);
  });
});

describe('a back turned', () => {
  it.each([
    [200, -7.5, 0.5],
    [6_000, -15.5, 0.5],
  ])('takes of %s Hz %s dB', async (hz, expected, within) => {
    const hall = await Hall.create({ cone: {}, seconds: 3 });
    const speaker = await hall.speaker(hall.ahead(3));
    speaker.node.rotation.y = Math.PI; // Looks at the camera.
    hall.say(speaker, sine(3, hz));
    const turn = hall.at(1, () => speaker.node.rotation.set(0, 0, 0));
    const back = hall.at(2, () => speaker.node.rotation.set(0, Math.PI, 0));
    const { left } = await hall.render([
      turn,
      ...hall.frames(50, 1.02, 1.9),
      back,
      ...hall.frames(50, 2.02, 2.9),
    ]);
    const before = peak(cut(left, 0.5, 0.95));
    expect(Math.abs(decibels(peak(cut(left, 1.5, 1.95)) / before) - expected)).toBeLessThan(within);
    expect(decibels(peak(cut(left, 2.7, 2.95)) / before)).toBeCloseTo(0, 1);
    const itself = steepest(cut(left, 0.5, 0.95));
    expect(steepest(cut(left, 0.95, 2.95))).toBeLessThanOrEqual(itself * 1.01);
  });

  it('is heard as well by HRTF', async () => {
    const loudness: number[] = [];
    for (const yaw of [Math.PI, 0]) {
      const hall = await Hall.create({ cone: {}, hrtfVoices: 1, seconds: 1.5 });
      const speaker = await hall.speaker(new Vector3(1, 0, 3));
      speaker.node.rotation.y = yaw;
      hall.say(speaker, sine(1.5, 6_000));
      loudness.push((await hall.render()).loudness(0.5, 1.4).both);
    }
    expect(decibels(loudness[1]! / loudness[0]!)).toBeLessThan(-13);
  });
});

describe('a voice that flies past', () => {
  it('keeps its pitch', async () => {
    const hall = await Hall.create({ maxDistance: 3 });
    const speaker = await hall.speaker(new Vector3(2, 0, -30));
    hall.say(speaker, sine(2, 400));
    const { left } = await hall.render(
      hall.frames(60, 0.4, 1.6, (seconds) => {
        speaker.node.position.z = -30 + 50 * (seconds - 0.4);
      }),
    );
    const rises: number[] = [];
    for (let at = 0.5 * CONTEXT_RATE; at < 1.5 * CONTEXT_RATE; at++)
      if (left[at]! < 0 && left[at + 1]! >= 0) rises.push(at - left[at]! / (left[at + 1]! - left[at]!));
    for (let from = 0; from + 40 < rises.length; from += 40)
      expect((40 * CONTEXT_RATE) / (rises[from + 40]! - rises[from]!) / 400).toBeCloseTo(1, 3);
  });
});
