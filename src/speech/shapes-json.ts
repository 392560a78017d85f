import { type FaceShapes, SHAPE_COUNT, ShapeFrames } from './face-shapes.ts';
import type { Field } from './field.ts';

/**
 * Frames of a face as `line.json` holds them: `frames` is base64 of 16-bit integers, low byte first, each a number of
 * a frame times 10,000.
 */
export interface ShapesJson {
  readonly fps: number;
  readonly frames: string;
}

const SCALE = 10_000;
const MOST = 32_767;

/** Bytes that become text at once. */
const PIECE = 8_190;

export function toShapesJson({ fps, frames }: FaceShapes): ShapesJson {
  const bytes = new Uint8Array(frames.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of frames.entries()) {
    view.setInt16(index * 2, Math.max(-MOST, Math.min(MOST, Math.round(value * SCALE))), true);
  }
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE)));
  }
  return { fps, frames: text };
}

/** Throws `InputError`, which names the place, for what is no such thing. */
export function readShapes(field: Field): FaceShapes {
  const fps = field.get('fps').number(1, 240);
  const text = field.get('frames');
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(atob(text.text()), (letter) => letter.charCodeAt(0));
  } catch {
    throw text.wrong('base64');
  }
  if (bytes.length % (2 * SHAPE_COUNT) !== 0) throw text.wrong(`${SHAPE_COUNT} numbers of 16 bits a frame`);
  const view = new DataView(bytes.buffer);
  const frames = Float32Array.from(
    { length: bytes.length / 2 },
    (_, index) => view.getInt16(index * 2, true) / SCALE,
  );
  const whole = new ShapeFrames();
  whole.add({ fps, from: 0, frames });
  return whole.shapes ?? { fps, frames };
}
