import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HrtfData } from '../../../src/playback/hrtf-data.ts';
import { hrtfDelayAt } from '../../../src/playback/hrtf-delay.ts';
import { decibels, Hall } from './hall.ts';
import { CONTEXT_RATE, peak } from './offline.ts';

/** Rates of devices, and two that only games ask for. */
const RATES = [16_000, 22_050, 32_000, 44_100, 48_000, 96_000];

/** Directions: right, up, and ahead. */
const DIRECTIONS = [
  [0, 0, 1],
  [0, 0, -1],
  [1, 0, 0],
  [-1, 0, 0],
  [0.7, 0, 0.7],
  [-0.7, 0, -0.7],
  [0, 1, 0],
] as const;

/** Has the browser load its HRTF data at every rate, and keep it. */
let keepers: HrtfData[];

beforeAll(async () => {
  keepers = RATES.map((rate) => new HrtfData(new OfflineAudioContext(1, 1, rate)));
  await vi.waitUntil(() => keepers.map((keeper) => keeper.look()).every(Boolean), { timeout: 40_000 });
});
afterAll(() => {
  for (const keeper of keepers) keeper.dispose();
});

/** What the browser's panner makes of an impulse at frame 0. */
async function response(rate: number, [x, y, ahead]: readonly [number, number, number]) {
  const context = new OfflineAudioContext(2, 4_096, rate);
  const buffer = new AudioBuffer({ length: 1, sampleRate: rate });
  buffer.getChannelData(0)[0] = 1;
  const source = new AudioBufferSourceNode(context, { buffer });
  const place = { positionX: x, positionY: y, positionZ: -ahead, rolloffFactor: 0 };
  source.connect(new PannerNode(context, { panningModel: 'HRTF', ...place })).connect(context.destination);
  source.start();
  const heard = await context.startRendering();
  return [heard.getChannelData(0), heard.getChannelData(1)] as const;
}

function sine(seconds: number, hz: number): Int16Array<ArrayBuffer> {
  return Int16Array.from({ length: seconds * 24_000 }, (_, index) =>
    Math.round(9_000 * Math.sin((2 * Math.PI * hz * index) / 24_000)),
  );
}

/** Frame of the loudest sample. */
function peakOf(signal: Float32Array): number {
  return signal.reduce((best, sample, at) => (Math.abs(sample) > Math.abs(signal[best]!) ? at : best), 0);
}

describe("the time that the browser's HRTF takes", () => {
  it.each(RATES)('is known at %i Hz', async (rate) => {
    const ms: number[] = [];
    for (const direction of DIRECTIONS) {
      const [left, right] = await response(rate, direction);
      ms.push(((peakOf(left) + peakOf(right)) / 2 / rate - hrtfDelayAt(rate)) * 1_000);
    }
    const rounded = ms.map((value) => value.toFixed(2)).join(', ');
    console.log(`${rate} Hz: ${(1_000 * hrtfDelayAt(rate)).toFixed(2)} ms, and by direction ${rounded}`);
    expect(Math.abs(ms[0]!)).toBeLessThan(0.1);
    for (const off of ms) expect(Math.abs(off)).toBeLessThan(0.3);
    expect(Number.isInteger(Math.round(1e6 * hrtfDelayAt(rate) * rate) / 1e6)).toBe(true);
  });
});

/** Seconds of the line at which its one click is. */
const CLICK = 0.5;

function click(): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(24_000);
  samples[CLICK * 24_000] = 30_000;
  return samples;
}

describe('a voice by equal power and one by HRTF', () => {
  it.each([
    ['equal power', 'off', 9],
    ['HRTF', 'off', 1],
    ['HRTF', 'sound-and-mouth', 1],
  ] as const)('shows its mouth when it is heard, by %s, travel time %s', async (how, travelTime, metres) => {
    const hall = await Hall.create({ hrtfVoices: 1, travelTime, seconds: 1.2 });
    hall.say(await hall.speaker(hall.ahead(3)), new Int16Array(24_000)); // Takes HRTF where it is nearer.
    const speaker = await hall.speaker(hall.ahead(metres));
    hall.say(speaker, click());
    const { left, right } = await hall.render(hall.frames(30, 0.1, 0.4));
    expect(speaker.voice.byHrtf).toBe(how === 'HRTF');
    const { line, clock } = speaker.voice.player;
    const made = line!.gapMap.contextTimeAt(CLICK)!;
    for (const ear of [left, right]) {
      const heard = peakOf(ear) / CONTEXT_RATE;
      expect(Math.abs(heard - made - clock.delaySeconds)).toBeLessThan(0.0002);
    }
  });

  it.each([110, 250, 417, 600, 917])('are one voice while one fades into the other, at %i Hz', async (hz) => {
    const hall = await Hall.create({ hrtfVoices: 1 });
    const speaker = await hall.speaker(hall.ahead(2));
    const other = await hall.speaker(hall.ahead(3));
    hall.say(other, new Int16Array(48_000));
    hall.say(speaker, sine(2, hz));
    const { left } = await hall.render(
      hall.frames(60, 0.3, 1.9, (seconds) => {
        other.node.position.z = seconds > 0.7 && seconds < 1.3 ? 0.5 : 3;
      }),
    );
    const period = Math.ceil(CONTEXT_RATE / hz);
    const loudness = (from: number, to: number) => {
      const levels: number[] = [];
      for (let at = from * CONTEXT_RATE; at < to * CONTEXT_RATE; at += period) {
        levels.push(peak(left, Math.round(at), Math.round(at) + period));
      }
      return levels;
    };
    const standing = Math.min(...loudness(0.5, 0.68), ...loudness(1, 1.28), ...loudness(1.6, 1.8));
    const least = Math.min(...loudness(0.68, 1), ...loudness(1.28, 1.6));
    expect(decibels(least / standing)).toBeGreaterThan(-1);
  });
});
