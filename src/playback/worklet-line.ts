import { GapMap } from '../clock/gap-map.ts';
import type { OutputClock } from '../clock/output-clock.ts';
import { AudioError } from './audio-error.ts';
import type { AudioEnd, AudioState, LineAudio } from './line-player.ts';
import type { PlayerMessage, Receipt } from './worklet/messages.ts';

/** Longest piece that is posted at once, samples: keeps one message's copy on the audio thread under 0.1 ms. */
const PIECE = 4_096;

/** Most audio that waits on the audio thread, seconds; more stays on the page and follows as room is made. */
const RING_SECONDS = 4;

/** What a line needs of the player it plays in. */
export interface WorkletPort {
  readonly context: BaseAudioContext;
  readonly clock: OutputClock;
  /** Samples that the ring on the audio thread holds at most. */
  readonly capacity: number;
  post(message: PlayerMessage, transfer?: Transferable[]): void;
}

/** A line in the worklet: feeds its ring no faster than it empties, and keeps the map from its receipts. */
export class WorkletLine implements LineAudio {
  readonly ended: Promise<AudioEnd>;
  onState: ((state: AudioState) => void) | undefined;

  readonly #port: WorkletPort;
  readonly #line: number;
  readonly #sampleRate: number;
  readonly #room: number;
  readonly #map: GapMap;
  readonly #pending: Int16Array<ArrayBuffer>[] = [];
  #settle!: (end: AudioEnd) => void;
  #state: AudioState = 'buffering';
  #received = 0;
  #sent = 0;
  #consumed = 0;
  #inputEnded = false;
  #stopping = false;
  #endPosted = false;
  #playhead = 0;

  constructor(port: WorkletPort, line: number, sampleRate: number) {
    this.#port = port;
    this.#line = line;
    this.#sampleRate = sampleRate;
    this.#room = Math.min(port.capacity, RING_SECONDS * sampleRate);
    this.#map = new GapMap(port.context.sampleRate);
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get state(): AudioState {
    return this.#state;
  }

  get bufferedSeconds(): number {
    if (this.#state === 'ended') return 0;
    return Math.max(0, this.#received / this.#sampleRate - this.#map.rendered);
  }

  get startedAtMs(): number | undefined {
    const { start } = this.#map;
    return start === undefined ? undefined : this.#port.clock.performanceMsAt(start);
  }

  get offsetMs(): number {
    return this.#port.clock.error * 1000;
  }

  /** The map from what was rendered, for captions, marks and tests. */
  get gapMap(): GapMap {
    return this.#map;
  }

  push(samples: Int16Array<ArrayBuffer>): void {
    if (this.#inputEnded || this.#state === 'ended') return;
    this.#received += samples.length;
    this.#pending.push(samples);
    this.#feed();
  }

  end(): void {
    if (this.#inputEnded) return;
    this.#inputEnded = true;
    this.#feed();
  }

  stop(fadeMs: number): void {
    if (this.#state === 'ended') return;
    this.#inputEnded = true;
    this.#stopping = true;
    this.#pending.length = 0;
    const { context } = this.#port;
    this.#port.post({
      type: 'stop',
      line: this.#line,
      fadeFrames: Math.round((fadeMs / 1000) * context.sampleRate),
    });
    this.handleContextState();
  }

  playheadAt(performanceMs: number): number {
    this.#playhead = Math.max(
      this.#playhead,
      this.#map.lineTimeAt(this.#port.clock.contextTimeAt(performanceMs)),
    );
    return this.#playhead;
  }

  /** Takes in what the audio thread rendered. */
  handleReceipt(receipt: Receipt): void {
    if (this.#state === 'ended') return;
    this.#map.handleRun({
      contextFrame: receipt.contextFrame,
      lineFrame: receipt.lineFrame,
      frames: receipt.frames,
      open: receipt.state === 'playing',
    });
    this.#consumed = receipt.consumed;
    if (receipt.state === 'ended') this.#finish(receipt.stopped ? 'stopped' : 'finished');
    else this.#enter(receipt.state === 'playing' && this.#interrupted ? 'stalled' : receipt.state);
    this.#feed();
  }

  /** A context that does not run sends no receipts: a line that plays stalls then, one that was stopped is over. */
  handleContextState(): void {
    const { state } = this.#port.context;
    if (state === 'running' || this.#state === 'ended') return;
    if (this.#stopping) this.#finish('stopped');
    else if (state === 'closed') this.lose(AudioError.audioLost());
    else if (this.#state === 'playing') this.#enter('stalled');
  }

  /** The sound went away under the line. */
  lose(error: AudioError): void {
    if (this.#state !== 'ended') this.#finish(this.#stopping ? 'stopped' : 'lost', error);
  }

  /** Ends the line without waiting for the audio thread: when the player is disposed. */
  abandon(): void {
    if (this.#state !== 'ended') this.#finish('stopped');
  }

  #feed(): void {
    for (let next = this.#pending[0]; next; next = this.#pending[0]) {
      const room = this.#room - (this.#sent - this.#consumed);
      const piece = Math.min(next.length, PIECE);
      if (piece > room) return;
      if (piece === next.length) this.#pending.shift();
      else this.#pending[0] = next.subarray(piece);
      const samples = next.buffer.byteLength === piece * 2 ? next : next.slice(0, piece);
      this.#sent += piece;
      this.#port.post({ type: 'samples', line: this.#line, samples }, [samples.buffer]);
    }
    if (!this.#inputEnded || this.#endPosted) return;
    this.#endPosted = true;
    this.#port.post({ type: 'end', line: this.#line });
  }

  /** Receipts that were under way when the context was suspended still tell of playing. */
  get #interrupted(): boolean {
    const { state } = this.#port.context;
    return state !== 'running' && state !== 'closed';
  }

  #enter(state: AudioState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.onState?.(state);
  }

  #finish(reason: AudioEnd['reason'], error?: AudioError): void {
    this.#pending.length = 0;
    this.#enter('ended');
    this.#settle({ reason, seconds: this.#map.rendered, ...(reason === 'lost' && error ? { error } : {}) });
  }
}
