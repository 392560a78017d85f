/** A zoo of rigs, made of the project's own character and of a doll: one of every kind that people bring. */
import { AVATARS } from './avatars.ts';
import type { Exhibit } from './exhibit.ts';
import { FIGURES } from './figures.ts';
import { UNNAMED } from './unnamed.ts';

export type { Exhibit, Made } from './exhibit.ts';

export const ZOO: readonly Exhibit[] = [...AVATARS, ...FIGURES, ...UNNAMED];
