import type { LatenessEstimate } from '../clock/lateness.ts';
import { InputError } from '../speech/errors.ts';
import type { SpeechRequest, VoiceSource } from '../speech/source.ts';
import type { Track } from '../speech/track.ts';
import { trackParts } from '../speech/track-parts.ts';
import { Line } from './line.ts';
import { speedOf } from './speed.ts';
import type { SayOptions } from './talking-npc.ts';

/** What all lines of a Parley share. */
export interface LineSettings {
  readonly voices: VoiceSource;
  readonly lateness: LatenessEstimate;
  /** Most bytes of audio in one line. */
  readonly maxLineBytes: number;
}

/** A line that is fetched before it is said. */
export interface Prepared {
  /** Resolves with true when all of it has come, with false when it failed or was given up. Never rejects. */
  readonly ready: Promise<boolean>;
  /** Gives it up; a line that was said meanwhile goes on. */
  cancel(): void;
}

/** Prepared lines that are held: a few answers ahead, a few megabytes. */
const MOST_PREPARED = 16;

/** Makes lines from texts and tracks, and holds the prepared ones until they are said. */
export class LineMaker {
  readonly #settings: LineSettings;
  readonly #prepared = new Map<string, Line>();

  constructor(settings: LineSettings) {
    this.#settings = settings;
  }

  /** A line for a text or a track: the prepared one, if there is one. Throws {@link InputError} for anything else. */
  lineOf(what: string | Track, options: SayOptions): Line {
    if (typeof what === 'object' && what !== null && what.samples instanceof Int16Array) {
      return this.#lineOfTrack(what, options);
    }
    if (typeof what !== 'string') throw new InputError('say(what)', 'a text or a track', typeof what);
    const request = requestOf(what, options);
    const key = keyOf(request, options);
    const prepared = this.#prepared.get(key);
    if (!prepared) return this.#lineOfText(request, options);
    this.#prepared.delete(key);
    prepared.say(performance.now());
    if (options.rate !== undefined) prepared.rate = options.rate;
    return prepared;
  }

  /** Fetches a line and holds it. */
  prepare(text: string, options: SayOptions): Prepared {
    if (typeof text !== 'string') throw new InputError('prepare(text)', 'a text', typeof text);
    const request = requestOf(text, options);
    const key = keyOf(request, options);
    const line = this.#prepared.get(key) ?? this.#lineOfText(request, options);
    this.#prepared.set(key, line);
    for (const oldest of this.#prepared.keys()) {
      if (this.#prepared.size <= MOST_PREPARED) break;
      this.#drop(oldest);
    }
    return {
      ready: line.fetch().then(() => {
        if (line.failure) this.#forget(key, line);
        return line.failure === undefined && !line.ended;
      }),
      cancel: () => {
        if (this.#prepared.get(key) === line) this.#drop(key);
      },
    };
  }

  /** Gives up everything that is prepared. */
  clear(): void {
    for (const key of [...this.#prepared.keys()]) this.#drop(key);
  }

  #drop(key: string): void {
    void this.#prepared.get(key)?.stop();
    this.#prepared.delete(key);
  }

  /** What failed is asked for anew when it is said. */
  #forget(key: string, line: Line): void {
    if (this.#prepared.get(key) === line) this.#prepared.delete(key);
  }

  #lineOfText(request: SpeechRequest, { rate, keep }: SayOptions): Line {
    const { voices, lateness, maxLineBytes } = this.#settings;
    return new Line({
      source: voices,
      request,
      saidAtMs: performance.now(),
      lateness,
      rate: rate === undefined ? 1 : speedOf('say({ rate })', rate),
      keep: keep ?? false,
      maxBytes: maxLineBytes,
    });
  }

  #lineOfTrack(track: Track, { rate }: SayOptions): Line {
    const source: VoiceSource = {
      name: 'a track',
      timing: track.timing,
      home: 'both',
      speak: (_request, signal) => trackParts(track, signal),
      dispose: () => {},
    };
    return new Line({
      source,
      request: { text: track.text, voice: track.voice, lang: track.lang },
      saidAtMs: performance.now(),
      rate: rate === undefined ? 1 : speedOf('say({ rate })', rate),
      keep: true,
      maxBytes: Number.POSITIVE_INFINITY,
    });
  }
}

/** Voice, language and speed of a request, without those that are left open. */
export function speechOf({ voice, lang, speed }: Omit<SpeechRequest, 'text'>): SayOptions {
  return {
    ...(voice === undefined ? {} : { voice }),
    ...(lang === undefined ? {} : { lang }),
    ...(speed === undefined ? {} : { speed }),
  };
}

function requestOf(text: string, { voice, lang, speed }: SayOptions): SpeechRequest {
  if (speed !== undefined && !(speed > 0 && speed < Number.POSITIVE_INFINITY)) {
    throw new InputError('say({ speed })', 'a number above 0', String(speed));
  }
  return { text, voice, lang, speed };
}

function keyOf({ text, voice, lang, speed }: SpeechRequest, { keep }: SayOptions): string {
  return JSON.stringify([text, voice, lang, speed, keep ?? false]);
}
