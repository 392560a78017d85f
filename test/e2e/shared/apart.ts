/** How far apart two players hear the same line. */
import type { Recorded, Shown } from './page.ts';

/** How far from real time the pace between two frames may be, where they are taken for a straight line. */
const STEADY = 0.15;

/** By how much of line time the first is ahead of the second at the same moment, milliseconds, at each frame of the first. */
export function playheadsApart(first: readonly Shown[], second: readonly Shown[]): number[] {
  const apart: number[] = [];
  let next = 1;
  for (const [wallMs, place] of first) {
    while (next < second.length && second[next]![0] < wallMs) next++;
    const before = second[next - 1];
    const after = second[next];
    if (!before || !after || before[0] > wallMs) continue;
    // Over a stall, or the place where one came back to the others, nothing lies between two frames.
    const pace = (1_000 * (after[1] - before[1])) / (after[0] - before[0]);
    if (Math.abs(pace - 1) > STEADY) continue;
    const into = (wallMs - before[0]) / (after[0] - before[0]);
    apart.push(1_000 * (place - (before[1] + into * (after[1] - before[1]))));
  }
  return apart;
}

/** What is looked at, milliseconds: a stretch of sound once in so long, and how far off it is looked for. */
const STRETCH_MS = 400;
const EVERY_MS = 700;
const FARTHEST_MS = 100;

/** Rate at which stretches are compared, Hz. */
const RATE = 11_025;

/** Stretches that are less alike are no measure: silence, and sound that one of them stretches. */
const LIKE = 0.6;

/** The same by the sound itself: by how much the second is later, milliseconds, of each stretch that can be told. */
export function soundsApart(first: Recorded, second: Recorded): number[] {
  const [one, other] = [new Heard(first), new Heard(second)];
  const apart: number[] = [];
  const untilMs = Math.min(one.endMs, other.endMs) - STRETCH_MS - FARTHEST_MS;
  for (let ms = Math.max(one.startMs, other.startMs) + FARTHEST_MS; ms < untilMs; ms += EVERY_MS) {
    const [lagMs, likeness] = bestLag(one.from(ms, STRETCH_MS), (lag) => other.from(ms + lag, STRETCH_MS));
    if (likeness > LIKE) apart.push(lagMs);
  }
  return apart;
}

function bestLag(stretch: Float32Array, at: (lagMs: number) => Float32Array): [number, number] {
  const around = at(-FARTHEST_MS);
  const steps = Math.round((2 * FARTHEST_MS * RATE) / 1_000);
  const wide = new Float32Array(stretch.length + steps);
  wide.set(around);
  wide.set(at(FARTHEST_MS), steps);
  let best: [number, number] = [0, 0];
  for (let step = 0; step <= steps; step++) {
    let [product, ones, others] = [0, 0, 0];
    for (let index = 0; index < stretch.length; index++) {
      const a = stretch[index]!;
      const b = wide[index + step]!;
      product += a * b;
      ones += a * a;
      others += b * b;
    }
    const likeness = ones > 0.5 && others > 0.5 ? product / Math.sqrt(ones * others) : 0;
    if (likeness > best[1]) best = [(step / RATE) * 1_000 - FARTHEST_MS, likeness];
  }
  return best;
}

/** A recording over the machine's time. */
class Heard {
  readonly #samples: Int16Array;
  readonly #recorded: Recorded;

  constructor(recorded: Recorded) {
    this.#recorded = recorded;
    const bytes = Buffer.from(recorded.samples, 'base64');
    this.#samples = new Int16Array(new Uint8Array(bytes).buffer);
  }

  get startMs(): number {
    return this.#recorded.heard[0]![1];
  }

  get endMs(): number {
    return this.#recorded.heard.at(-1)![1];
  }

  /** A stretch at {@link RATE}, -1 to 1. */
  from(ms: number, lengthMs: number): Float32Array {
    const { heard, sampleRate } = this.#recorded;
    const nth = Math.max(0, heard.findIndex(([, at]) => at > ms) - 1);
    const [sample, at] = heard[nth]!;
    const start = sample + ((ms - at) / 1_000) * sampleRate;
    const step = sampleRate / RATE;
    return Float32Array.from({ length: Math.round((lengthMs / 1_000) * RATE) }, (_, index) => {
      const middle = Math.round(start + index * step);
      let sum = 0;
      for (let near = 0; near < 4; near++) sum += this.#samples[middle + near] ?? 0;
      return sum / 4 / 32_768;
    });
  }
}

/** So many of the hundred smallest: 50 is the median, 95 what 95 of 100 stay below. Of magnitudes. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.map(Math.abs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((percent / 100) * sorted.length))] ?? Number.NaN;
}
