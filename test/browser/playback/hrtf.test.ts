import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HrtfData } from '../../../src/playback/hrtf-data.ts';
import { decibels, type Ears, Hall, speechNoise } from './hall.ts';
import { CONTEXT_RATE, steepest, tone } from './offline.ts';

const SECONDS = 1;

/** Directions as the listener has them: metres to the right, up, and ahead. */
const DIRECTIONS = {
  ahead: [0, 0, 2],
  behind: [0, 0, -2],
  left: [-2, 0, 0],
  right: [2, 0, 0],
  above: [0, 2, 0],
  'ahead on the left': [-1.4, 0, 1.4],
  'behind on the left': [-1.4, 0, -1.4],
} as const;
type Direction = keyof typeof DIRECTIONS;

/** Level in third octaves from 200 Hz to 12 kHz at the left ear, then the right, decibels. */
function spectrum({ left, right }: Ears): number[] {
  return [left, right].flatMap((ear) => {
    const power = powers(ear.subarray(0.2 * CONTEXT_RATE));
    const bands: number[] = [];
    for (let hz = 200; hz < 12_000; hz *= 2 ** (1 / 3)) {
      const [from, to] = [hz, hz * 2 ** (1 / 3)].map((edge) => Math.round(edge / HZ_A_BIN));
      bands.push(10 * Math.log10(power.subarray(from, to).reduce((sum, value) => sum + value, 0) + 1e-12));
    }
    return bands;
  });
}

const BLOCK = 4_096;
const HZ_A_BIN = CONTEXT_RATE / BLOCK;

/** Power spectrum, the mean of half-overlapping blocks. */
function powers(signal: Float32Array): Float64Array {
  const sum = new Float64Array(BLOCK / 2);
  for (let at = 0; at + BLOCK <= signal.length; at += BLOCK / 2) {
    const real = Float64Array.from({ length: BLOCK }, (_, index) => {
      return signal[at + index]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * index) / BLOCK));
    });
    const imaginary = new Float64Array(BLOCK);
    transform(real, imaginary);
    for (let bin = 0; bin < sum.length; bin++) sum[bin]! += real[bin]! ** 2 + imaginary[bin]! ** 2;
  }
  return sum;
}

/** Fast Fourier transform in place, of a power of two. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let index = 1, swapped = 0; index < size; index++) {
    let bit = size >> 1;
    for (; swapped & bit; bit >>= 1) swapped ^= bit;
    swapped ^= bit;
    if (index < swapped) {
      [real[index], real[swapped]] = [real[swapped]!, real[index]!];
      [imaginary[index], imaginary[swapped]] = [imaginary[swapped]!, imaginary[index]!];
    }
  }
  for (let span = 2; span <= size; span *= 2) {
    for (let start = 0; start < size; start += span) {
      for (let step = 0; step < span / 2; step++) {
        const [c, s] = [Math.cos((2 * Math.PI * step) / span), -Math.sin((2 * Math.PI * step) / span)];
        const [a, b] = [start + step, start + step + span / 2];
        const [x, y] = [real[b]! * c - imaginary[b]! * s, real[b]! * s + imaginary[b]! * c];
        [real[b], imaginary[b]] = [real[a]! - x, imaginary[a]! - y];
        [real[a], imaginary[a]] = [real[a]! + x, imaginary[a]! + y];
      }
    }
  }
}

/** Root mean square of the differences of two spectra, decibels. */
function apart(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, level, index) => sum + (level - b[index]!) ** 2, 0) / a.length);
}

/** What the browser itself makes of a direction, straight from its panner. */
async function reference(direction: Direction): Promise<number[]> {
  const [x, y, ahead] = DIRECTIONS[direction];
  const context = new OfflineAudioContext(2, SECONDS * CONTEXT_RATE, CONTEXT_RATE);
  const samples = Float32Array.from(speechNoise(SECONDS, CONTEXT_RATE), (sample) => sample / 32_768);
  const buffer = new AudioBuffer({ length: samples.length, sampleRate: CONTEXT_RATE });
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  const place = { positionX: x, positionY: y, positionZ: -ahead, rolloffFactor: 0 };
  source.connect(new PannerNode(context, { panningModel: 'HRTF', ...place })).connect(context.destination);
  source.start();
  const heard = await context.startRendering();
  return level(spectrum({ left: heard.getChannelData(0), right: heard.getChannelData(1) } as Ears));
}

