import { createCell, smooth } from './cell.ts';
import { CHANNEL } from './channels.ts';
import { MOMENT } from './moment.ts';
import { PHRASE, type Phrasing } from './phrasing.ts';

const {
  headPitch: HEAD_PITCH,
  headRoll: HEAD_ROLL,
  browInnerUp: BROW_INNER_UP,
  browOuterUpLeft: BROW_OUTER_UP_LEFT,
  browOuterUpRight: BROW_OUTER_UP_RIGHT,
  browDownLeft: BROW_DOWN_LEFT,
  browDownRight: BROW_DOWN_RIGHT,
} = CHANNEL;

/*
 * Speakers nod and lift their brows on words that carry weight, within about 100 ms of the stressed syllable (Hadar et
 * al. 1983; Graf et al. 2002; Swerts & Krahmer 2008).
 */
/** An accent begins this long before its word, seconds. */
const BEFORE = 0.08;
const RISE = 0.14;
const FALL = 0.32;
/** A nod goes down by this much at most, radians (about 2.6°). */
const NOD = 0.045;
const BROW = 0.22;

/*
 * Brows go up in questions for yes or no, and together in those for a who or what (Ekman 1979); the head goes up or
 * aside with them.
 */
/** A question shows this long before its end, and goes in so long after it, seconds. */
const ASKING = 0.8;
const ASKED = 0.5;
const QUESTION_BROW = 0.4;
const QUESTION_FROWN = 0.22;
const QUESTION_PITCH = 0.03;
const QUESTION_ROLL = 0.035;

const cell = createCell();

/** Adds the nods and brow lifts of a spoken line to the pose, as far as the character speaks. Allocates nothing. */
export function addAccents(pose: Float32Array, moment: Float64Array, phrasing: Phrasing): void {
  const playhead = moment[MOMENT.playhead]!;
  const amount = moment[MOMENT.speaking]!;
  if (amount === 0) return;
  const { accentStart, accentWeight, accentBrow } = phrasing;
  let low = 0;
  let high = accentStart.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (accentStart[middle]! - BEFORE + RISE + FALL > playhead) high = middle;
    else low = middle + 1;
  }
  let nod = 0;
  let brow = 0;
  for (let i = low; i < accentStart.length && accentStart[i]! - BEFORE < playhead; i++) {
    const since = playhead - (accentStart[i]! - BEFORE);
    // It has risen before it falls.
    cell[0] = since < RISE ? since / RISE : (RISE + FALL - since) / FALL;
    smooth(cell);
    const weight = accentWeight[i]! * cell[0]!;
    if (weight > nod) nod = weight;
    if (accentBrow[i] === 1 && weight > brow) brow = weight;
  }
  pose[HEAD_PITCH] = pose[HEAD_PITCH]! - NOD * nod * amount;
  cell[0] = BROW * brow * amount;
  liftBrows(pose);
  addQuestion(pose, moment, phrasing);
}

function addQuestion(pose: Float32Array, moment: Float64Array, phrasing: Phrasing): void {
  const playhead = moment[MOMENT.playhead]!;
  const { phraseStart, phraseEnd, phraseKind } = phrasing;
  let phrase = phrasing.now;
  while (phrase > 0 && phraseEnd[phrase - 1]! > playhead - ASKED) phrase--;
  if (phrase >= phraseEnd.length) return;
  const kind = phraseKind[phrase]!;
  if (kind !== PHRASE.question && kind !== PHRASE.openQuestion) return;
  const end = phraseEnd[phrase]!;
  const from = Math.max(phraseStart[phrase]!, end - ASKING);
  cell[0] = playhead < end ? (playhead - from) / (end - from) : (end + ASKED - playhead) / ASKED;
  smooth(cell);
  const amount = cell[0]! * moment[MOMENT.speaking]!;
  if (kind === PHRASE.question) {
    cell[0] = QUESTION_BROW * amount;
    liftBrows(pose);
    pose[HEAD_PITCH] = pose[HEAD_PITCH]! + QUESTION_PITCH * amount;
  } else {
    pose[BROW_DOWN_LEFT] = pose[BROW_DOWN_LEFT]! + QUESTION_FROWN * amount;
    pose[BROW_DOWN_RIGHT] = pose[BROW_DOWN_RIGHT]! + QUESTION_FROWN * amount;
    pose[HEAD_ROLL] = pose[HEAD_ROLL]! + QUESTION_ROLL * amount;
  }
}

/** Lifts the brows by what is in the cell. */
function liftBrows(pose: Float32Array): void {
  const by = cell[0]!;
  pose[BROW_INNER_UP] = pose[BROW_INNER_UP]! + by;
  pose[BROW_OUTER_UP_LEFT] = pose[BROW_OUTER_UP_LEFT]! + 0.6 * by;
  pose[BROW_OUTER_UP_RIGHT] = pose[BROW_OUTER_UP_RIGHT]! + 0.6 * by;
}
