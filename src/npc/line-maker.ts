import type { LatenessEstimate } from '../clock/lateness.ts';
import { InputError } from '../speech/errors.ts';
import type { SpeechRequest, SpokenReply, VoiceSource } from '../speech/source.ts';
import type { Track } from '../speech/track.ts';
import { trackParts } from '../speech/track-parts.ts';
import { Draft } from './draft.ts';
import type { SayOptions } from './npc-options.ts';
import { speedOf } from './speed.ts';
import { notAlone, SpokenLine } from './spoken-line.ts';

/** What can be said: a text, a text that is still being written, a track, or the reply of an agent. */
export type Sayable = string | AsyncIterable<string> | Track | SpokenReply;

const SAYABLE = 'a text, an async iterable of its pieces, a track, or a reply of an agent';

/** What all lines of a Parley share. */
export interface LineSettings {
  readonly voices: VoiceSource;
  /** The same for texts that are still being written, which is asked when they are about to be heard. */
  readonly writtenVoices: VoiceSource;
  readonly lateness: LatenessEstimate;
  /** Most bytes of audio in one line. */
  readonly maxLineBytes: number;
}

/** A line that is fetched before it is said. */
export interface Prepared {
  /** Resolves with true when all of it has come, with false when it failed or was given up. Never rejects. */
  readonly ready: Promise<boolean>;
  /** Gives it up, unless somebody else has prepared the same; a line that was said meanwhile goes on. */
  cancel(): void;
}

/** A prepared line, and who wants it: one that nobody wants any more is given up. */
interface Held {
  readonly line: SpokenLine;
  readonly wanted: Set<object>;
}

/** Prepared lines that are held: a few answers ahead; of ten seconds at 24 kHz each they take 8 MB. */
const MOST_PREPARED = 16;

/** Makes lines from texts and tracks, and holds the prepared ones until they are said. */
export class LineMaker {
  readonly #settings: LineSettings;
  readonly #prepared = new Map<string, Held>();

  constructor(settings: LineSettings) {
    this.#settings = settings;
  }

  /**
   * A line for a text, written or not, or a track: the prepared one, if there is one and `take` allows. Throws
   * {@link InputError} for anything else.
   */
  lineOf(what: Sayable, options: SayOptions, take = true): SpokenLine {
    const rate = options.rate === undefined ? 1 : speedOf('say({ rate })', options.rate);
    if (isUnwritten(what)) return this.#lineOfDraft(new Draft(what), options, rate);
    if (isReply(what)) return this.#lineOfReply(what, options, rate);
    if (typeof what === 'object' && what !== null) return this.#lineOfTrack(checkTrack(what), rate);
    if (typeof what !== 'string') throw new InputError('say(what)', SAYABLE, typeof what);
    const request = requestOf(what, options);
    const key = keyOf(request, options);
    const prepared = take ? this.#prepared.get(key) : undefined;
    if (!prepared) return this.#lineOfText(request, rate, options.keep);
    this.#prepared.delete(key);
    prepared.line.handleSaid(performance.now());
    prepared.line.rate = rate;
    return prepared.line;
  }

