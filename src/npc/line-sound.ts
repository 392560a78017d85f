import { type LatenessEstimate, SHORTEST_TARGET_MS } from '../clock/lateness.ts';
import type { AudioEnd, AudioState, LineAudio, LinePlayer } from '../playback/line-player.ts';
import { InputError } from '../speech/errors.ts';
import type { LineSchedule } from '../speech/source.ts';
import { InStep } from './in-step.ts';
import type { Intake } from './intake.ts';
import type { StopOptions } from './line-types.ts';
import type { Playhead } from './playhead.ts';
import { syllableEnd } from './syllable.ts';

/** Shortest fade that does not click, and longest that still is one, milliseconds. */
const SHORTEST_FADE_MS = 3;
const LONGEST_FADE_MS = 1_000;

/** Default fade of a stopped line, milliseconds: short enough to feel immediate, long enough not to click. */
const STOP_FADE_MS = 60;

/** A stop that waits for the end of a syllable waits no longer than this, seconds; a part of it is the fade. */
const SYLLABLE_SECONDS = 0.08;

/** Time that a message to the audio thread may take, seconds: a syllable that ends sooner is over. */
const MESSAGE_SECONDS = 0.02;

/** What a {@link LineSound} is made of. */
export interface LineSoundOptions {
  /** What is known of how late the parts come; absent where they are all there. */
  readonly lateness: Pick<LatenessEstimate, 'targetMs' | 'handleStall'> | undefined;
  /** Audio that the source needs ahead of the playhead, seconds, where it does not tell its mouth shapes ahead of the sound. */
  readonly lookAheadSeconds: number;
  /** Keeps the sound, for a seek. */
  readonly keep: boolean;
  /** Whether all of it is there, if not yet taken in: a track. */
  readonly complete: boolean;
  /** When it is to be heard, where others hear it too. */
  readonly schedule?: LineSchedule | undefined;
}

/** Throws {@link InputError} for a way of stopping that there is not. */
export function checkStop({ fadeMs, at = 'now' }: StopOptions): void {
  if (fadeMs !== undefined && (typeof fadeMs !== 'number' || Number.isNaN(fadeMs)))
    throw new InputError('stop({ fadeMs })', 'a number of milliseconds', String(fadeMs));
  if (at !== 'now' && at !== 'syllable') throw new InputError('stop({ at })', 'now or syllable', String(at));
}

/** Fade of a stopped line, milliseconds: a number outside is taken as the nearest. */
export function fadeOf({ fadeMs = STOP_FADE_MS }: StopOptions): number {
  return Math.min(Math.max(fadeMs, SHORTEST_FADE_MS), LONGEST_FADE_MS);
}

/** The sound of a line from its turn on: begun in a player, fed from the intake, held back as the stream needs. */
export class LineSound {
  /** The audio, once its turn has come. */
  audio: LineAudio | undefined;
  readonly #intake: Intake;
  readonly #options: LineSoundOptions;
  readonly #step: InStep | undefined;
  #rate: number;
  #paused = false;
  /** Performance time at which it is to begin; undefined where that is at once. */
  #startMs: number | undefined;
  /** Where to go as soon as so much has come. */
  #seekTo: number | undefined;
  /** Whether it waits until so much has come, rather than take what has come for all. */
  #patient: boolean;
  /** Seconds that the player was given, and whether that is all. */
  #fedSeconds = 0;
  #fed = false;
  /** What the player was last asked to hold back; it may be able to hold less. */
  #askedMs = 0;
  #stalledMs = 0;
  /** What the source needs ahead, milliseconds: settled when the sound begins. */
  #neededMs: number | undefined;

  constructor(intake: Intake, rate: number, options: LineSoundOptions) {
    this.#intake = intake;
    this.#rate = rate;
    this.#options = options;
    this.#step = options.schedule && new InStep(options.schedule);
    this.#patient = options.complete;
  }

  /** Milliseconds of audio that are held back; 0 before its turn. */
  get targetMs(): number {
    return this.audio?.targetMs ?? 0;
  }

  get rate(): number {
    return this.#rate;
  }
  set rate(rate: number) {
    this.#rate = rate;
    this.audio?.setRate(rate);
  }

  /** Before its turn it will wait in its player. */
  pause(): void {
    this.#paused = true;
    this.audio?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.audio?.resume();
  }

  /** Until it begins: the performance time, milliseconds, at which its first sample is to be heard. */
  startAtMs(performanceMs: number): void {
    this.#startMs = performanceMs;
    this.audio?.startAtMs(performanceMs);
  }

