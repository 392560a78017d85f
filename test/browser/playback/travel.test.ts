import { describe, expect, it } from 'vitest';
import { READING, READING_LENGTH } from '../../../src/clock/gap-map.ts';
import type { TravelTime } from '../../../src/playback/space-settings.ts';
import { decibels, Hall } from './hall.ts';
import { CONTEXT_RATE, peak, steepest, tone } from './offline.ts';

/** Metres that sound goes in a second. */
const SPEED = 343;

const HZ = 400;

/** Milliseconds: later than the readings of the page's own time, which an offline context does not follow. */
const MUCH_LATER = 1e9;

/** A plain tone, 24,000 a second. */
function sine(seconds: number): Int16Array<ArrayBuffer> {
  return Int16Array.from({ length: seconds * 24_000 }, (_, index) => {
    return Math.round(9_000 * Math.sin((2 * Math.PI * HZ * index) / 24_000));
  });
}

/** Frame of the first sample that is clearly sound. */
function onset(signal: Float32Array): number {
  const loud = peak(signal) / 100;
  return signal.findIndex((sample) => Math.abs(sample) > loud);
}

/** Frequency of a tone, from the times at which it rises through zero. */
function pitch(signal: Float32Array, from: number, to: number): number {
  const crossings: number[] = [];
  for (let frame = Math.round(from * CONTEXT_RATE); frame < Math.round(to * CONTEXT_RATE); frame++) {
    const [before, after] = [signal[frame]!, signal[frame + 1]!];
    if (before < 0 && after >= 0) crossings.push(frame - before / (after - before));
  }
  return ((crossings.length - 1) * CONTEXT_RATE) / (crossings.at(-1)! - crossings[0]!);
}

function cut(signal: Float32Array, from: number, to: number): Float32Array {
  return signal.subarray(Math.round(from * CONTEXT_RATE), Math.round(to * CONTEXT_RATE));
}

describe('the time that sound takes', () => {
  it('is 343 metres a second where it is asked for, and none else', async () => {
    const frames: number[] = [];
    for (const travelTime of ['off', 'sound', 'sound-and-mouth'] as const) {
      const hall = await Hall.create({ travelTime, maxDistance: 200 });
      hall.say(await hall.speaker(hall.ahead(34.3)), tone(1, 24_000));
      frames.push(onset((await hall.render()).left));
    }
    const [off, sound, both] = frames;
    expect(Math.abs(sound! - off! - (34.3 / SPEED) * CONTEXT_RATE)).toBeLessThanOrEqual(1);
    expect(both).toBe(sound);
  });

  it('follows a walker without a click, and hardly moves the pitch', async () => {
    const hall = await Hall.create({ travelTime: 'sound', maxDistance: 2, seconds: 3 });
    const speaker = await hall.speaker(hall.ahead(5));
    hall.say(speaker, sine(3));
    const walk = hall.frames(60, 1, 2, (seconds) => {
      speaker.node.position.z = 5 + 4 * (seconds - 1);
    });
    const { left } = await hall.render(walk);
    expect(pitch(left, 0.3, 0.95)).toBeCloseTo(HZ, 1);
    expect(pitch(left, 1.4, 1.95) / HZ).toBeCloseTo(1 - 4 / SPEED, 3);
    expect(pitch(left, 2.6, 2.95)).toBeCloseTo(HZ, 1);
    expect(steepest(cut(left, 0.95, 2.9))).toBeLessThanOrEqual(steepest(cut(left, 0.3, 0.95)) * 1.03);
  });

  it('never moves the pitch by more than half a semitone, however fast it goes', async () => {
    for (const speed of [15, 60, 300]) {
      const hall = await Hall.create({ travelTime: 'sound', minDistance: 100, maxDistance: 200, seconds: 3 });
      const speaker = await hall.speaker(hall.ahead(5));
      hall.say(speaker, sine(3));
      const ride = hall.frames(30, 1, 1.5, (seconds) => {
        speaker.node.position.z = 5 + speed * (seconds - 1);
      });
      const { left } = await hall.render([...ride, ...hall.frames(30, 1.5, 2.9)]);
      expect(steepest(cut(left, 0.95, 2.9))).toBeLessThanOrEqual(steepest(cut(left, 0.3, 0.95)) * 1.06);
      expect(pitch(left, 2.4, 2.9)).toBeCloseTo(HZ, 1);
    }
  });

  it.each([
    [3, 60],
    [60, 3],
  ])('jumps from %s to %s metres without a chirp or a click', async (from, to) => {
    const hall = await Hall.create({ travelTime: 'sound', minDistance: 100, maxDistance: 200 });
    const speaker = await hall.speaker(hall.ahead(from));
    hall.say(speaker, sine(2));
    const jump = hall.at(1, () => {
      speaker.node.position.z = to;
    });
    const { left } = await hall.render([...hall.frames(60, 0.5, 1), jump, ...hall.frames(60, 1.02, 1.6)]);
    const itself = steepest(cut(left, 0.4, 0.95));
    expect(steepest(cut(left, 0.95, 1.6))).toBeLessThanOrEqual(itself * 1.001);
    for (let at = 1.12; at < 1.6; at += 0.05) expect(pitch(left, at, at + 0.05)).toBeCloseTo(HZ, 1);
    expect(decibels(peak(cut(left, 1.15, 1.6)) / peak(cut(left, 0.4, 0.95)))).toBeCloseTo(0, 1);
  });

  it('leaves nothing of a line to be heard in the next, from however far that comes', async () => {
    const hall = await Hall.create({ travelTime: 'sound', maxDistance: 200, seconds: 3 });
    const speaker = await hall.speaker(hall.ahead(2));
    hall.say(speaker, tone(0.5, 24_000));
    const begin = 1.6;
    const { left } = await hall.render([
      ...hall.frames(20, 0.1, 1.5),
      {
        atSeconds: begin,
        act: () => {
          speaker.node.position.z = 120;
          hall.say(speaker, tone(0.5, 24_000));
        },
      },
    ]);
    expect(peak(cut(left, 1.1, begin + 120 / SPEED))).toBe(0);
    expect(peak(cut(left, begin + 120 / SPEED, 2.9))).toBeGreaterThan(0);
  });
});

describe('the mouth of a voice from afar', () => {
  it.each([
    ['off', 0],
    ['sound', 0],
    ['sound-and-mouth', 34.3 / SPEED],
  ] satisfies [TravelTime, number][])('with %s is %s seconds late', async (travelTime, late) => {
    const hall = await Hall.create({ travelTime });
    const { clock } = hall.host;
    const speaker = await hall.speaker(hall.ahead(34.3));
    hall.update();
    const line = speaker.voice.begin({ sampleRate: 24_000 });
    line.push(tone(2, 24_000));
    line.end();
    const reading = new Float64Array(READING_LENGTH);
    const behind: number[] = [];
    const read = () => {
      const { currentTime } = hall.host.context;
      const latency = { outputTime: undefined, outputMs: undefined, outputLatency: 0, baseLatency: 0 };
      const nowMs = MUCH_LATER + 1000 * currentTime;
      clock.handleReading({ running: true, nowMs, currentTime, ...latency });
      line.readAt(nowMs, reading);
      behind.push(currentTime - reading[READING.line]!);
    };
    await hall.render(hall.frames(20, 0.5, 1.5, read));
    const [first] = behind;
    for (const seconds of behind) expect(seconds).toBeCloseTo(first!, 3);
    expect(first! - late).toBeGreaterThan(-1e-6);
    expect(first! - late).toBeLessThan(0.01); // The line begins within a few blocks.
  });
});
