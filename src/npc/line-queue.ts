import type { OpenPlayer } from './line-types.ts';
import type { TurnLine } from './turn-line.ts';

/**
 * Plays an NPC's lines one after the other. The line after the current one is fetched as soon as the current
 * one has come in whole, so that there is no pause between them but the one their audio holds.
 */
export class LineQueue {
  readonly #openPlayer: OpenPlayer;
  readonly #waiting: TurnLine[] = [];
  #current: TurnLine | undefined;

  constructor(openPlayer: OpenPlayer) {
    this.#openPlayer = openPlayer;
  }

  /** The line whose turn it is. */
  get current(): TurnLine | undefined {
    return this.#current?.ended ? undefined : this.#current;
  }

  /** Whether a line has its turn, or waits for it. */
  get busy(): boolean {
    return this.current !== undefined || this.#waiting.length > 0;
  }

  /** Adds a line at the end; it starts at once if nothing else speaks. */
  add(line: TurnLine): void {
    this.#waiting.push(line);
    if (!this.#current) void this.#run();
  }

  /** Takes out every line that has not begun. */
  clear(): TurnLine[] {
    return this.#waiting.splice(0);
  }

  /** Called once a frame: fetches ahead. */
  update(): void {
    if (this.#current?.fetched) void this.#waiting[0]?.fetch();
  }

  async #run(): Promise<void> {
    for (let line = this.#waiting.shift(); line; line = this.#waiting.shift()) {
      this.#current = line;
      await line.play(this.#openPlayer);
    }
    this.#current = undefined;
  }
}
