/** Whether the page may make sound: `locked` until the player's first gesture and during an interruption. */
export type HostState = 'running' | 'locked' | 'closed';

/** Where the sound of a host goes, and how it is known what is heard when. */
export interface Output {
  readonly state: HostState;
  /** Asks the browser for sound; resolves when it runs. */
  unlockAsync(): Promise<void>;
  /** Sets the user's trim, milliseconds. Throws `InputError` beyond its range. */
  setTrimMs(trimMs: number): void;
  /** Told whether any line is on. */
  setSpeaking(speaking: boolean): void;
  /** Once a frame, at its beginning: reads the clock when it is due. */
  update(performanceMs: number): void;
  /** The context's state has changed. */
  handleState(): void;
  dispose(): void;
}
