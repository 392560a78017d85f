import type { SpeechPart } from './part.ts';

/** What is to be said. Names of voices and languages are the source's own; unknown ones are refused by it. */
export interface SpeechRequest {
  /** The text; text positions of cues and words index this string as given. */
  readonly text: string;
  /** Default: the source's own. */
  readonly voice?: string | undefined;
  /** BCP 47 or the service's own code. Default: the source's own, usually `en`. */
  readonly lang?: string | undefined;
  /** Rate of speaking, 1 is the voice's normal. Default: the source's own. */
  readonly speed?: number | undefined;
  /**
   * Among requests that wait for their turn the higher goes first. Default 0. For sources with a queue (`poolVoices`);
   * others pass it over.
   */
  readonly priority?: number | undefined;
  /**
   * Tells, while the request waits, that its priority has risen: for a line that several share. Returns what ends the
   * telling. For sources with a queue.
   */
  readonly onLift?: ((listener: (priority: number) => void) => () => void) | undefined;
}

/** Where a line's cue times come from, as written in `line.json`. */
export type TimingOrigin = 'service' | 'words' | 'alignment' | 'audio' | 'text';

/** What the times of a source are worth. */
export interface SourceTiming {
  readonly origin: TimingOrigin;
  /** 0 (a guess) to 1 (the times of the synthesis itself). */
  readonly confidence: number;
}

/** Where a source can run: a page must not hold secrets, and some services need request headers. */
export type SourceHome = 'page' | 'node' | 'both';

/** What a source tells about a line besides its sound. */
export type TimingUnit = 'visemes' | 'phones' | 'characters' | 'words';

/** What a source is able to do, as far as its service documents it. */
export interface SourceTraits {
  /** What it tells with times, finest first; empty where it gives sound alone. */
  readonly gives: readonly TimingUnit[];
  /** From where the service counts its times. Parts are in line time whatever it is: the adapter turns them. */
  readonly timesFrom: 'chunk' | 'request' | 'context' | 'stream';
  /** Whether one request can be sent while its text is still being written. */
  readonly textIn: 'whole' | 'streaming';
  /** How a line is cancelled: by a message, or by closing the connection. */
  readonly cancel: 'message' | 'closing';
  /** Rates that its audio parts can have, Hz, the default first. */
  readonly sampleRates: readonly number[];
}

/** Where speech comes from: an adapter of a service, the gateway, local synthesis or a finished track. */
export interface VoiceSource {
  /** Short lower-case name, as in `parley say --source NAME`. */
  readonly name: string;
  readonly timing: SourceTiming;
  readonly home: SourceHome;
  /** What it is able to do. Left out by sources that make parts of anything, such as finished tracks. */
  readonly traits?: SourceTraits | undefined;
  /**
   * Audio that must be ahead of the playhead for cues and words to be in time, seconds: where the service sends them
   * after the audio they describe, or the mouth is to be found in the audio. Default: see {@link lookAheadOf}.
   */
  readonly lookAheadSeconds?: number;
  /** Whether it takes texts with mark-up as they are. Default: not, and `markedVoices` gives it the plain words. */
  readonly readsMarkup?: boolean;

  /**
   * Speaks one line. Iteration starts the work; parts come as they are made, `end` last.
   * Throws a {@link SpeechError} when the line fails, and one with code `aborted` soon after `signal` aborts.
   * Several lines at once are allowed; how many run at the same time is the source's affair.
   */
  speak(request: SpeechRequest, signal: AbortSignal): AsyncIterable<SpeechPart>;

  /** Opens what the first line would have to wait for (a socket, a worker). Failure is silent: the line will tell. */
  prepare?(): void;

  /** Frees sockets and workers; running lines fail with `aborted`. May be called twice. */
  dispose(): void;
}

/** When a line is to be heard, where that is not for one page to say: of lines that several players hear at once. */
export interface LineSchedule {
  /** Performance time at which its line time 0 is due, milliseconds; undefined while that is not known. May change a little. */
  readonly zeroMs: number | undefined;
}

/** Speech that nobody asked for by its text, and that is on its way: a turn of an agent. */
export interface SpokenReply {
  /** What is said, as far as it is known by now. */
  readonly text: string;
  readonly timing: SourceTiming;
  /** As of a {@link VoiceSource}. Default 0. */
  readonly lookAheadSeconds?: number;
  /** When it is to be heard. Default: as soon as it can be. */
  readonly schedule?: LineSchedule;
  /**
   * Its parts, `end` last: read once. Throws as {@link VoiceSource.speak} does. `request` is how the character that says
   * it would ask for a text: its voice, language and speed.
   */
  parts(signal?: AbortSignal, request?: SpeechRequest): AsyncIterable<SpeechPart>;
}

/** Look-ahead of a source without timing, seconds: what finding the mouth in the sound takes. No live analyser can. */
export const UNTIMED_LOOK_AHEAD = 0.12;

/** Audio that must be ahead of the playhead for the mouth to be in time, seconds. */
export function lookAheadOf({ lookAheadSeconds, traits }: VoiceSource): number {
  return lookAheadSeconds ?? (traits?.gives.length === 0 ? UNTIMED_LOOK_AHEAD : 0);
}
