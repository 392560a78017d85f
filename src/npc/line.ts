import { Observable } from '@babylonjs/core/Misc/observable.js';
import { PoseCurve } from '../lipsync/pose-curve.ts';
import type { LineAudio, LinePlayer } from '../playback/line-player.ts';
import type { WordMark } from '../speech/cue.ts';
import { InputError, ParleyError, SpeechError } from '../speech/errors.ts';
import type { SpeechRequest, VoiceSource } from '../speech/source.ts';
import { type Heard, heardOf } from './heard.ts';
import { Intake } from './intake.ts';
import { notify } from './notify.ts';

/**
 * Where a line stands.
 * `queued` behind another line; `loading` asked for, no sound yet; `waiting` for the page to be allowed to make
 * sound; `buffering` before the first sample; `speaking`; `stalled` because the stream is late; then one of
 * `finished`, `stopped` and `failed`, exactly once.
 */
export type LineState =
  | 'queued'
  | 'loading'
  | 'waiting'
  | 'buffering'
  | 'speaking'
  | 'stalled'
  | 'finished'
  | 'stopped'
  | 'failed';

/** How a line ended. */
export interface LineResult {
  readonly outcome: 'finished' | 'stopped' | 'failed';
  /** Seconds of the line that were played. */
  readonly seconds: number;
  /** Why it failed; absent otherwise. */
  readonly error?: ParleyError;
}

/** Readings for a panel; all are of this line alone. */
export interface LineStats {
  /** Milliseconds from `say()` to the first sample leaving the device; undefined before that. */
  readonly firstSoundMs: number | undefined;
  /** Seconds of audio received but not yet played. */
  readonly bufferedSeconds: number;
  /**
   * How far the mouth was ahead of the sound that left the device, milliseconds; behind where negative. By the newest
   * reading of the audio clock; undefined before the first sample.
   */
  readonly offsetMs: number | undefined;
}

/** Opens the player of a line's turn: waits while the page may not make sound, rejects with the typed reason if it never may. */
export type OpenPlayer = (signal: AbortSignal) => Promise<LinePlayer>;

/** Default fade of a stopped line, milliseconds: short enough to feel immediate, long enough not to click. */
const STOP_FADE_MS = 60;

/** Shortest fade that does not click, and longest that still is one, milliseconds. */
const SHORTEST_FADE_MS = 3;
const LONGEST_FADE_MS = 1_000;

/** How near to the end the playhead must come to be there, seconds: under one block of the audio thread. */
const HEARD_TOLERANCE = 0.002;

/** Longest time between rendering and hearing, milliseconds: above that of any Bluetooth device. */
const LONGEST_LATENCY_MS = 500;

/** One thing an NPC says, from the request to the last sample. Made by {@link TalkingNpc.say}. */
export class Line {
  /** The text as given. */
  readonly text: string;
  /** Fires at every change of {@link state}, with the new state. */
  readonly onStateObservable = new Observable<LineState>();
  /** Fires when the playhead enters a word; never twice for the same word. */
  readonly onWordObservable = new Observable<WordMark>();
  /** Settles once, however the line ends; never rejects. */
  readonly finished: Promise<LineResult>;

  readonly #request: SpeechRequest;
  readonly #source: VoiceSource;
  readonly #abort = new AbortController();
  readonly #curve = new PoseCurve();
  readonly #intake = new Intake(this.#curve);
  readonly #saidAtMs: number;
  #state: LineState = 'queued';
  #audio: LineAudio | undefined;
  #playhead = 0;
  #nextWord = 0;
  #lastMoment = Number.POSITIVE_INFINITY;
  #onHeardOut: () => void = () => {};
  #fetching = false;
  #result: LineResult | undefined;
  #settle!: (result: LineResult) => void;

