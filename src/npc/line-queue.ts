import type { OpenPlayer } from './line-types.ts';
import type { TurnLine } from './turn-line.ts';

/**
 * Plays an NPC's lines one after the other. The line after the current one is fetched as soon as the current
 * one has come in whole, so that there is no pause between them but the one their audio holds.
 */
export class LineQueue {
  readonly #openPlayer: OpenPlayer;
  readonly #turnOf: (line: TurnLine) => Promise<void> | undefined;
  #running = false;
  readonly #waiting: TurnLine[] = [];
  #current: TurnLine | undefined;

  /** `turnOf`: waits, before a line begins, until the others let it; none where there is nobody to wait for. */
  constructor(
    openPlayer: OpenPlayer,
    turnOf: (line: TurnLine) => Promise<void> | undefined = () => undefined,
  ) {
    this.#openPlayer = openPlayer;
    this.#turnOf = turnOf;
  }

  /** The line whose turn it is. */
  get current(): TurnLine | undefined {
    return this.#current?.ended ? undefined : this.#current;
  }

  /** Lines that wait for their turn. */
  get linesWaiting(): number {
    return this.#waiting.length;
  }

  /** Whether a line has its turn, or waits for it. */
  get busy(): boolean {
    return this.current !== undefined || this.#waiting.length > 0;
  }

  /** Whether a line waits until others let it begin. */
  get waits(): boolean {
    return this.#current === undefined && this.#waiting.length > 0;
  }

  /** Adds a line at the end; it starts at once if nothing else speaks. */
  add(line: TurnLine): void {
    this.#waiting.push(line);
    if (!this.#running) void this.#run();
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
    this.#running = true;
    for (let line = this.#waiting[0]; line; line = this.#waiting[0]) {
      if (line.following) await Promise.race([line.following.begun(), line.finished]);
      const turn = this.#waiting[0] === line ? this.#turnOf(line) : undefined;
      if (turn) await turn;
      if (this.#waiting[0] !== line) continue; // Taken out while it waited.
      this.#waiting.shift();
      this.#current = line;
      await line.play(this.#openPlayer);
      this.#current = undefined;
    }
    this.#running = false;
  }
}
