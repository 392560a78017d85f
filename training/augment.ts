import { sequence } from './random.ts';

/** What a recording may go through: a room, a microphone, a line, noise. Times stay. */
export function worsen(samples: Int16Array, sampleRate: number, seed: number): Int16Array<ArrayBuffer> {
  const random = sequence(seed);
  let sound = Float32Array.from(samples, (sample) => sample / 32_768);
  if (random() < 0.5) sound = inRoom(sound, sampleRate, random);
  const shelves = 1 + Math.floor(random() * 3);
  for (let i = 0; i < shelves; i++)
    peak(sound, sampleRate, 80 * 80 ** random(), 0.4 + random(), (random() - 0.5) * 16);
  if (random() < 0.5) tilt(sound, (random() - 0.4) * 0.9);
  if (random() < 0.2) for (let i = 0; i < 3; i++) lowPass(sound, sampleRate, 3000 + 2500 * random());
  if (random() < 0.6) addNoise(sound, 8 + 37 * random(), random);
  const gain = 10 ** ((random() * 24 - 14) / 20);
  return Int16Array.from(sound, (value) => Math.round(32_767 * Math.tanh(value * gain)));
}

/** A direct sound and sparse reflections that die away. */
function inRoom(sound: Float32Array, rate: number, random: () => number): Float32Array<ArrayBuffer> {
  const decay = 0.03 + 0.1 * random();
  const strength = 0.05 + 0.35 * random();
  const out = new Float32Array(sound);
  for (let tap = 0; tap < 50; tap++) {
    const late = 0.003 + 4 * decay * (tap / 50) * (0.5 + random());
    const gain = strength * Math.exp(-late / decay) * (random() < 0.5 ? -1 : 1);
    const shift = Math.round(late * rate);
    for (let i = shift; i < out.length; i++) out[i] = out[i]! + gain * sound[i - shift]!;
  }
  return out;
}

/** A peak or dip, by the usual formulas of R. Bristow-Johnson's audio cookbook. */
function peak(sound: Float32Array, rate: number, hertz: number, q: number, decibels: number): void {
  const w = (2 * Math.PI * Math.min(hertz, 0.45 * rate)) / rate;
  const a = 10 ** (decibels / 40);
  const alpha = Math.sin(w) / (2 * q);
  const [b0, b1, b2] = [1 + alpha * a, -2 * Math.cos(w), 1 - alpha * a];
  const [a0, a1, a2] = [1 + alpha / a, -2 * Math.cos(w), 1 - alpha / a];
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let i = 0; i < sound.length; i++) {
    const x = sound[i]!;
    const y = (b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2) / a0;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    sound[i] = y;
  }
}

function tilt(sound: Float32Array, by: number): void {
  let before = 0;
  for (let i = 0; i < sound.length; i++) {
    const x = sound[i]!;
    sound[i] = x - by * before;
    before = x;
  }
}

function lowPass(sound: Float32Array, rate: number, hertz: number): void {
  const share = 1 - Math.exp((-2 * Math.PI * hertz) / rate);
  let y = 0;
  for (let i = 0; i < sound.length; i++) {
    y += share * (sound[i]! - y);
    sound[i] = y;
  }
}

/** White to brown noise, `decibels` below the sound's mean level. */
function addNoise(sound: Float32Array, decibels: number, random: () => number): void {
  let power = 0;
  for (const value of sound) power += value * value;
  const smooth = random() * 0.97;
  const level =
    Math.sqrt(power / sound.length) *
    10 ** (-decibels / 20) *
    Math.sqrt((12 * (1 - smooth * smooth)) / (1 - smooth) ** 2);
  let y = 0;
  for (let i = 0; i < sound.length; i++) {
    y += (1 - smooth) * (random() - 0.5 - y);
    sound[i] = sound[i]! + level * y;
  }
}
