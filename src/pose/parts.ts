import { FACE_PARTS, type FacePart } from './channels.ts';

type Stem<Part> = Part extends `${infer S}Left` ? S : never;

/** A part of the face, or the common name of its two sides: `mouthSmile` is `mouthSmileLeft` and `mouthSmileRight`. */
export type PartName = FacePart | Stem<FacePart>;

const PARTS: ReadonlySet<string> = new Set(FACE_PARTS);

/** The parts that a name stands for: one, or both sides. None for a name that is no part. */
export function partsOf(name: string): readonly FacePart[] {
  const names = PARTS.has(name) ? [name] : [`${name}Left`, `${name}Right`];
  return names.filter((part): part is FacePart => PARTS.has(part));
}