  /** Goes to a line time, seconds; before its turn, and where a track is not yet taken in so far, as soon as it can. */
  seek(seconds: number): void {
    this.#seekTo = seconds;
    this.#maybeSeek();
  }

  /** Plays to the end; resolves when the last sample was heard, not rendered. `onState` is told every change but the last. */
  async play(
    player: LinePlayer,
    sampleRate: number,
    playhead: Playhead,
    onState: (state: Exclude<AudioState, 'ended'>) => void,
  ): Promise<AudioEnd> {
    this.#askedMs = this.#wantedMs;
    const keep = this.#options.keep || this.#step !== undefined;
    const held = this.#startMs !== undefined;
    const dueMs = this.#step?.zeroMs;
    const audio = player.begin({ sampleRate, targetMs: this.#askedMs, rate: this.#rate, keep, held, dueMs });
    this.audio = audio;
    if (this.#startMs !== undefined) audio.startAtMs(this.#startMs);
    if (this.#paused || this.#seekTo !== undefined) audio.pause();
    onState('buffering');
    audio.onState = (state) => {
      this.#learn(audio);
      if (state !== 'ended') onState(state);
    };
    this.#intake.attach({
      push: (samples) => {
        this.#fedSeconds += samples.length / sampleRate;
        audio.push(samples);
        this.#learn(audio);
        this.#maybeSeek();
      },
      end: () => {
        this.#fed = true;
        audio.end();
        this.#maybeSeek();
      },
    });
    const end = await audio.ended;
    if (end.reason === 'finished') await playhead.heardOut(end.seconds);
    audio.onState = undefined;
    return end;
  }

  /** Called once a frame: stays where others hear it, where there are any. */
  keepInStep(performanceMs: number): void {
    if (this.#step && this.audio) this.#step.update(this.audio, performanceMs);
  }

  /** Fades out, now or at the end of a syllable. */
  stop(audio: LineAudio, options: StopOptions): void {
    const fade = fadeOf(options);
    const { at = 'now' } = options;
    const { cues, words } = this.#intake;
    if (at === 'now' || (cues.length === 0 && words.length === 0)) {
      audio.stop(fade);
      return;
    }
    const { position } = audio;
    const from = position + MESSAGE_SECONDS * this.#rate;
    const until = syllableEnd(cues, words, from, (SYLLABLE_SECONDS - MESSAGE_SECONDS) * this.#rate);
    audio.stop(Math.min(fade, Math.max(SHORTEST_FADE_MS, ((until - position) / this.#rate) * 1000)), until);
  }

  /** Before its turn: it will begin at a line time, seconds, as soon as so much has come. Needs the sound kept. */
  joinAt(seconds: number): void {
    this.#patient = true;
    this.seek(seconds);
  }

  #maybeSeek(): void {
    const { audio } = this;
    const to = this.#seekTo;
    if (!audio || to === undefined || (this.#patient && !this.#fed && this.#fedSeconds < to)) return;
    this.#seekTo = undefined;
    audio.seek(to);
    if (!this.#paused) audio.resume();
  }

  get #wantedMs(): number {
    // The common delay is what is held back; a line that slows down to hold back more would lag behind the others.
    if (this.#step) return SHORTEST_TARGET_MS;
    return Math.max(this.#options.lateness?.targetMs ?? 0, this.#neededMs ?? this.#needMs);
  }

  /** What the source asks for; less by what it has told of mouth shapes ahead of the sound. */
  get #needMs(): number {
    const { lookAheadSeconds } = this.#options;
    const needed = Number.isFinite(lookAheadSeconds) ? lookAheadSeconds : 0;
    return 1000 * Math.max(0, needed - Math.max(0, this.#intake.shapesAhead));
  }

  /** A stall that is over teaches how much to hold back; so does every chunk. */
  #learn(audio: LineAudio): void {
    if (audio.state === 'playing') this.#neededMs ??= this.#needMs;
    if (audio.stalledMs > this.#stalledMs && audio.state === 'playing') {
      // A stream that keeps pace must stall where it is played faster: that says nothing of the link.
      if (this.#rate <= 1) this.#options.lateness?.handleStall(audio.stalledMs - this.#stalledMs);
      this.#stalledMs = audio.stalledMs;
    }
    if (this.#wantedMs === this.#askedMs) return;
    this.#askedMs = this.#wantedMs;
    audio.setTarget(this.#askedMs);
  }
}