  /** Fetches a line and holds it. */
  prepare(text: string, options: SayOptions): Prepared {
    if (typeof text !== 'string') throw new InputError('prepare(text)', 'a text', typeof text);
    const request = requestOf(text, options);
    const key = keyOf(request, options);
    const held = this.#prepared.get(key) ?? {
      line: this.#lineOfText(request, 1, options.keep),
      wanted: new Set<object>(),
    };
    const { line, wanted } = held;
    const wish = {};
    wanted.add(wish);
    this.#prepared.set(key, held);
    for (const oldest of this.#prepared.keys()) {
      if (this.#prepared.size <= MOST_PREPARED) break;
      this.#drop(oldest);
    }
    return {
      ready: line.fetch().then(() => {
        if (line.failure && this.#prepared.get(key) === held) this.#prepared.delete(key); // It is asked for anew.
        return line.failure === undefined && !line.ended;
      }),
      cancel: () => {
        wanted.delete(wish);
        if (wanted.size === 0 && this.#prepared.get(key) === held) this.#drop(key);
      },
    };
  }

  /** Gives up everything that is prepared. */
  clear(): void {
    for (const key of [...this.#prepared.keys()]) this.#drop(key);
  }

  #drop(key: string): void {
    void this.#prepared.get(key)?.line.stop();
    this.#prepared.delete(key);
  }

  #lineOfText(request: SpeechRequest, rate: number, keep = false): SpokenLine {
    const { voices, lateness, maxLineBytes } = this.#settings;
    const saidAtMs = performance.now();
    return new SpokenLine({
      source: voices,
      request,
      saidAtMs,
      lateness,
      rate,
      keep,
      lasts: usualSeconds(request),
      maxBytes: maxLineBytes,
    });
  }

  #lineOfDraft(draft: Draft, options: SayOptions, rate: number): SpokenLine {
    const { writtenVoices, lateness, maxLineBytes } = this.#settings;
    return new SpokenLine({
      source: draft.sourceOver(writtenVoices),
      request: draft.requestAs(requestOf('', options)),
      saidAtMs: performance.now(),
      lateness,
      rate,
      keep: options.keep ?? false,
      maxBytes: maxLineBytes,
      draft,
    });
  }

  #lineOfReply(reply: SpokenReply, options: SayOptions, rate: number): SpokenLine {
    const { lateness, maxLineBytes } = this.#settings;
    const { timing, lookAheadSeconds, schedule } = reply;
    if (schedule && rate !== 1) throw notAlone('say({ rate })');
    const { voice, lang, speed } = requestOf('', options);
    return new SpokenLine({
      source: {
        name: 'a reply',
        timing,
        home: 'both',
        ...(lookAheadSeconds !== undefined && { lookAheadSeconds }),
        speak: (request, signal) => reply.parts(signal, request),
        dispose: () => {},
      },
      request: {
        get text() {
          return reply.text;
        },
        voice,
        lang,
        speed,
      },
      saidAtMs: performance.now(),
      lateness,
      rate,
      keep: options.keep ?? false,
      maxBytes: maxLineBytes,
      schedule,
    });
  }

  #lineOfTrack(track: Track, rate: number): SpokenLine {
    const source: VoiceSource = {
      name: 'a track',
      timing: track.timing,
      home: 'both',
      speak: (_request, signal) => trackParts(track, { signal, shared: true }),
      dispose: () => {},
    };
    const request = { text: track.text, voice: track.voice, lang: track.lang };
    const saidAtMs = performance.now();
    return new SpokenLine({
      source,
      request,
      saidAtMs,
      track,
      rate,
      keep: true,
      lasts: track.duration,
      maxBytes: Number.POSITIVE_INFINITY,
    });
  }
}

/** Letters and blanks that are usually said in a second: 150 words a minute, of five letters and a blank. */
const CHARACTERS_PER_SECOND = 15;

/** About how long a text lasts, seconds. */
function usualSeconds({ text, speed = 1 }: SpeechRequest): number {
  return text.length / CHARACTERS_PER_SECOND / speed;
}

function isUnwritten(what: Sayable): what is AsyncIterable<string> {
  return typeof what === 'object' && what !== null && Symbol.asyncIterator in what;
}

function isReply(what: Sayable): what is SpokenReply {
  return typeof what === 'object' && what !== null && 'parts' in what && typeof what.parts === 'function';
}

function checkTrack(track: Track): Track {
  const { text, samples, sampleRate, cues, words, timing } = track;
  const whole =
    typeof text === 'string' &&
    samples instanceof Int16Array &&
    sampleRate > 0 &&
    Array.isArray(cues) &&
    Array.isArray(words) &&
    timing !== undefined;
  if (whole) return track;
  throw new InputError('say(what)', SAYABLE, 'an object that lacks something; trackOf() makes a track');
}

/** Voice, language and speed of a request, without those that are left open. */
export function speechOf({ voice, lang, speed }: Omit<SpeechRequest, 'text'>): SayOptions {
  return {
    ...(voice === undefined ? {} : { voice }),
    ...(lang === undefined ? {} : { lang }),
    ...(speed === undefined ? {} : { speed }),
  };
}

function requestOf(text: string, { voice, lang, speed, priority }: SayOptions): SpeechRequest {
  if (speed !== undefined && !(speed > 0 && speed < Number.POSITIVE_INFINITY)) {
    throw new InputError('say({ speed })', 'a number above 0', String(speed));
  }
  for (const [name, value] of Object.entries({ voice, lang })) {
    if (value !== undefined && typeof value !== 'string') {
      throw new InputError(`say({ ${name} })`, 'a string', typeof value);
    }
  }
  return { text, voice, lang, speed, ...(priority !== undefined && priority !== 0 && { priority }) };
}

function keyOf({ text, voice, lang, speed }: SpeechRequest, { keep }: SayOptions): string {
  return JSON.stringify([text, voice, lang, speed, keep ?? false]);
}
