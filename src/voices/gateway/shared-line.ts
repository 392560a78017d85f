import type { BeginMessage } from '../../protocol/gateway-messages.ts';
import { Field } from '../../speech/field.ts';
import type { LineSchedule } from '../../speech/source.ts';

/**
 * What others need to hear a line at the same moment: plain JSON, which the game tells them by its own network. Whoever has
 * it may hear the line.
 */
export interface LineInvitation {
  /** Names the line to the gateway. */
  readonly share: string;
  /** When its first sample is to be heard everywhere, milliseconds of the gateway's clock. */
  readonly at: number;
  /** What is said in it. */
  readonly text: string;
}

/** How a line is shared. */
export interface ShareOptions {
  /**
   * Time between the line's beginning at the gateway and the moment at which everybody begins to hear it, milliseconds, 0
   * to 5,000: in it the invitation and the first sound must have reached the others, else they miss the first syllables.
   * Default 300, and what the source needs ahead.
   */
  readonly delayMs?: number;
}

/** Longest delay of a shared line, milliseconds. */
const LONGEST_DELAY_MS = 5_000;
const USUAL_DELAY_MS = 300;

/** What whoever comes late gives a line to arrive, milliseconds: the way there and back, and the first of the sound. */
const JOINING_MS = 250;

/** Throws `InputError` for a delay that cannot be. */
export function delayOf({ delayMs }: ShareOptions, lookAheadSeconds: number): number {
  if (delayMs === undefined) return USUAL_DELAY_MS + 1_000 * lookAheadSeconds;
  return new Field(delayMs, 'share(text, tell, { delayMs })').number(0, LONGEST_DELAY_MS);
}

/** Checks what came over the game's network. Throws `InputError`, which names the field. */
export function readInvitation(given: unknown): LineInvitation {
  const field = new Field(given, 'join(invitation)');
  const share = field.get('share').text();
  return { share, at: field.get('at').number(), text: field.get('text').text() };
}

/** When a shared line is heard, as the offset of the gateway's clock is known by now. */
export class SharedSchedule implements LineSchedule {
  readonly #offsetMs: () => number | undefined;
  #known: number | undefined;
  /** When line time 0 of this listener is due, milliseconds of the gateway's clock; undefined before the line has begun. */
  #at: number | undefined;

  /** `offsetMs`: how far the gateway's clock is ahead of the page's; undefined while that is not known. */
  constructor(offsetMs: () => number | undefined) {
    this.#offsetMs = offsetMs;
  }

  get zeroMs(): number | undefined {
    const offset = this.#offset;
    return this.#at === undefined || offset === undefined ? undefined : this.#at - offset;
  }

  /** The line has begun, and is to be heard after `delayMs`. Gives the moment on the gateway's clock. */
  beginIn(delayMs: number): number {
    this.#at = performance.now() + (this.#offset ?? 0) + delayMs;
    return this.#at;
  }

  /** The line has begun, for a listener who comes at `from` of it; its first sample was due `at`. */
  join(at: number, { from, sampleRate }: BeginMessage): void {
    this.#at = at + (from / sampleRate) * 1_000;
  }

  /** Line time from which a listener who asks now can be in time, seconds. */
  reachable(at: number): number {
    return Math.max(0, (performance.now() + (this.#offset ?? 0) + JOINING_MS - at) / 1_000);
  }

  /** The last one stands while another connection is being made. */
  get #offset(): number | undefined {
    this.#known = this.#offsetMs() ?? this.#known;
    return this.#known;
  }
}
