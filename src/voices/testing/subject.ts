import type { SpeechRequest, VoiceSource } from '../../speech/source.ts';
import type { Timeouts } from '../session/socket-line.ts';

/** How an adapter is to be opened for a check. What it has no option for is passed over. */
export interface OpenSettings {
  /** Seconds to wait for what: long where a line shall come, short where a check waits for the time-out. */
  readonly timeouts: Required<Timeouts>;
  /** Rate of the audio, Hz, where {@link Subject.rates} has some; else undefined: the adapter's default. */
  readonly sampleRate?: number | undefined;
}

/** A service that runs on this machine: an emulator, or a recording that is played. */
export interface Served {
  /** Its address, ws: or http:, with path and query. */
  readonly url: string;
  /** Called after the check. Left out where a test starts one service for all checks. */
  close?(): unknown;
}

/**
 * What the service's URL takes so that it answers otherwise than by default: each a piece of query, such as `odd=1`.
 * A check whose variant is left out is left out too.
 */
export interface Variants {
  /** Audio in pieces of an odd number of bytes. */
  readonly odd?: string;
  /** Other orders that the service may send in: times before, or after, the audio they belong to. */
  readonly orders?: readonly string[];
  /** No message that ends the line, and the connection stays open. */
  readonly noEnd?: string;
  /** Answers at a rate that nobody asked for, and says so. */
  readonly otherRate?: { readonly query: string; readonly sampleRate: number };
}

/** What the checks let the adapter say. All are to have sound, none may be too long for the service. */
export interface Texts {
  /** One sentence of two seconds or so, with p, b or m. */
  readonly line: string;
  /** Half a second or so: it is spoken once for every message of its answer. */
  readonly short: string;
  /** 1,500 characters or so. */
  readonly long: string;
  /** Accents, an emoji of several UTF-16 units, quotes; ends with a word. */
  readonly unicode: string;
  /** Hebrew and Arabic within letters that the voice can say; ends with one of the latter. */
  readonly rightToLeft: string;
}

/** An adapter, the service that it speaks to, and what is known of both. */
export interface Subject {
  /** Stands before each check's name. */
  readonly name: string;
  /** Opens the adapter on an address: that of {@link serve}, behind the kit's own proxy. With {@link key}, if there is one. */
  readonly open: (url: string, settings: OpenSettings) => VoiceSource;
  /** Starts the service, or tells where it runs; called once for each check. It must allow two lines at once. */
  readonly serve: () => Served | Promise<Served>;
  /** The secret that {@link open} gives the adapter. Nobody must ever see it. Default: none; checks of keys are left out. */
  readonly key?: string;
  /** What requests have besides their text. Default: nothing. */
  readonly request?: Omit<SpeechRequest, 'text'>;
  /**
   * Another voice, language and speed than those of {@link request}, which the service takes: each must change what is
   * sent. Default: none; what is left out is not checked.
   */
  readonly others?: Pick<SpeechRequest, 'voice' | 'lang' | 'speed'>;
  /**
   * Speaks the same lines with the right samples and times: whatever the emulator speaks with, at the adapter's rate. It
   * stays the caller's. Default: none; then times are held against the loudness of the sound.
   */
  readonly truth?: VoiceSource;
  /** How far times may be from the {@link truth}, seconds. Default 0.06. */
  readonly toleranceSeconds?: number;
  /** Time-outs where a check waits for one, seconds: longer than the service pauses within a line. Default 0.6. */
  readonly waitSeconds?: number;
  /** Default: English. */
  readonly texts?: Partial<Texts>;
  /** Default: none. */
  readonly variants?: Variants;
  /** The message by which the service says that it failed, in these words. Default: a guess at what may be one. */
  readonly errorMessage?: (words: string) => string;
  /** Rates, Hz, that {@link open} can be asked for. Default: none, the adapter has one. */
  readonly rates?: readonly number[];
  /** A line is whole when the service closes: a close that comes too early cannot be told. Default: false. */
  readonly endsByClosing?: boolean;
  /** The service sends samples and nothing else, so that nothing in them can be told from sound. Default: false. */
  readonly rawSound?: boolean;
  /** The adapter gives a line when all of it has come: its first sound is as late as its last. Default: false. */
  readonly givesWhole?: boolean;
  /** Whether the adapter can learn why it was refused: sockets of pages cannot. Default: true. */
  readonly toldWhyRefused?: boolean;
}

/** One thing that an adapter must do. */
export interface Check {
  /** The subject's name, a colon and what is checked. */
  readonly name: string;
  /** Longest time that it takes where the machine is slow, seconds: a time-out for the test runner. */
  readonly seconds: number;
  /** Rejects with a {@link ConformanceError} that says what was expected, what came, and what to do. */
  run(): Promise<void>;
}