/** What a scene makes of it. */
async function rendered(direction: Direction, rightHanded: boolean, pose: (hall: Hall) => void = () => {}) {
  const hall = await Hall.create({ seconds: SECONDS, hrtfVoices: 1, rightHanded, rolloffFactor: 0 });
  const speaker = await hall.speaker();
  pose(hall);
  hall.camera.computeWorldMatrix();
  const [right, up, ahead] = DIRECTIONS[direction];
  // As the picture has it: what the camera draws on the right is on the right.
  const toWorld = hall.camera.getViewMatrix(true).clone().invert();
  const place = new Vector3(right, up, rightHanded ? -ahead : ahead);
  Vector3.TransformCoordinatesToRef(place, toWorld, speaker.node.position);
  hall.say(speaker, speechNoise(SECONDS, 24_000));
  expect(speaker.voice.byHrtf).toBe(true);
  return level(spectrum(await hall.render()));
}

/** Without the loudness of the whole. */
function level(bands: readonly number[]): number[] {
  const mean = bands.reduce((sum, band) => sum + band, 0) / bands.length;
  return bands.map((band) => band - mean);
}

/** Nearest of the browser's own directions, by spectrum. */
function nearest(heard: readonly number[], references: ReadonlyMap<Direction, number[]>): Direction {
  return [...references].sort((a, b) => apart(heard, a[1]) - apart(heard, b[1]))[0]![0];
}

async function allReferences(): Promise<Map<Direction, number[]>> {
  const references = new Map<Direction, number[]>();
  for (const direction of Object.keys(DIRECTIONS) as Direction[])
    references.set(direction, await reference(direction));
  return references;
}

/** Has the browser load its HRTF data, and keep it. */
let keeper: HrtfData;

beforeAll(async () => {
  keeper = new HrtfData(new OfflineAudioContext(1, 1, CONTEXT_RATE));
  await vi.waitUntil(() => keeper.look(), { timeout: 20_000 });
});
afterAll(() => keeper.dispose());

describe('a voice by HRTF', () => {
  it('comes from ahead, behind, left, right and above in scenes of both hands', async () => {
    const references = await allReferences();
    const lines: string[] = [];
    for (const direction of references.keys()) {
      const left = await rendered(direction, false);
      const right = await rendered(direction, true);
      lines.push(
        `${direction}: ${apart(left, right).toFixed(2)} dB between the hands, ` +
          `${apart(left, references.get(direction)!).toFixed(2)} dB from the panner itself`,
      );
      expect(apart(left, right)).toBeLessThan(0.5);
      expect(nearest(left, references)).toBe(direction);
      expect(nearest(right, references)).toBe(direction);
    }
    const [ahead, behind] = [await rendered('ahead', false), await rendered('behind', true)];
    expect(apart(ahead, behind)).toBeGreaterThan(2);
    console.log(
      [...lines, `ahead, left-handed, from behind, right-handed: ${apart(ahead, behind).toFixed(2)} dB`].join(
        '\n',
      ),
    );
  });

  it.each([false, true])(
    'stays there whichever way the camera looks, right-handed scene: %s',
    async (rightHanded) => {
      const references = await allReferences();
      for (const direction of references.keys()) {
        const heard = await rendered(direction, rightHanded, ({ camera }) => {
          camera.position.set(3, 1, -2);
          camera.upVector = new Vector3(0.5, 0.8, 0.1).normalize(); // Rolled.
          camera.setTarget(new Vector3(4, 2.5, 7)); // Looks up and aside.
        });
        expect(nearest(heard, references)).toBe(direction);
      }
    },
  );

  it('is as loud as by equal power, all around', async () => {
    const differences: number[] = [];
    for (let turn = 0; turn < 12; turn++) {
      const angle = (turn * Math.PI) / 6;
      const loudness: number[] = [];
      for (const hrtfVoices of [0, 1]) {
        const hall = await Hall.create({ seconds: SECONDS, hrtfVoices });
        const speaker = await hall.speaker(new Vector3(Math.sin(angle), 0, Math.cos(angle)));
        hall.say(speaker, speechNoise(SECONDS, 24_000));
        loudness.push((await hall.render()).loudness(0.3, 0.9).both);
      }
      differences.push(decibels(loudness[1]! / loudness[0]!));
    }
    const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
    expect(Math.abs(mean)).toBeLessThan(0.3);
    for (const value of differences) expect(Math.abs(value)).toBeLessThan(1.5);
  });
});

/** Largest change of slope from sample to sample, from `from` to `to` seconds: what is heard of a click. */
function kink(signal: Float32Array, from: number, to: number): number {
  let most = 0;
  for (let frame = Math.round(from * CONTEXT_RATE); frame < Math.round(to * CONTEXT_RATE); frame++) {
    most = Math.max(most, Math.abs(signal[frame]! - 2 * signal[frame - 1]! + signal[frame - 2]!));
  }
  return most;
}

