import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measure } from '../../bench/visemes/measures.ts';
import { CURVE, FAULTS, UNHEARD } from '../../bench/visemes/mouths.ts';
import { type Spoken, speakSentences } from '../../bench/visemes/spoken.ts';
import { unmet } from '../../bench/visemes/verdict.ts';
import { loadFace, type MeasuredFace } from '../../kit/character-file.ts';

/** Sentences of `npm run bench:visemes`: a few for every run, most of them for the long one. */
const COUNT = process.env.PARLEY_LONG ? 120 : 12;
const STEP = process.env.PARLEY_LONG ? 1 : 17;

let face: MeasuredFace;
let sentences: readonly Spoken[];

beforeAll(async () => {
  [face, sentences] = await Promise.all([loadFace('mira'), speakSentences(COUNT, 3, STEP)]);
}, 60_000);
afterAll(() => face?.dispose());

describe('the mouth of spoken sentences', () => {
  it.each([CURVE, UNHEARD])('does all that is asked of it: $name', (maker) => {
    expect(unmet(measure(face, sentences, maker))).toEqual([]);
  });

  it.each(FAULTS)('is found wanting with a planted fault: $name', (maker) => {
    expect(unmet(measure(face, sentences, maker))).not.toEqual([]);
  });
});
