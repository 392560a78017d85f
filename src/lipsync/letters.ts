import type { Cue } from '../speech/cue.ts';
import type { Viseme } from '../speech/viseme.ts';

/** A letter that is being spoken from a moment on, as the Lokutor protocol tells it. */
export interface LetterEvent {
  /** The letter or sound; upper or lower case, `sil` for silence. */
  readonly letter: string;
  /** UTF-16 index of the letter in the text as given; -1 where the service does not say. */
  readonly index: number;
  /** Seconds from the line's first audio sample. */
  readonly time: number;
}

/**
 * A shape; `hold`: none of its own, the shape before it goes on; `fade`: not known, the shape before it goes on
 * weaker.
 */
type Shape = Viseme | 'hold' | 'fade';

/**
 * Letters by the phoneme column of Meta's viseme reference table; `h` is a breath and makes no shape.
 * The protocol's own set is a e i o u m p b f v t d s z l n r k g sil; the others are letters as they are written.
 */
const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['sil', 'sil'],
  ['', 'sil'],
  ['a', 'aa'],
  ['e', 'E'],
  ['i', 'I'],
  ['y', 'I'],
  ['o', 'O'],
  ['u', 'U'],
  ['w', 'U'],
  ['m', 'PP'],
  ['p', 'PP'],
  ['b', 'PP'],
  ['f', 'FF'],
  ['v', 'FF'],
  ['t', 'DD'],
  ['d', 'DD'],
  ['s', 'SS'],
  ['z', 'SS'],
  ['ç', 'SS'],
  ['ß', 'SS'],
  ['l', 'nn'],
  ['n', 'nn'],
  ['r', 'RR'],
  ['k', 'kk'],
  ['g', 'kk'],
  ['c', 'kk'],
  ['q', 'kk'],
  ['x', 'kk'],
  ['j', 'CH'],
  ['h', 'hold'],
]);

const SPACE_OR_MARK = /^[\s\p{P}\p{S}]+$/u;

/** What of the spelling decides a sound: this many letters from the one that is spoken. */
const REACH = 4;

/**
 * Sounds that a single letter does not tell: spelling from the spoken letter on, the letters that a service may send
 * for the sound, and the shape. The first that fits decides.
 */
const SPELLINGS: readonly { spelling: RegExp; sent: string; shape: Shape }[] = [
  { spelling: /^th/, sent: 'td', shape: 'TH' },
  { spelling: /^[cs]h/, sent: 'cszt', shape: 'CH' }, // Not k: that is the ch of "chorus".
  { spelling: /^ph/, sent: 'pf', shape: 'FF' },
  { spelling: /^[jg]/, sent: 'sz', shape: 'CH' }, // An s sound on j or g: "jam", "gentle".
  { spelling: /^t(?:u|ch|i[aou])/, sent: 'sz', shape: 'CH' }, // "nature", "catch", "nation".
  { spelling: /^(?:ss?|c|x)i[aou]|^ssu|^sure|^cean/, sent: 'scz', shape: 'CH' }, // "special", "pressure", "ocean".
  { spelling: /^c[eiy]/, sent: 'c', shape: 'SS' },
];

/** The shape of a letter, read from the text around it where one letter is not enough. */
function shapeOf({ letter, index }: LetterEvent, text: string): Shape {
  const sent = letter.trim().toLowerCase();
  const plain = SHAPES.has(sent) ? sent : sent.normalize('NFD').charAt(0);
  const spelled = index < 0 ? '' : text.slice(index, index + REACH).toLowerCase();
  if (
    spelled.startsWith('h') &&
    plain !== 'h' &&
    text[index - 1]?.toLowerCase() === 't' &&
    'td'.includes(plain)
  ) {
    return 'TH'; // The index may name the second letter of "th".
  }
  if (plain.length === 1) {
    for (const rule of SPELLINGS) {
      if (rule.sent.includes(plain) && rule.spelling.test(spelled)) return rule.shape;
    }
  }
  return SHAPES.get(plain) ?? (SPACE_OR_MARK.test(sent) ? 'sil' : 'fade');
}

/** Longest time a shape stands without news, seconds: longer than any sound of fluent speech; then the mouth rests. */
const LONGEST_SOUND = 0.5;

/** How much of a shape is left when an unknown letter follows it. */
const FADE = 0.5;

/**
 * Turns letters with start times, as they stream in, into cues. Each cue lasts to the next event, so it is given out
 * when that comes. Events may come in any order; a late one is moved to the latest moment already told.
 */
export class LetterCues {
  readonly #text: string;
  #open: Cue | undefined;
  #latest = 0;

  /** `text` is the one that the events' indexes mean. */
  constructor(text: string) {
    this.#text = text;
  }

  /** The cues that these events complete, in rising order. */
  push(events: readonly LetterEvent[]): Cue[] {
    const cues: Cue[] = [];
    for (const event of events.toSorted((a, b) => a.time - b.time)) {
      this.#latest = Math.max(this.#latest, event.time);
      const shape = shapeOf(event, this.#text);
      if (shape === 'hold') continue;
      if (shape === 'fade') this.#fade(cues);
      else this.#begin(shape, 1, event.index, cues);
    }
    return cues;
  }

  /** The last cue, now that the line is known to last `duration` seconds. */
  end(duration: number): Cue[] {
    const cues: Cue[] = [];
    this.#close(Math.max(duration, 0), cues);
    return cues;
  }

  #begin(viseme: Viseme, weight: number, from: number, cues: Cue[]): void {
    const start = this.#latest;
    this.#close(start, cues);
    this.#open = { viseme, start, end: start, weight, ...(from >= 0 && { from }) };
  }

  #fade(cues: Cue[]): void {
    if (this.#open) this.#begin(this.#open.viseme, this.#open.weight * FADE, this.#open.from ?? -1, cues);
  }

  #close(time: number, cues: Cue[]): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open || time <= open.start) return;
    const longest = open.viseme === 'sil' ? time : open.start + LONGEST_SOUND;
    cues.push({ ...open, end: Math.min(time, longest) });
  }
}
