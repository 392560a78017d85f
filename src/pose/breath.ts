import { createCell, smooth } from './cell.ts';
import { CHANNEL } from './channels.ts';
import { MOMENT } from './moment.ts';
import type { Phrasing } from './phrasing.ts';

const { chestPitch: CHEST_PITCH, jawOpen: JAW_OPEN } = CHANNEL;

/*
 * Speakers draw breath before they begin and in their longer pauses; a breath in speech takes 0.3 to 0.7 s, and what
 * was drawn goes with the phrase (Conrad & Schönle 1979; Grosjean & Collins 1979: pauses with a breath are longer than
 * 0.3 s).
 */
/** A pause of this length and above has a breath, seconds. */
const PAUSE = 0.3;
const IN = 0.45;
/** What was drawn is spent within this time, seconds of line time. */
const OUT = 1.6;
/** How far the chest goes up, radians (about 1.3°). */
const CHEST = 0.022;
/** How far the lips part for it. */
const LIPS = 0.05;

const cell = createCell();

/**
 * Adds the breath before a line and in its pauses to the pose: chest up, lips apart where nothing is said.
 * Allocates nothing.
 */
export function addBreath(pose: Float32Array, moment: Float64Array, phrasing: Phrasing): void {
  const playhead = moment[MOMENT.playhead]!;
  cell[0] = moment[MOMENT.waited]! / IN;
  smooth(cell);
  const before = cell[0]!;
  if (playhead === 0) {
    pose[CHEST_PITCH] = pose[CHEST_PITCH]! + CHEST * before;
    pose[JAW_OPEN] = pose[JAW_OPEN]! + LIPS * before;
    return;
  }
  const { phraseStart, phraseEnd } = phrasing;
  cell[0] = playhead / OUT;
  smooth(cell);
  let drawn = before * (1 - cell[0]!);
  let lips = 0;
  for (let phrase = phrasing.now; phrase > 0; phrase--) {
    if (phrase >= phraseStart.length) continue;
    const start = phraseStart[phrase]!;
    const pause = start - phraseEnd[phrase - 1]!;
    if (start + OUT <= playhead) break;
    if (pause < PAUSE) continue;
    const since = playhead - start;
    // Drawn before the phrase, spent in it.
    cell[0] = since < 0 ? 1 + since / Math.min(pause, IN) : 1 - since / OUT;
    smooth(cell);
    if (since < 0) lips = cell[0]!;
    drawn = Math.max(drawn, cell[0]!);
  }
  pose[CHEST_PITCH] = pose[CHEST_PITCH]! + CHEST * drawn * moment[MOMENT.speaking]!;
  pose[JAW_OPEN] = pose[JAW_OPEN]! + LIPS * lips;
}