function sine(seconds: number): Int16Array<ArrayBuffer> {
  return Int16Array.from({ length: seconds * 24_000 }, (_, index) =>
    Math.round(9_000 * Math.sin((2 * Math.PI * 400 * index) / 24_000)),
  );
}

/** A sound of as many tones as speech, that is the same again every 10 ms: how loud it is tells nothing but the gain. */
function buzz(seconds: number): Int16Array<ArrayBuffer> {
  const period = Array.from({ length: 240 }, (_, at) => {
    let sum = 0;
    for (let tone = 1; tone <= 50; tone++) {
      const level = 1 / (1 + (tone / 8) ** 1.5);
      sum += level * Math.sin((2 * Math.PI * tone * at) / 240 + tone * tone);
    }
    return 2_500 * sum;
  });
  return Int16Array.from({ length: seconds * 24_000 }, (_, at) => Math.round(period[at % 240]!));
}

/** A tone around the listener by the browser's own panner, at `turns` radians a second from the first second on. */
async function byPannerNode(turns: number): Promise<Float32Array> {
  const context = new OfflineAudioContext(2, 3 * CONTEXT_RATE, CONTEXT_RATE);
  const tone = new OscillatorNode(context, { frequency: 400 });
  const panner = new PannerNode(context, { panningModel: 'HRTF', rolloffFactor: 0, positionZ: -2 });
  for (let at = 1; at < 3; at += 1 / 60) {
    panner.positionX.setTargetAtTime(2 * Math.sin(turns * (at - 1)), at, 0.015);
    panner.positionZ.setTargetAtTime(-2 * Math.cos(turns * (at - 1)), at, 0.015);
  }
  tone.connect(panner).connect(context.destination);
  tone.start();
  return (await context.startRendering()).getChannelData(0);
}

describe('a voice by HRTF that moves', () => {
  it.each([0.3, 1.5, 6])('goes round at %s radians a second without a click', async (turns) => {
    const hall = await Hall.create({ hrtfVoices: 1, seconds: 3 });
    const speaker = await hall.speaker(hall.ahead(2));
    hall.say(speaker, sine(3));
    const { left } = await hall.render([
      ...hall.frames(60, 0.5, 1),
      ...hall.frames(60, 1, 2.9, (seconds) => {
        const angle = turns * (seconds - 1);
        speaker.node.position.set(2 * Math.sin(angle), 0, 2 * Math.cos(angle));
      }),
    ]);
    expect(speaker.voice.byHrtf).toBe(true);
    const itself = kink(left, 0.3, 0.95);
    expect(kink(left, 0.95, 2.9)).toBeLessThan(3 * itself);
    const panner = await byPannerNode(turns);
    expect(kink(panner, 0.95, 2.9)).toBeGreaterThan(8 * kink(panner, 0.3, 0.95)); // What it is for.
  });

  it('is heard from where it has gone', async () => {
    const hall = await Hall.create({ hrtfVoices: 1 });
    const speaker = await hall.speaker(new Vector3(2, 0, 0));
    hall.say(speaker);
    const heard = await hall.render(
      hall.frames(60, 0.2, 1.9, (seconds) => {
        if (seconds > 1) speaker.node.position.x = -2;
      }),
    );
    const [right, left] = [heard.loudness(0.3, 0.95), heard.loudness(1.2, 1.9)];
    expect(decibels(right.right / right.left)).toBeGreaterThan(3);
    expect(decibels(left.left / left.right)).toBeGreaterThan(3);
  });

  it("goes on by equal power while the game moves the engine's own listener, which makes HRTF click", async () => {
    const hall = await Hall.create({ hrtfVoices: 1 });
    const speaker = await hall.speaker(new Vector3(1, 0, 2));
    const { listener } = hall.host.engine;
    hall.say(speaker, sine(2));
    expect(speaker.voice.byHrtf).toBe(true);
    const states: boolean[] = [];
    const { left } = await hall.render(
      hall.frames(60, 0.5, 1.9, (seconds) => {
        if (seconds > 1) {
          listener.position.x = seconds;
          listener.rotationQuaternion = Quaternion.RotationYawPitchRoll(seconds - 1, 0, 0);
          if (seconds > 1.2) listener.update(); // The game's sounds hear it; ours are by equal power by then.
        }
        states.push(speaker.voice.byHrtf);
      }),
    );
    expect([states[0], states.at(-1)]).toEqual([true, false]);
    expect(kink(left, 0.7, 1.9)).toBeLessThan(3 * kink(left, 0.3, 0.5));
  });
});

