import type { Viseme } from '../../../src/speech/viseme.ts';
import type { Glb } from './glb.ts';
import { lipsOf, portrait, renameTargets, sweep } from './reshape.ts';

/** A rig of the zoo, as a file. */
export interface Made {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Middle of the closed lips, in the space of the file's scene. */
  readonly mouth: readonly [number, number, number];
  /** How much larger than life the file is. */
  readonly size: number;
}

/** What is in the zoo, and the truth about it. */
export interface Exhibit {
  readonly name: string;
  /** The first scheme of its report. */
  readonly scheme: string;
  /** Where its visemes come from, but for silence and closed lips; `own` means that those named are its own. */
  readonly own: readonly Viseme[] | 'all';
  readonly rest: 'solved' | 'missing';
  readonly problems: readonly string[];
  /** Whether anything moves when it speaks. */
  readonly speaks: boolean;
  make(character: Uint8Array): Made | Promise<Made>;
}

const VISEMES15 = ['sil', 'PP', 'FF', 'TH', 'DD', 'kk', 'CH', 'SS', 'nn', 'RR', 'aa', 'E', 'I', 'O', 'U'];
export const FIVE: readonly Viseme[] = ['aa', 'E', 'I', 'O', 'U'];

/** Whoever has no names for other parts has neither a blink nor shapes for a gaze; the eyes are nodes all the same. */
export const NO_BLINK = ['no-blink'];

export const finish = (glb: Glb, size = 1, mouth = lipsOf(glb)): Made => ({
  bytes: sweep(glb).pack(),
  mouth,
  size,
});

/** Only the 15 visemes, called as `names` has them in their order. */
export const visemesAs = (names: readonly (string | undefined)[]) => (character: Uint8Array) => {
  const byName = new Map(VISEMES15.map((viseme, index) => [`viseme_${viseme}`, names[index]]));
  return finish(renameTargets(portrait(character), (name) => byName.get(name)));
};

/** Only the targets of `names`, called so. */
export const onlyAs = (names: Readonly<Record<string, string>>) => (character: Uint8Array) =>
  finish(renameTargets(portrait(character), (name) => names[name]));

export const isViseme = (name: string): boolean => name.startsWith('viseme_');
