/** Where a window is in a line. */
interface Place {
  readonly line: string;
  /** Time of the machine, milliseconds. */
  readonly wallMs: number;
  /** Of the whole line, seconds. */
  readonly seconds: number;
}

/** Values of which the middle one is shown. */
const REMEMBERED = 15;

/** Other windows of this browser: they tell one another where they are, for the reading alone. */
export class Neighbours {
  readonly #channel = new BroadcastChannel('parley-shared-world');
  readonly #apart: number[] = [];
  #own: Place | undefined;

  constructor() {
    this.#channel.onmessage = ({ data }: MessageEvent<Place>) => this.#hear(data);
  }

  /** Tells where this window is. */
  tell(line: string, performanceMs: number, seconds: number): void {
    if (line !== this.#own?.line) this.#apart.length = 0;
    this.#own = { line, wallMs: performance.timeOrigin + performanceMs, seconds };
    this.#channel.postMessage(this.#own);
  }

  /** Milliseconds of line time between this window and the other; undefined where there is none. */
  get apartMs(): number | undefined {
    return [...this.#apart].sort((a, b) => a - b)[this.#apart.length >> 1];
  }

  #hear({ line, wallMs, seconds }: Place): void {
    const own = this.#own;
    if (!own || own.line !== line) return;
    this.#apart.push(1_000 * (own.seconds - seconds) - (own.wallMs - wallMs));
    if (this.#apart.length > REMEMBERED) this.#apart.shift();
  }
}
