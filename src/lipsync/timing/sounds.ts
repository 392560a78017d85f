/**
 * The sounds that the model tells apart, in the order of its outputs: ARPAbet where English has them, and what other
 * languages add: `dx` taps and flaps, `rr` a trilled and `rh` an uvular r, `x` as in "Bach", `bh` lips that only come near,
 * `a` `e` `o` pure vowels of other languages, `yu` and `oe` front rounded ones, `ux` back unrounded ones.
 */
export const SOUNDS = (
  'pau p b bh m f v th dh t d dx k g ch jh sh zh s z n ng l r er rr rh hh x w y ' +
  'aa ae ah ax eh e ih iy ao o uh uw yu oe ux'
).split(' ');

/** Number of sounds. */
export const SOUND_COUNT = SOUNDS.length;

const INDEX: ReadonlyMap<string, number> = new Map(SOUNDS.map((id, index) => [id, index]));

/** Index of silence. */
export const SILENCE = 0;

/** Phones that are made of other sounds than one of their own name; of diphthongs the first takes 60 %. */
const MADE_OF: Readonly<Record<string, string>> = {
  em: 'm',
  en: 'n',
  nx: 'n',
  ny: 'n',
  el: 'l',
  ly: 'l',
  axr: 'er',
  ix: 'ih',
  hv: 'hh',
  h: 'hh',
  wh: 'w',
  rt: 'dx',
  cc: 'sh',
  a: 'aa',
  ey: 'e ih',
  ay: 'aa ih',
  oy: 'ao ih',
  ow: 'o uh',
  aw: 'aa uh',
};

const MADE = new Map<string, readonly number[]>();
for (const id of SOUNDS) MADE.set(id, [INDEX.get(id)!]);
for (const [id, sounds] of Object.entries(MADE_OF))
  MADE.set(
    id,
    sounds.split(' ').map((sound) => INDEX.get(sound)!),
  );

/** Indexes of the sounds that a phone is made of, one or two; silence for a phone that nobody knows. */
export function soundsOf(phone: string): readonly number[] {
  return MADE.get(phone) ?? [SILENCE];
}
