import { Observable } from '@babylonjs/core/Misc/observable.js';
import { READING } from '../clock/gap-map.ts';
import { type LatenessEstimate, unlearned } from '../clock/lateness.ts';
import { PoseCurve } from '../lipsync/pose-curve.ts';
import type { FaceFrames } from '../pose/face-frames.ts';
import type { WordMark } from '../speech/cue.ts';
import { InputError, ParleyError, SpeechError } from '../speech/errors.ts';
import type { Mark } from '../speech/marks.ts';
import { type LineSchedule, lookAheadOf, type SpeechRequest, type VoiceSource } from '../speech/source.ts';
import type { Track } from '../speech/track.ts';
import { untilAborted } from '../speech/until-aborted.ts';
import type { Draft } from './draft.ts';
import type { Following } from './following.ts';
import { type Heard, heardOf } from './heard.ts';
import { Intake } from './intake.ts';
import { LineCourse } from './line-course.ts';
import { LineMarks } from './line-marks.ts';
import { LineRecord } from './line-record.ts';
import { checkStop, LineSound } from './line-sound.ts';
import type { Addressee, LineResult, LineState, LineStats, OpenPlayer, StopOptions } from './line-types.ts';
import { notify } from './notify.ts';
import { Playhead } from './playhead.ts';
import { speedOf } from './speed.ts';
import type { TurnLine } from './turn-line.ts';

/** What a {@link SpokenLine} is made of. */
export interface LineOptions {
  readonly source: VoiceSource;
  readonly request: SpeechRequest;
  /** Performance time at which it was said, milliseconds. */
  readonly saidAtMs: number;
  /** What is known of how late the source's parts come; absent where they are all there. */
  readonly lateness?: LatenessEstimate | undefined;
  /** Speed of playing, 0.5 to 2. Default 1. */
  readonly rate?: number | undefined;
  /** The track that is played, where it is one. */
  readonly track?: Track | undefined;
  /** Keeps the sound. Default false. */
  readonly keep?: boolean | undefined;
  /** Most bytes of sound. Default 32 MiB. */
  readonly maxBytes?: number | undefined;
  /** About how long it lasts, seconds, where it may pass unheard. */
  readonly lasts?: number | undefined;
  /** The text, where it is still being written. */
  readonly draft?: Draft | undefined;
  /** When it is to be heard, where others hear it too. */
  readonly schedule?: LineSchedule | undefined;
}

/** A line of a voice source: asked for as a text, or a track. */
export class SpokenLine implements TurnLine {
  readonly #course = new LineCourse();
  readonly onStateObservable = this.#course.onStateObservable;
  readonly onWordObservable = new Observable<WordMark>();
  readonly onMarkObservable = new Observable<Mark>();
  readonly finished = this.#course.finished;
  priority = 0;
  to: Addressee | undefined;

  readonly #options: LineOptions;
  readonly #abort = new AbortController();
  readonly #curve = new PoseCurve();
  readonly #intake: Intake;
  readonly #sound: LineSound;
  readonly #record: LineRecord;
  readonly #playhead = new Playhead();
  readonly #marks = new LineMarks();
  #saidAtMs: number;
  /** Told once and for all when the first sample is heard: the clock's view of the past may change. */
  #firstSoundMs: number | undefined;
  #fetching: Promise<void> | undefined;
  #following: Following | undefined;

