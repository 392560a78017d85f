import type { Angle, Channel, FacePart } from '../../pose/channels.ts';
import type { Viseme } from '../../speech/viseme.ts';

type Stem<Part> = Part extends `${infer S}Left` ? (`${S}Right` extends FacePart ? S : never) : never;
/** A part that has two sides, by its name without one: a target that moves both. */
export type BothSides = Exclude<Stem<FacePart>, 'jaw' | 'mouth'>;
/** What one target may stand for. */
export type Shape = Exclude<Channel, Angle> | BothSides;

/** How the makers of some kind of character name its morph targets. */
export interface Scheme {
  /** Short name, as it stands in reports. */
  readonly id: string;
  readonly title: string;
  /** For each shape, the names that its target may have, best first; a list in the list is moved together. */
  readonly names: Readonly<Partial<Record<Shape, readonly (string | readonly string[])[]>>>;
  /** What may stand before each of the names. Default: nothing. */
  readonly prefixes?: readonly string[];
  /** Visemes as mixes of targets that are none by themselves: name and weight. */
  readonly mixes?: Readonly<Partial<Record<Viseme, Readonly<Record<string, number>>>>>;
  /** Names that must all be there, after one and the same prefix: for names so plain that they prove nothing alone. */
  readonly needs?: readonly string[];
  /** A target must have the whole name, but for a namespace or what all targets begin with. Default: the end will do. */
  readonly whole?: boolean;
  /** Upper and lower case are different names. */
  readonly exact?: boolean;
}
