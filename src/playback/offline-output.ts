import type { OutputClock } from '../clock/output-clock.ts';
import type { HostState, Output } from './output.ts';
import type { VoicePlayer } from './voice-player.ts';

/** A recording: time is that of the context, and what is rendered is heard at that moment. */
export class OfflineOutput implements Output {
  /** Time of the frame that is being made, milliseconds from the beginning of the recording. */
  frameMs = 0;
  #begun = false;
  readonly #players = new Set<VoicePlayer>();
  readonly #context: OfflineAudioContext;
  readonly #clock: OutputClock;

  constructor(context: OfflineAudioContext, clock: OutputClock) {
    this.#context = context;
    this.#clock = clock;
  }

  /** Whether the recording has begun: a context can be rendered once. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Takes in a player: once the recording has begun, its messages arrive at frames alone. */
  addPlayer(player: VoicePlayer): void {
    this.#players.add(player);
    if (this.#begun) player.holdReceipts();
  }

  /** The recording begins. */
  begin(): void {
    this.#begun = true;
    for (const player of this.#players) player.holdReceipts();
  }

  /** Resolves when page and audio thread have told each other everything. */
  async settleAsync(): Promise<void> {
    for (const player of this.#players) if (player.disposed) this.#players.delete(player);
    await Promise.all(Array.from(this.#players, (player) => player.settleAsync()));
  }

  get state(): HostState {
    return this.#context.state === 'closed' ? 'closed' : 'running';
  }

  async unlockAsync(): Promise<void> {}

  setTrimMs(): void {}

  setSpeaking(): void {}

  update(performanceMs: number): void {
    const seconds = performanceMs / 1000;
    this.#clock.handleReading({
      running: true,
      nowMs: performanceMs,
      currentTime: Math.max(seconds, this.#context.currentTime),
      outputTime: seconds,
      outputMs: performanceMs,
      outputLatency: 0,
      baseLatency: 0,
    });
  }

  handleState(): void {}

  dispose(): void {}
}

/** Whether a context is one for recordings. */
export function isOffline(context: BaseAudioContext): context is OfflineAudioContext {
  return 'startRendering' in context;
}
