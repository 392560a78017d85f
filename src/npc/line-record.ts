import { cutTrack } from '../speech/cut-track.ts';
import { markupFrom, parseMarkup } from '../speech/markup.ts';
import type { SourceTiming, SpeechRequest } from '../speech/source.ts';
import { createTrack, type Track } from '../speech/track.ts';
import { heardOf } from './heard.ts';
import type { Intake } from './intake.ts';

/** What a {@link LineRecord} is made of. */
export interface LineRecordOptions {
  readonly request: SpeechRequest;
  readonly timing: SourceTiming;
  /** Whether the sound is kept. */
  readonly keep: boolean;
  /** The track that is played, where it is one. */
  readonly track: Track | undefined;
}

/** What of a line can be had again: the whole of it as a track, and what was left unsaid. Each is made once. */
export class LineRecord {
  readonly #intake: Intake;
  readonly #options: LineRecordOptions;
  #track: Track | undefined;
  #rest: string | Track | undefined;

  constructor(intake: Intake, options: LineRecordOptions) {
    this.#intake = intake;
    this.#options = options;
    this.#track = options.track;
  }

  /** Whether all of the line has come as it should. */
  get whole(): boolean {
    return this.#intake.done && !this.#intake.error;
  }

  /** The line, which must be whole and kept, as a track. Its sound is put together once, and then held by both. */
  get track(): Track {
    if (this.#track) return this.#track;
    const { held, sampleRate, cues, words, face } = this.#intake;
    const { text, voice = '', lang = '' } = this.#options.request;
    const { timing } = this.#options;
    this.#track = createTrack(
      { text, voice, lang },
      held,
      sampleRate,
      cues,
      words,
      timing,
      face.frames.shapes,
    );
    this.#intake.holdWhole(this.#track.samples);
    return this.#track;
  }

  /** What was left of a line that was stopped at `seconds`, as it is at the first call. */
  restFrom(seconds: number): string | Track {
    this.#rest ??= this.#cut(seconds);
    return this.#rest;
  }

  #cut(seconds: number): string | Track {
    const { track, keep, request } = this.#options;
    if (track || (keep && this.whole)) return cutTrack(this.track, seconds) ?? '';
    const { text } = request;
    const { rest } = heardOf(text, this.#intake.words, seconds, this.whole);
    if (parseMarkup(rest).text.trim() === '') return '';
    return markupFrom(text, text.length - rest.trimStart().length).text;
  }
}
