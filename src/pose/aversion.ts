import { createCell, smooth } from './cell.ts';
import { MOMENT } from './moment.ts';
import { WITHIN } from './noise.ts';
import { PHRASE, type Phrasing } from './phrasing.ts';
import { SIGHT } from './sight.ts';

/*
 * Speakers look away as they begin to say something longer and back before they end it (Kendon 1967; Argyle & Cook
 * 1976: speakers look at listeners for some 40 % of the time, in glances of 1 to 3 s). Here they look away less: a player
 * who is spoken to wants to be looked at.
 */
/** How many phrases have a look away: of the first of a line, and of the others. */
const FIRST_SHARE = 0.5;
const SHARE = 0.35;
/** A shorter phrase has none, seconds. */
const SHORTEST = 1.1;
/** How long after the start of the phrase, for how long, and how long before the end it must be over, seconds. */
const AFTER = 0.08;
const LENGTH = 0.5;
const MORE_LENGTH = 0.8;
const BEFORE_END = 0.3;
/** Time in which the eyes jump, seconds. */
const JUMP = 0.05;
/** How far: 5° to 12° aside, up or down by less, radians. */
const ASIDE = 0.09;
const MORE_ASIDE = 0.12;
const UP_DOWN = 0.1;

const cell = createCell();

/** Adds a speaker's look away to a look, in the fields of `SIGHT`: a pure function of
 * `chances`, phrases and playhead. */
export function addAversion(
  look: Float64Array,
  moment: Float64Array,
  phrasing: Phrasing,
  chances: Float64Array,
): void {
  const speaking = moment[MOMENT.speaking]!;
  const playhead = moment[MOMENT.playhead]!;
  const phrase = phrasing.now;
  if (speaking === 0 || phrase >= phrasing.phraseEnd.length) return;
  const key = phrase * 5;
  if (chances[key & WITHIN]! >= (phrase === 0 ? FIRST_SHARE : SHARE)) return;
  const kind = phrasing.phraseKind[phrase]!;
  const start = phrasing.phraseStart[phrase]! + AFTER;
  const last = phrasing.phraseEnd[phrase]! - BEFORE_END;
  if (kind === PHRASE.question || kind === PHRASE.openQuestion || last - start < SHORTEST) return;
  const end = Math.min(start + LENGTH + MORE_LENGTH * chances[(key + 1) & WITHIN]!, last);
  cell[0] = playhead < end ? (playhead - start) / JUMP : (end + JUMP - playhead) / JUMP;
  smooth(cell);
  const away = cell[0]! * speaking;
  if (away === 0) return;
  const side = chances[(key + 2) & WITHIN]! < 0.5 ? -1 : 1;
  look[SIGHT.yaw] = look[SIGHT.yaw]! + away * side * (ASIDE + MORE_ASIDE * chances[(key + 3) & WITHIN]!);
  look[SIGHT.pitch] = look[SIGHT.pitch]! + away * UP_DOWN * (2 * chances[(key + 4) & WITHIN]! - 1);
}