  constructor(options: LineOptions) {
    const { request, source, saidAtMs, rate = 1, keep = false, maxBytes, track, draft } = options;
    const { lateness, schedule } = options;
    this.#options = options;
    this.#saidAtMs = saidAtMs;
    this.#intake = new Intake(this.#curve, {
      lateness: draft ? undefined : lateness,
      now: () => performance.now(),
      keep,
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });
    this.#sound = new LineSound(this.#intake, rate, {
      lateness: draft && lateness ? unlearned(lateness) : lateness,
      lookAheadSeconds: lookAheadOf(source),
      keep,
      complete: track !== undefined,
      schedule,
    });
    this.#record = new LineRecord(this.#intake, { request, timing: source.timing, keep, track });
  }

  get text(): string {
    return this.#options.request.text;
  }

  get state(): LineState {
    return this.#course.state;
  }

  get ended(): boolean {
    return this.#course.result !== undefined;
  }

  get failure(): ParleyError | undefined {
    return this.#intake.error;
  }

  get rest(): string | Track | undefined {
    return this.#course.result?.outcome === 'stopped'
      ? this.#record.restFrom(this.#course.result.seconds)
      : undefined;
  }

  get keeps(): boolean {
    return this.#options.keep ?? false;
  }

  get request(): SpeechRequest {
    return this.#options.request;
  }

  get playhead(): number {
    return this.#playhead.seconds;
  }

  get reading(): Float64Array {
    return this.#playhead.reading;
  }

  get words(): readonly WordMark[] {
    return this.#intake.words;
  }

  get face(): FaceFrames {
    return this.#intake.face;
  }

  get fetched(): boolean {
    return this.#intake.done;
  }

  get stats(): LineStats {
    const { audio, targetMs } = this.#sound;
    const heardAtMs = audio?.startedAtMs;
    return {
      firstSoundMs: this.#firstSoundMs ?? (heardAtMs === undefined ? undefined : heardAtMs - this.#saidAtMs),
      bufferedSeconds: audio ? audio.bufferedSeconds : this.#intake.seconds,
      stalledMs: audio?.stalledMs ?? 0,
      targetMs,
      offsetMs: heardAtMs === undefined ? undefined : audio?.offsetMs,
    };
  }

  get rate(): number {
    return this.#sound.rate;
  }
  set rate(rate: number) {
    if (this.#options.schedule && rate !== 1) throw notAlone('line.rate');
    this.#sound.rate = speedOf('line.rate', rate);
  }

  pause(): void {
    this.#sound.pause();
  }

  resume(): void {
    this.#sound.resume();
  }

  seek(seconds: number): void {
    if (!Number.isFinite(seconds)) throw new InputError('line.seek(seconds)', 'a number', String(seconds));
    if (this.#options.schedule) throw notAlone('line.seek()');
    this.#checkKept('line.seek()');
    this.#sound.seek(seconds);
  }

  async track(): Promise<Track> {
    this.#checkKept('line.track()');
    await untilAborted(this.fetch(), this.#abort.signal).catch(() => {});
    if (this.failure) throw this.failure;
    if (!this.fetched) throw SpeechError.aborted();
    return this.#record.track;
  }

  get lasts(): number | undefined {
    const { lasts } = this.#options;
    return lasts === undefined || !this.keeps ? undefined : lasts / this.rate;
  }

  pass(): void {
    this.#end({ outcome: 'finished', seconds: (this.lasts ?? 0) * this.rate });
  }

  joinAt(seconds: number): void {
    this.#sound.joinAt(seconds * this.rate);
  }

  get soundEndMs(): number | undefined {
    const { result } = this.#course;
    if (!result && !this.#intake.done) return undefined;
    const last = Math.min(this.#intake.soundTo, result?.seconds ?? Number.POSITIVE_INFINITY);
    return this.#sound.audio?.expectedAtMs(last);
  }

  get following(): Following | undefined {
    return this.#following;
  }

  follow(following: Following): void {
    this.#following = following;
  }

  /** While it waits for its moment after another line: tells the player when that is. */
  #keepMoment(): void {
    if (!this.#following || this.#playhead.begun) return;
    this.#sound.startAtMs(this.#following.dueMs - (this.#intake.soundFrom / this.rate) * 1000);
  }

  /** A line that was prepared is said. */
  handleSaid(saidAtMs: number): void {
    this.#saidAtMs = saidAtMs;
  }

  /** Resolves when all of it has come, or it failed. */
  fetch(): Promise<void> {
    if (this.#course.result) return Promise.resolve();
    const { source, request } = this.#options;
    this.#fetching ??= this.#intake.read(() => source.speak(request, this.#abort.signal), source.name);
    return this.#fetching;
  }

  async play(openPlayer: OpenPlayer): Promise<void> {
    if (this.#course.result) return;
    void this.fetch();
    this.#course.enter('loading');
    try {
      const sampleRate = await untilAborted(this.#intake.started, this.#abort.signal);
      this.#course.enter('waiting');
      const player = await untilAborted(openPlayer(this.#abort.signal), this.#abort.signal);
      this.#keepMoment();
      if (this.ended) return; // Stopped between the opening of the player and now.
      const {
        reason,
        seconds,
        error = this.failure,
      } = await this.#sound.play(player, sampleRate, this.#playhead, (state) =>
        this.#course.enter(state === 'playing' ? 'speaking' : state),
      );
      if (reason === 'finished' && !this.#stopping) this.#tellWords(seconds);
      if (reason === 'stopped' || this.#stopping) this.#end({ outcome: 'stopped', seconds });
      else this.#end(error ? failed(error, seconds) : { outcome: 'finished', seconds });
    } catch (error) {
      this.#end(this.#stopping ? { outcome: 'stopped', seconds: 0 } : failed(error, 0));
    }
  }

  async stop(options: StopOptions = {}): Promise<Heard> {
    checkStop(options);
    this.#abort.abort();
    const { audio } = this.#sound;
    this.#playhead.giveUp();
    if (audio) this.#sound.stop(audio, options);
    else this.#end({ outcome: 'stopped', seconds: 0 });
    const { seconds } = await this.finished;
    return heardOf(this.text, this.words, seconds, this.#record.whole);
  }

  sample(performanceMs: number, out: Float32Array): void {
    const { audio } = this.#sound;
    if (!audio) return;
    this.#keepMoment();
    this.#playhead.update(audio, performanceMs);
    this.#sound.keepInStep(performanceMs);
    this.#options.draft?.handlePlayhead(this.#playhead.seconds);
    if (this.#firstSoundMs === undefined && this.#playhead.begun)
      this.#firstSoundMs = this.stats.firstSoundMs;
    this.#curve.sampleAt(this.#playhead.reading, READING.line, out);
    this.#tellWords();
  }

  /** Words and marks whose moment has come, in the order of their moments; a mark before the word that begins there. */
  #tellWords(until?: number): void {
    const { words } = this.#intake;
    // One place that calls, so that it is compiled into the frame.
    for (;;) {
      const word = this.#playhead.enteredWord(words, until);
      if (this.#playhead.begun && this.#marks.leftIn(this.text)) {
        this.#marks.moment[0] = word ? word.start : this.#playhead.seconds;
        this.#tellMarks(!word && until !== undefined);
      }
      if (!word) return;
      notify(this.onWordObservable, word);
    }
  }

  #tellMarks(ended: boolean): void {
    for (;;) {
      const mark = this.#marks.next(this.#intake.words, ended);
      if (!mark) return;
      notify(this.onMarkObservable, mark);
    }
  }

  #checkKept(where: string): void {
    if (this.keeps) return;
    const expected = 'a track, or a line said with { keep: true }';
    throw new InputError(where, expected, 'one that frees its sound');
  }

  get #stopping(): boolean {
    return this.#abort.signal.aborted;
  }

  #end(result: LineResult): void {
    this.#course.end(result, () => {
      this.#abort.abort();
      if (!this.#fetching) this.#options.draft?.close();
      if (!this.#options.keep) this.#intake.release();
    });
  }
}

/** The error of what cannot be done to a line that others hear too. */
export function notAlone(where: string): InputError {
  return new InputError(where, 'a line of this player alone', 'one that others hear at the same moment');
}

function failed(error: unknown, seconds: number): LineResult {
  const reason = error instanceof ParleyError ? error : SpeechError.closedEarly('the voice source', error);
  return { outcome: 'failed', seconds, error: reason };
}
