import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { LineWriter } from '../stores/store.ts';
import { LineLog, type LineManner } from './line-log.ts';
import type { LinePlace, Pay, Refund } from './line-request.ts';
import type { Opus } from './opus.ts';
import { type EncodedPart, OpusLog } from './opus-log.ts';
import type { PartCursor } from './part-cursor.ts';

/** How a line came to be here. */
export type LineOrigin = 'hit' | 'joined' | 'fresh';

/** A line under way or kept, with all that those who share it have in common. */
export class Line {
  readonly key: string;
  readonly log: LineLog;
  /** Ends the making. */
  readonly abort = new AbortController();
  /** How many want it. */
  wants = 0;
  /** How often it was asked for in advance, and not taken back: then it goes on without anybody. */
  prefetches = 0;
  /** Who can pay for it, first come first; each once for each time that they wait. */
  readonly payers: Pay[] = [];
  /** Its name for others, once somebody wanted to know it. */
  share: string | undefined;
  /** Set where it is made here and other gateways may read it. */
  writer: LineWriter | undefined;
  /** When its first sound was read for the first time, ms. */
  startedAt: number | undefined;
  /** Told when that is. */
  onStart = () => {};
  #encoded: OpusLog | undefined;
  #onSound: (() => void) | undefined;
  #manner: LineManner | undefined;
  #origin: LineOrigin | undefined;
  #onOrigin: ((origin: LineOrigin) => void)[] = [];
  #priority: number;
  readonly #lifts = new Set<(priority: number) => void>();

  constructor(key: string, priority: number, limitSeconds: number) {
    this.key = key;
    this.log = new LineLog(limitSeconds);
    this.#priority = priority;
  }

  /** For who asked first; undefined while it is looked for. */
  get origin(): LineOrigin | undefined {
    return this.#origin;
  }

  /** The highest of all who asked. */
  get priority(): number {
    return this.#priority;
  }

  /** It comes from there, and is of this manner. */
  begin(origin: LineOrigin, manner: LineManner): void {
    this.#manner = manner;
    this.setOrigin(origin);
  }

  /** Only the first word counts. */
  setOrigin(origin: LineOrigin): void {
    this.#origin ??= origin;
    for (const listener of this.#onOrigin.splice(0)) listener(this.#origin);
  }

  /** Told at once where it is known already. */
  whenOrigin(listener: (origin: LineOrigin) => void): void {
    if (this.#origin) listener(this.#origin);
    else this.#onOrigin.push(listener);
  }

  append(part: SpeechPart, where: string): void {
    this.log.append(part, () => this.#manner!, where);
  }

  /** Has one of those who wait pay. Throws what the last of them said, where none can. */
  async collect(characters: number): Promise<Refund | undefined> {
    const refused = new Set<Pay>();
    let reason: unknown = SpeechError.aborted(); // Nobody waits any more.
    for (;;) {
      const payer = this.payers.find((each) => !refused.has(each)); // More may have come, and some have gone.
      if (!payer) throw reason;
      try {
        return await payer(characters);
      } catch (error) {
        reason = error;
        refused.add(payer);
      }
    }
  }

  /** Somebody wants it with this priority. */
  lift(priority: number): void {
    if (priority <= this.#priority) return;
    this.#priority = priority;
    for (const listener of [...this.#lifts]) listener(priority);
  }

  readonly onLift = (listener: (priority: number) => void): (() => void) => {
    this.#lifts.add(listener);
    return () => this.#lifts.delete(listener);
  };

  /** Its parts from a place on, with the sound in Opus where that is given; `nowMs` is the desk's clock. */
  cursor(from: LinePlace, opus: Opus | undefined, nowMs: () => number): PartCursor<SpeechPart | EncodedPart> {
    this.#onSound ??= () => this.#start(nowMs);
    if (!opus) return this.log.cursor(from, this.#onSound);
    this.#encoded ??= new OpusLog(this.log, opus);
    return this.#encoded.cursor(from, this.#onSound);
  }

  #start(nowMs: () => number): void {
    if (this.startedAt !== undefined) return;
    this.startedAt = nowMs();
    this.onStart();
  }

  /** A kept line that nobody can hear any more begins anew. */
  rewind(now: number): void {
    if (this.startedAt !== undefined && now > this.startedAt + this.log.seconds * 1_000) {
      this.startedAt = undefined;
    }
  }
}