  constructor(source: VoiceSource, request: SpeechRequest, saidAtMs: number) {
    this.text = request.text;
    this.#source = source;
    this.#request = request;
    this.#saidAtMs = saidAtMs;
    this.finished = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get state(): LineState {
    return this.#state;
  }

  /** Whether the line is over, in whichever way. */
  get ended(): boolean {
    return this.#result !== undefined;
  }

  /** Line time heard at the last frame, seconds; 0 before the first sample. */
  get playhead(): number {
    return this.#playhead;
  }

  /** Words whose times are known so far, in rising order. */
  get words(): readonly WordMark[] {
    return this.#intake.words;
  }

  /** Whether all of the line has come from the source. */
  get fetched(): boolean {
    return this.#intake.done;
  }

  get stats(): LineStats {
    const heardAtMs = this.#audio?.startedAtMs;
    return {
      firstSoundMs: heardAtMs === undefined ? undefined : heardAtMs - this.#saidAtMs,
      bufferedSeconds: this.#audio ? this.#audio.bufferedSeconds : this.#intake.seconds,
      offsetMs: heardAtMs === undefined ? undefined : this.#audio?.offsetMs,
    };
  }

  /** Asks the source for the line, if that has not been done. Audio waits until {@link play}. */
  fetch(): void {
    if (this.#fetching || this.#result) return;
    this.#fetching = true;
    void this.#intake.read(() => this.#source.speak(this.#request, this.#abort.signal), this.#source.name);
  }

  /** Plays the line; settles {@link finished} and then resolves. Never rejects. */
  async play(openPlayer: OpenPlayer): Promise<void> {
    if (this.#result) return;
    this.fetch();
    this.#enter('loading');
    try {
      const sampleRate = await untilAborted(this.#intake.started, this.#abort.signal);
      this.#enter('waiting');
      const player = await untilAborted(openPlayer(this.#abort.signal), this.#abort.signal);
      await this.#playOn(player, sampleRate);
    } catch (error) {
      this.#end(this.#stopping ? { outcome: 'stopped', seconds: 0 } : failed(error, 0));
    }
  }

  /**
   * Stops the line. Resolves, when the fade is over, with what was heard.
   * `fadeMs`: 3 to 1000, default 60; a number outside is taken as the nearest. Rejects with {@link InputError}, and
   * lets the line go on, when it is none.
   */
  async stop({ fadeMs = STOP_FADE_MS }: { fadeMs?: number } = {}): Promise<Heard> {
    if (typeof fadeMs !== 'number' || Number.isNaN(fadeMs)) {
      throw new InputError('stop({ fadeMs })', 'a number of milliseconds', String(fadeMs));
    }
    this.#abort.abort();
    if (this.#audio) this.#audio.stop(Math.min(Math.max(fadeMs, SHORTEST_FADE_MS), LONGEST_FADE_MS));
    else this.#end({ outcome: 'stopped', seconds: 0 });
    const { seconds } = await this.finished;
    return heardOf(this.text, this.words, seconds);
  }

  /**
   * Reads the playhead for the frame shown at `performanceMs` and writes the 15 viseme weights to `out[0..14]`.
   * Called once a frame while the line is the current one.
   */
  sample(performanceMs: number, out: Float32Array): void {
    const audio = this.#audio;
    if (!audio) return;
    this.#playhead = audio.playheadAt(performanceMs);
    this.#curve.sample(this.#playhead, out);
    const words = this.#intake.words;
    if (this.#playhead >= this.#lastMoment) this.#onHeardOut();
    while (this.#nextWord < words.length && words[this.#nextWord]!.start <= this.#playhead) {
      if (audio.startedAtMs === undefined) return;
      notify(this.onWordObservable, words[this.#nextWord++]!);
    }
  }

  get #stopping(): boolean {
    return this.#abort.signal.aborted;
  }

  async #playOn(player: LinePlayer, sampleRate: number): Promise<void> {
    const audio = player.begin({ sampleRate });
    this.#audio = audio;
    this.#enter('buffering');
    audio.onState = (state) => {
      if (state === 'playing') this.#enter('speaking');
      else if (state !== 'ended') this.#enter(state);
    };
    this.#intake.attach(audio);
    const { reason, seconds, error = this.#intake.error } = await audio.ended;
    if (reason === 'finished') await this.#heardOut(seconds);
    audio.onState = undefined;
    if (reason === 'stopped' || this.#stopping) this.#end({ outcome: 'stopped', seconds });
    else this.#end(error ? failed(error, seconds) : { outcome: 'finished', seconds });
  }

  /**
   * Rendered is not yet heard: resolves when the playhead has reached the end, or after the longest latency of a
   * device where no frame is drawn meanwhile.
   */
  async #heardOut(seconds: number): Promise<void> {
    this.#lastMoment = seconds - HEARD_TOLERANCE;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#onHeardOut = resolve;
      timer = setTimeout(resolve, LONGEST_LATENCY_MS);
    });
    clearTimeout(timer);
  }

  #enter(state: LineState): void {
    if (this.#result || state === this.#state) return;
    this.#state = state;
    notify(this.onStateObservable, state);
  }

  #end(result: LineResult): void {
    if (this.#result) return;
    this.#result = result;
    this.#state = result.outcome;
    this.#abort.abort();
    this.#settle(result);
    notify(this.onStateObservable, result.outcome);
  }
}

function failed(error: unknown, seconds: number): LineResult {
  const reason = error instanceof ParleyError ? error : SpeechError.closedEarly('the voice source', error);
  return { outcome: 'failed', seconds, error: reason };
}

/** `promise`, or a rejection as soon as `signal` aborts. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw SpeechError.aborted();
  let onAbort: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(SpeechError.aborted());
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
