import { Observable } from '@babylonjs/core/Misc/observable.js';
import { READING } from '../clock/gap-map.ts';
import type { LiveMouth } from '../lipsync/timing/live-mouth.ts';
import type { LineAudio } from '../playback/line-player.ts';
import type { LiveTracks } from '../playback/live-tracks.ts';
import type { WordMark } from '../speech/cue.ts';
import { InputError, ParleyError, SpeechError } from '../speech/errors.ts';
import type { Mark } from '../speech/marks.ts';
import type { SpeechRequest } from '../speech/source.ts';
import type { Track } from '../speech/track.ts';
import { untilAborted } from '../speech/until-aborted.ts';
import { type Heard, heardOf } from './heard.ts';
import { LineCourse } from './line-course.ts';
import { checkStop, fadeOf } from './line-sound.ts';
import type {
  Addressee,
  LineResult,
  LineState,
  LineStats,
  OpenLivePlayer,
  StopOptions,
} from './line-types.ts';
import { Playhead } from './playhead.ts';
import type { TurnLine } from './turn-line.ts';

/** Chunks of sound after which the tracks of the stream are looked at again: a fifth of a second. */
const CHUNKS_A_LOOK = 20;

/** What a {@link LiveLine} is made of. */
export interface LiveLineOptions {
  readonly tracks: LiveTracks;
  /** How much later than it comes the stream is heard, seconds. */
  readonly lookAheadSeconds: number;
  /** Performance time at which it was said, milliseconds. */
  readonly saidAtMs: number;
  readonly openPlayer: OpenLivePlayer;
}

/** A line that is being spoken by somebody else: what a live stream brings, a little later, with a mouth made of its sound. */
export class LiveLine implements TurnLine {
  readonly #course = new LineCourse();
  readonly onStateObservable = this.#course.onStateObservable;
  readonly onWordObservable = new Observable<WordMark>();
  readonly onMarkObservable = new Observable<Mark>();
  readonly finished = this.#course.finished;
  priority = 0;
  to: Addressee | undefined;
  readonly text = '';
  readonly request: SpeechRequest = { text: '' };
  readonly words: readonly WordMark[] = [];
  readonly keeps = false;

  readonly #options: LiveLineOptions;
  readonly #abort = new AbortController();
  readonly #playhead = new Playhead();
  #audio: LineAudio | undefined;
  #mouth: LiveMouth | undefined;
  #samples = 0;
  #sampleRate = 0;
  #chunks = 0;
  #paused = false;
  #closed = false;
  #firstSoundMs: number | undefined;
  #failure: ParleyError | undefined;

  constructor(options: LiveLineOptions) {
    this.#options = options;
    loadMouth()
      .then(({ LiveMouth: Mouth }) => Mouth.prepareAsync())
      .catch(() => {}); // Tried again, and told, when its turn has come.
  }

  get state(): LineState {
    return this.#course.state;
  }

  get ended(): boolean {
    return this.#course.result !== undefined;
  }

  get failure(): ParleyError | undefined {
    return this.#failure;
  }

  get fetched(): boolean {
    return this.#closed;
  }

  get rest(): string | undefined {
    return this.#course.result?.outcome === 'stopped' ? '' : undefined;
  }

  get playhead(): number {
    return this.#playhead.seconds;
  }

  get reading(): Float64Array {
    return this.#playhead.reading;
  }

  get stats(): LineStats {
    const audio = this.#audio;
    const heardAtMs = audio?.startedAtMs;
    const { saidAtMs } = this.#options;
    return {
      firstSoundMs: this.#firstSoundMs ?? (heardAtMs === undefined ? undefined : heardAtMs - saidAtMs),
      bufferedSeconds: audio?.bufferedSeconds ?? 0,
      stalledMs: audio?.stalledMs ?? 0,
      targetMs: audio?.targetMs ?? 0,
      offsetMs: heardAtMs === undefined ? undefined : audio?.offsetMs,
    };
  }

  get soundEndMs(): number | undefined {
    const { seconds } = this.#course.result ?? {};
    return seconds === undefined ? undefined : this.#audio?.expectedAtMs(seconds);
  }

  get rate(): number {
    return 1;
  }
  set rate(rate: number) {
    if (rate !== 1) throw new InputError('line.rate', '1 for a live stream', String(rate));
  }

  pause(): void {
    this.#paused = true;
    this.#audio?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#audio?.resume();
  }

