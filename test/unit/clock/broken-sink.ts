import type { ClockReading } from '../../../src/clock/clock-reading.ts';
import { device, type Moment, randomOf } from './device.ts';

/** Until when the broken sink drops out and lies, milliseconds of performance time. */
export const BREAKS_UNTIL_MS = 11_000;

/** The longest of its dropouts, seconds. */
const LONGEST = 0.15;

/** 16 s of a sink under load: for 11 s it runs at 0.86 of real time, in dropouts, and one reading in eight is a lie. */
export function brokenSink(seed: number): Moment[] {
  const random = randomOf(seed);
  const dropouts: [number, number][] = [];
  for (let at = 2; at < BREAKS_UNTIL_MS / 1000; ) {
    const length = LONGEST * random() ** 2;
    dropouts.push([at, length]);
    at += length + length * 6 * (0.5 + random());
  }
  return device({ seconds: 16, dropouts, noiseMs: 0.3, seed, spoil: lie });
}

function lie(reading: ClockReading, random: () => number): ClockReading {
  if (reading.nowMs > BREAKS_UNTIL_MS || random() > 1 / 8) return reading;
  const lies: Partial<ClockReading>[] = [
    { outputLatency: 7.8, outputTime: reading.currentTime - 7.8 },
    { outputTime: Number.NaN, currentTime: Number.NaN },
    { outputTime: 0, outputMs: 0 },
    { outputTime: reading.outputTime! - 0.3 * random() },
    { outputTime: reading.outputTime! + 0.3 * random() },
    { outputMs: reading.outputMs! - 400 },
  ];
  return { ...reading, ...lies[Math.floor(random() * lies.length)] };
}
