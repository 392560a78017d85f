import type { Cue } from '../../speech/cue.ts';
import { SHAPE_COUNT, ShapeFrames } from '../../speech/face-shapes.ts';
import type { ShapesPart } from '../../speech/part.ts';
import type { Viseme } from '../../speech/viseme.ts';
import { isObject } from '../session/json-frame.ts';

/** Frames a second, as the service documents them. */
const FPS = 60;
export const FRAME_SECONDS = 1 / FPS;

/** Places of a few shapes in a frame, in the service's order, which is ARKit's. */
const JAW_OPEN = 17;
const CLOSE = 18;
const FUNNEL = 19;
const PUCKER = 20;
const SMILE = 23;
const STRETCH = 29;
const ROLL_LOWER = 31;
const ROLL_UPPER = 32;
const PRESS = 35;
const TONGUE = 51;

/** The frames of an animation that the service has sent; what is wrong with it, where it is none. */
export function readAnimation(json: string): Omit<ShapesPart, 'type'> | string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return `an animation that is no JSON: ${json}`;
  }
  const { FrameIndex: from, BlendShapes: list } = isObject(value) ? value : {};
  if (!Number.isSafeInteger(from) || (from as number) < 0 || !Array.isArray(list))
    return `an animation without FrameIndex and BlendShapes: ${json}`;
  const frames = new Float32Array(list.length * SHAPE_COUNT);
  for (const [nth, shapes] of list.entries()) {
    const whole =
      Array.isArray(shapes) &&
      shapes.length === SHAPE_COUNT &&
      shapes.every((weight) => Number.isFinite(weight));
    if (!whole) return `a frame that is not ${SHAPE_COUNT} numbers: ${JSON.stringify(shapes)}`;
    frames.set(shapes, nth * SHAPE_COUNT);
  }
  return { fps: FPS, from: from as number, frames };
}

/** The frames of a line so far, and the visemes that they look like: for faces that cannot show them. */
export class AzureShapes {
  readonly #frames = new ShapeFrames();

  /** Throws `InputError` for more frames than a line may have. */
  add(part: Omit<ShapesPart, 'type'>): void {
    this.#frames.add(part);
  }

  /** Until when there are frames, seconds. */
  get end(): number {
    return this.#frames.count / FPS;
  }

  /** What the mouth of the frames between two moments looks like, seconds; frames that look alike are one cue. */
  cues(start: number, end: number): Cue[] {
    const cues: Cue[] = [];
    for (let at = start, next: number; at < end; at = next) {
      const frame = Math.min(Math.floor(at * FPS + 1e-6), this.#frames.count - 1);
      next = Math.min(end, Math.max((frame + 1) / FPS, at + 1e-3));
      const [viseme, weight] = lookOf(this.#frames.numbers, frame * SHAPE_COUNT);
      const last = cues.at(-1);
      if (last?.viseme === viseme)
        cues[cues.length - 1] = { ...last, end: next, weight: Math.max(last.weight, weight) };
      else cues.push({ viseme, start: at, end: next, weight });
    }
    return cues;
  }
}

/**
 * The viseme that a frame looks like, and how strongly: rules of our own, in the terms in which ARKit's documents
 * describe its shapes. Consonants of the tongue, which a mouth hardly shows, are a small opening.
 */
function lookOf(numbers: Float32Array, at: number): readonly [viseme: Viseme, weight: number] {
  const of = (shape: number): number => numbers[at + shape]!;
  const both = (left: number): number => (of(left) + of(left + 1)) / 2;
  const open = Math.max(0, of(JAW_OPEN) - of(CLOSE));
  const [pucker, funnel] = [of(PUCKER), of(FUNNEL)];
  const shut = both(PRESS) + (of(ROLL_LOWER) + of(ROLL_UPPER)) / 2;
  if (of(ROLL_LOWER) > 0.35 && of(ROLL_UPPER) < 0.2 && both(PRESS) < 0.2 && open < 0.25) return ['FF', 1];
  if (open < 0.08 && (shut > 0.25 || of(CLOSE) > 0.1)) return ['PP', 1];
  if (of(TONGUE) > 0.25) return ['TH', 1];
  if (pucker > 0.4) return open > 0.25 ? ['O', most(open / 0.4)] : ['U', most(pucker / 0.8)];
  if (funnel > 0.35) return open > 0.15 ? ['O', most(open / 0.4)] : ['CH', most(funnel / 0.5)];
  if (open > 0.3) return ['aa', most(open / 0.6)];
  if (both(STRETCH) > 0.3 || both(SMILE) > 0.3) return ['I', most(open / 0.15)];
  if (open > 0.15) return ['E', most(open / 0.3)];
  return open > 0.05 ? ['DD', 0.6] : ['sil', 1];
}

/** A weight that is seen, and none above 1. */
function most(weight: number): number {
  return Math.min(1, Math.max(0.3, weight));
}