describe('the change between equal power and HRTF', () => {
  it.each([[[0.7]], [[0.7, 1.2]], [[0.7, 0.73, 0.76]]])(
    'makes no step larger than the signal has itself: at %j s',
    async (changes) => {
      const hall = await Hall.create({ hrtfVoices: 1 });
      const far = await hall.speaker(new Vector3(-1.5, 0, 1));
      const near = await hall.speaker(new Vector3(0, 0, -1));
      hall.say(near, new Int16Array(48_000 * 2)); // Takes the one HRTF with silence.
      expect(near.voice.byHrtf).toBe(true);
      hall.say(far, tone(2, 24_000, 400));
      expect(far.voice.byHrtf).toBe(false);
      const heard = await hall.render(
        hall.frames(60, 0.3, 1.95, (seconds) => {
          const changed = changes.filter((at) => seconds >= at).length;
          near.node.position.z = changed % 2 === 1 ? -9 : -0.5;
        }),
      );
      expect(far.voice.byHrtf).toBe(changes.length % 2 === 1);
      for (const ear of [heard.left, heard.right]) {
        const cut = (from: number, to: number) => ear.subarray(from * CONTEXT_RATE, to * CONTEXT_RATE);
        const itself = Math.max(steepest(cut(0.2, 0.69)), steepest(cut(1, 1.19)), steepest(cut(1.5, 1.9)));
        expect(steepest(cut(0.69, 1))).toBeLessThanOrEqual(itself * 1.001);
        expect(steepest(cut(1.19, 1.5))).toBeLessThanOrEqual(itself * 1.001);
      }
    },
  );

  it.each([0, 60, 100, 170])(
    'is no louder or softer by more than 1 dB in 10 ms, %s degrees aside',
    async (degrees) => {
      const hall = await Hall.create({ hrtfVoices: 1 });
      const angle = (degrees * Math.PI) / 180;
      const speaker = await hall.speaker(new Vector3(2 * Math.sin(angle), 0, 2 * Math.cos(angle)));
      hall.say(speaker, buzz(2));
      const states = new Set<boolean>();
      const heard = await hall.render(
        hall.frames(50, 0.2, 1.9, (at) => {
          speaker.voice.mayHaveHrtf = at < 0.6 || at > 1.2;
          states.add(speaker.voice.byHrtf);
        }),
      );
      expect(states.size).toBe(2);
      const levels = Array.from({ length: 150 }, (_, step) =>
        decibels(heard.loudness(0.3 + step / 100, 0.31 + step / 100).both),
      );
      const slopes = levels.slice(1).map((level, step) => Math.abs(level - levels[step]!));
      const [byHrtf, byPower] = [levels[10]!, levels[60]!];
      console.log(
        `${degrees} degrees: ${(byHrtf - byPower).toFixed(2)} dB apart, at most ${Math.max(...slopes).toFixed(2)} dB in 10 ms`,
      );
      expect(Math.max(...slopes)).toBeLessThan(1.05); // One, and what another version of the browser may add to it.
    },
  );

  it('goes to the voice that comes nearer, and leaves two at the same distance alone', async () => {
    const hall = await Hall.create({ hrtfVoices: 1 });
    const first = await hall.speaker(new Vector3(-2, 0, 1));
    const second = await hall.speaker(new Vector3(2, 0, 1));
    hall.say(first);
    hall.say(second);
    const owners: string[] = [];
    const look = () =>
      owners.push([first, second].map(({ voice }) => (voice.byHrtf ? 'HRTF' : '-')).join(' '));
    await hall.render([
      ...hall.frames(60, 0.2, 0.6, (seconds) => {
        // Both waver about the same distance.
        first.node.position.x = -2 - 0.2 * Math.sin(40 * seconds);
        second.node.position.x = 2 + 0.2 * Math.cos(40 * seconds);
        look();
      }),
      hall.at(0.7, () => {
        second.node.position.x = 0.5;
      }),
      hall.at(0.8, () => {}),
      hall.at(0.9, look),
    ]);
    expect(new Set(owners.slice(0, -1))).toEqual(new Set(['HRTF -']));
    expect(owners.at(-1)).toBe('- HRTF');
  });

  it('frees the place of a voice that has ended', async () => {
    const hall = await Hall.create({ hrtfVoices: 1 });
    const near = await hall.speaker(new Vector3(0, 0, 1));
    const far = await hall.speaker(new Vector3(0, 0, 5));
    hall.say(near, tone(0.3, 24_000));
    hall.say(far);
    await hall.render(hall.frames(20, 0.2, 1));
    expect([near.voice.byHrtf, far.voice.byHrtf]).toEqual([false, true]);
  });
});
