import type { Line, LineState } from '../../src/index.ts';
import { element } from './element.ts';

const STATES: Readonly<Record<LineState, string>> = {
  queued: 'Waiting for its turn',
  loading: 'Fetching',
  waiting: 'Waiting for a click',
  buffering: 'Buffering',
  speaking: 'Speaking',
  stalled: 'Waiting for the stream',
  paused: 'Paused',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
};

/** Pause between two readings, milliseconds: a number that changes faster cannot be read. */
const EVERY_MS = 200;

/** The panel with the figures of the line that is spoken, or was last. Costs nothing while it is closed. */
export class Readings {
  readonly #panel = element('readings', HTMLDetailsElement);
  readonly #state = element('reading-state', HTMLElement);
  readonly #first = element('reading-first', HTMLElement);
  readonly #buffer = element('reading-buffer', HTMLElement);
  readonly #offset = element('reading-offset', HTMLElement);
  #line: Line | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    this.#panel.addEventListener('toggle', () => this.#follow());
  }

  /** Shows the figures of this line from now on. */
  show(line: Line): void {
    this.#line = line;
    this.#read();
  }

  #follow(): void {
    clearInterval(this.#timer);
    if (!this.#panel.open) return;
    this.#read();
    this.#timer = setInterval(() => this.#read(), EVERY_MS);
  }

  #read(): void {
    const line = this.#line;
    if (!line || !this.#panel.open) return;
    const { firstSoundMs, bufferedSeconds, offsetMs } = line.stats;
    this.#state.textContent = STATES[line.state];
    this.#first.textContent = milliseconds(firstSoundMs);
    this.#buffer.textContent = `${bufferedSeconds.toFixed(2)} s`;
    this.#offset.textContent = milliseconds(offsetMs);
  }
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '–' : `${Math.round(value) + 0} ms`;
}
