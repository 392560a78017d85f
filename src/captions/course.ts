import type { WordMark } from '../speech/cue.ts';
import { READ_PER_SECOND, SAID_PER_SECOND, staysUntil } from './pace.ts';
import type { CaptionRoom } from './phrases.ts';
import { CaptionScript } from './script.ts';

/** What a caption has to know of a line. */
export interface Spoken {
  readonly text: string;
  readonly words: readonly WordMark[];
  /** Line time heard, seconds; 0 before the first sample. */
  readonly playhead: number;
  readonly ended: boolean;
  /** `finished`, `stopped`, `failed`, or one of those before them. */
  readonly state: string;
}

/** The last of a stopped line: what interrupts it is not a pause. */
export const DASH = '\u2014';
/** What is shown of a voice whose words nobody tells, as of a live stream. */
export const UNTOLD = '\u2026';

/** A phrase as it stands on the screen. */
export interface ShownPhrase {
  /** Place in the script of its first character. */
  readonly from: number;
  readonly text: string;
}

/**
 * How the caption of a line goes: not there before it is heard, then the phrase that is spoken, then for as long as it
 * takes to read, then over. A line that is stopped shows what was heard of it; one that fails goes on in reading pace.
 */
export class CaptionCourse {
  readonly script: CaptionScript;
  readonly #line: Spoken;
  /** How many words have begun. */
  #begun = 0;
  #phrase = -1;
  /** Places in the script: up to where it has been said, and where the word that is heard begins. */
  #said = 0;
  #word = 0;
  #shownAt = 0;
  #endedAt = Number.NaN;
  /** Where a line that failed was then. */
  #failedAt = 0;
  #cut: number | undefined;
  #over = false;
  #shown: ShownPhrase = { from: 0, text: '' };

  constructor(line: Spoken, room: CaptionRoom) {
    this.#line = line;
    this.script = new CaptionScript(room);
  }

  /** Number of the phrase that is shown; -1 where none is. */
  get phrase(): number {
    return this.#over ? -1 : this.#phrase;
  }

  /** Since when that phrase is shown, seconds. */
  get shownAt(): number {
    return this.#shownAt;
  }

  /** Place in the script up to which it has been said. */
  get said(): number {
    return this.#said;
  }

  /** Place at which the word that is heard begins; that of {@link said} where no word is. */
  get word(): number {
    return this.#word;
  }

  /** Place at which it was stopped. */
  get cut(): number | undefined {
    return this.#cut;
  }

  /** Whether all of it has been said, so that it is there only to be read. */
  get lingers(): boolean {
    return (
      !Number.isNaN(this.#endedAt) && (this.#line.state !== 'failed' || this.#said >= this.script.text.length)
    );
  }

  /** Whether there is nothing more to be shown. */
  get over(): boolean {
    return this.#over;
  }

  /** Whether the voice has no text. */
  get untold(): boolean {
    return this.script.text.trim() === '';
  }

  /** The phrase as it is shown: rows parted, and a dash where it was stopped. */
  get shown(): ShownPhrase {
    return this.#shown;
  }

  /** Fits it to another room. */
  fit(room: CaptionRoom): void {
    this.script.fit(room);
    if (this.#phrase < 0) return;
    this.#phrase = Math.max(0, this.script.phraseAt(this.#word));
    this.#renew();
  }

  /** One step, at `now`, seconds. Allocates only when something new is shown. */
  update(now: number): void {
    if (this.#over) return;
    if (this.script.read(this.#line.text) && this.#phrase >= 0) this.#renew();
    if (Number.isNaN(this.#endedAt)) {
      if (this.#line.ended) this.#end(now);
      else if (this.#line.playhead > 0) this.#follow(now);
    }
    if (Number.isNaN(this.#endedAt)) return;
    if (this.#line.state === 'failed') this.#readOn(now);
    if (!this.lingers && this.#phrase >= 0) return;
    if (this.#phrase < 0 || now >= staysUntil(this.#shown.text, this.#shownAt, this.#endedAt))
      this.#over = true;
  }

  #renew(): void {
    this.#shown = this.#shownNow();
  }

  #shownNow(): ShownPhrase {
    if (this.untold) return { from: 0, text: UNTOLD };
    const { from, text } = this.script.shown(this.#phrase);
    if (this.#cut === undefined) return { from, text };
    const heard = text.slice(0, this.#cut - from).replace(/[\s,;:.\u2013\u2014-]+$/, '');
    return { from, text: heard + DASH };
  }

  /** Follows the playhead, also back. */
  #follow(now: number): void {
    const { words, playhead } = this.#line;
    while (this.#begun < words.length && words[this.#begun]!.start <= playhead) this.#begun++;
    while (this.#begun > 0 && words[this.#begun - 1]!.start > playhead) this.#begun--;
    const word = words[this.#begun - 1];
    if (words.length === 0) this.#say(playhead * SAID_PER_SECOND);
    else {
      this.#word = word ? this.script.placeOf(word.from) : 0;
      this.#said = word ? this.script.placeOf(word.to) : 0;
    }
    this.#show(this.script.phraseAt(this.#word), now);
  }

  #show(phrase: number, now: number): void {
    const number = Math.max(0, phrase);
    if (number === this.#phrase) return;
    this.#phrase = number;
    this.#shownAt = now;
    this.#renew();
  }

  #say(letters: number): void {
    this.#said = Math.min(Math.floor(letters), this.script.text.length);
    this.#word = this.#said;
  }

  #end(now: number): void {
    const { state } = this.#line;
    this.#endedAt = now;
    this.#failedAt = this.#said;
    if (this.#line.playhead > 0 && state !== 'finished') this.#follow(now);
    if (state === 'failed') return;
    const heard = this.#phrase >= 0;
    if (state === 'stopped' && heard && !this.untold) this.#breakOff();
    else if (state === 'finished' && heard) {
      this.#said = this.#word = this.script.text.length;
      this.#show(this.script.phraseAt(this.#said), now);
    }
  }

  /** Words of which more than half was heard are shown; where that is none of the phrase, the one that was cut. */
  #breakOff(): void {
    const { words, playhead } = this.#line;
    const last = words[this.#begun - 1];
    if (words.length > 0 && !last) {
      this.#over = true;
      return;
    }
    const { from } = this.script.phrases[this.#phrase]!;
    const cutWord = last !== undefined && playhead < (last.start + last.end) / 2;
    const heard = cutWord && /\S/.test(this.script.text.slice(from, this.#word)) ? this.#word : this.#said;
    if (!/[\p{L}\p{N}]/u.test(this.script.text.slice(heard))) return; // Nothing but a full stop is left.
    this.#cut = this.#said = this.#word = heard;
    this.#renew();
  }

  /** What a line that failed had left is shown in reading pace. */
  #readOn(now: number): void {
    if (this.untold) return;
    const { length } = this.script.text;
    if (this.#said >= length && this.#phrase >= 0) return;
    this.#say(this.#failedAt + (now - this.#endedAt) * READ_PER_SECOND);
    this.#show(this.script.phraseAt(this.#said - 1), now);
    if (this.#said >= length) this.#endedAt = now;
  }
}