  seek(): void {
    throw new InputError('line.seek()', 'a track, or a line said with { keep: true }', 'a live stream');
  }

  async track(): Promise<Track> {
    throw new InputError('line.track()', 'a track, or a line said with { keep: true }', 'a live stream');
  }

  /** Nothing comes before its turn. */
  async fetch(): Promise<void> {}

  async play(): Promise<void> {
    if (this.#course.result) return;
    const { tracks, lookAheadSeconds, openPlayer } = this.#options;
    this.#course.enter('waiting');
    try {
      const player = await untilAborted(openPlayer(this.#abort.signal), this.#abort.signal);
      if (this.ended) return;
      const { sampleRate } = player.context;
      this.#sampleRate = sampleRate;
      const audio = player.beginLive({
        tracks,
        delayMs: lookAheadSeconds * 1000,
        onSamples: (samples) => this.#handleSamples(samples),
      });
      this.#audio = audio;
      this.#samples = Math.round((audio.targetMs / 1000) * sampleRate);
      void this.#listen();
      if (this.#paused) audio.pause();
      this.#course.enter('buffering');
      audio.onState = (state) => {
        if (state !== 'ended') this.#course.enter(state === 'playing' ? 'speaking' : state);
      };
      const { reason, seconds, error = this.#failure } = await audio.ended;
      if (reason === 'finished' && !this.#stopping) await this.#playhead.heardOut(seconds);
      audio.onState = undefined;
      if (reason === 'stopped' || this.#stopping) this.#stopped(seconds);
      else this.#end(error ? { outcome: 'failed', seconds, error } : { outcome: 'finished', seconds });
    } catch (error) {
      if (this.#stopping) this.#stopped(0);
      else this.#end({ outcome: 'failed', seconds: 0, error: reasonOf(error) });
    }
  }

  async stop(options: StopOptions = {}): Promise<Heard> {
    checkStop(options);
    this.#abort.abort();
    this.#playhead.giveUp();
    if (this.#audio) this.#audio.stop(fadeOf(options));
    else this.#stopped(0);
    const { seconds } = await this.finished;
    return heardOf('', [], seconds, false);
  }

  sample(performanceMs: number, out: Float32Array): void {
    const audio = this.#audio;
    if (this.#options.tracks.over) this.#close();
    if (!audio) return;
    this.#playhead.update(audio, performanceMs);
    if (this.#firstSoundMs === undefined && this.#playhead.begun)
      this.#firstSoundMs = this.stats.firstSoundMs;
    if (this.#mouth) this.#mouth.sampleAt(this.#playhead.reading, READING.line, out);
    else out.fill(0);
  }

  /** Loads what the mouth is made with; the sound does not wait for it. */
  async #listen(): Promise<void> {
    try {
      const { LiveMouth: Mouth } = await loadMouth();
      const { lookAheadSeconds: delaySeconds } = this.#options;
      this.#mouth = await Mouth.createAsync(() => {
        return { sampleRate: this.#sampleRate, delaySeconds, skipped: this.#samples };
      });
      if (this.#closed) this.#mouth.end();
    } catch (cause) {
      this.#failure = SpeechError.synthesisFailed(
        'what tells the sounds of a line could not be loaded',
        cause,
      );
      this.#close();
    }
  }

  #handleSamples(samples: Int16Array<ArrayBuffer>): void {
    this.#samples += samples.length;
    this.#mouth?.push(samples);
    if (++this.#chunks % CHUNKS_A_LOOK === 0) this.#options.tracks.refresh();
  }

  /** Nothing more comes: the line ends with what is on its way. */
  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#mouth?.end();
    if (this.#audio) this.#audio.end();
    else this.#end({ outcome: 'finished', seconds: 0 });
  }

  get #stopping(): boolean {
    return this.#abort.signal.aborted;
  }

  #stopped(seconds: number): void {
    this.#end({ outcome: 'stopped', seconds });
  }

  #end(result: LineResult): void {
    this.#course.end(result, () => {
      if (result.error) this.#failure = result.error;
      this.#abort.abort();
    });
  }
}

/** A module of its own: games that play no live streams do without. */
function loadMouth(): Promise<typeof import('../lipsync/timing/live-mouth.ts')> {
  return import('../lipsync/timing/live-mouth.ts');
}

function reasonOf(error: unknown): ParleyError {
  return error instanceof ParleyError ? error : SpeechError.closedEarly('the stream', error);
}
