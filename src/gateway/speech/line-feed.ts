import { firstPacketFor, opusPosition } from '../../protocol/opus-bundle.ts';
import { SpeechError } from '../../speech/errors.ts';
import { Leave, type Leaving } from '../lines/leaving.ts';
import type { LineHead } from '../lines/line-log.ts';
import { speechErrorOf } from '../lines/line-maker.ts';
import type { LinePlace, SharedLine } from '../lines/line-request.ts';
import type { Opus } from '../lines/opus.ts';
import { Credit } from './credit.ts';
import { FaceQueue } from './face-queue.ts';
import { LinePump, type PumpOwner } from './line-pump.ts';
import type { Outlet } from './outlet.ts';

/** How a line is had: said to the client, made for later, or joined at a line time (seconds, or where others are). */
export type FeedKind =
  | { readonly type: 'say' | 'prefetch' }
  | { readonly type: 'join'; readonly from: number | undefined };

/** Where a client is in a line. */
export interface FeedPlace {
  /** Position that the next sound is to have. */
  readonly samples: number;
  readonly cues: number;
  readonly words: number;
  /** Place of the frame of the face that is next. */
  readonly shapes?: number;
}

const FROM_START: FeedPlace = { samples: 0, cues: 0, words: 0 };

/** Whose lines these are. */
export interface FeedOwner {
  /** Where sound goes in Opus. */
  readonly opus: Opus | undefined;
  nowMs(): number;
  /** Counts sound that is sent, seconds; gives the error to end the line with where there may be no more. */
  hear(seconds: number): SpeechError | undefined;
  /** The last message of a line is out; told once, also where it is sent again. */
  handleOver(): void;
  /** Told of what is no line's doing. */
  handleFault(error: unknown): void;
}

/** One line on its way to one client: never a byte of sound without credit. It can change its connection. */
export class LineFeed implements PumpOwner {
  readonly line: number;
  /** When its last message was sent, ms of the performance clock; undefined before. */
  overMs: number | undefined;
  readonly #owner: FeedOwner;
  readonly #kind: FeedKind;
  /** The line, which may have to be looked for. */
  readonly #sought: Promise<SharedLine>;
  readonly #credit: Credit;
  #over = false;
  /** Ends what is done until there is sound. */
  #leave: Leave | undefined;
  #pump: LinePump | undefined;
  /** Where it goes now, or went last. */
  #outlet: Outlet | undefined;
  /** The line, once it is found. */
  #shared: SharedLine | undefined;
  /** The sample that its sound begins with, once it is known. */
  #start: number | undefined;

  constructor(owner: FeedOwner, line: number, kind: FeedKind, sought: Promise<SharedLine>, credit: number) {
    this.line = line;
    this.#owner = owner;
    this.#kind = kind;
    this.#sought = sought;
    this.#credit = new Credit(credit);
    sought.catch(passOver); // The pump tells.
  }

  /** Whether its last message was sent. */
  get over(): boolean {
    return this.#over;
  }

  /** Sends it over `outlet`, from where the client is. */
  attach(outlet: Outlet, place: FeedPlace = FROM_START): void {
    this.detach();
    const leave = new Leave();
    this.#leave = leave;
    void this.#begin(outlet, place, leave); // Never rejects.
  }

  /** Its connection is lost: what was allowed on that one counts no more. */
  detach(): void {
    this.#leave?.abort();
    this.#leave = undefined;
    this.#pump?.leave();
    this.#pump = undefined;
  }

  /** A new connection begins without credit. */
  clearCredit(): void {
    this.#credit.clear();
  }

  allow(bytes: number): void {
    this.#credit.add(bytes);
  }

  /** The client does not want it any more: it ends with an error. */
  cancel(outlet: Outlet | undefined): void {
    this.detach();
    if (outlet) this.#fail(outlet, SpeechError.aborted());
  }

  /** Memory of its line, bytes, about; 0 until the line is found. */
  get bytes(): number {
    return this.#shared?.bytes ?? 0;
  }

  /** It is not needed any more here; `withdrawn`: nor anywhere for this client, also where it was asked for in advance. */
  release(withdrawn = false): void {
    this.detach();
    this.#sought.then((shared) => (withdrawn ? shared.withdraw() : shared.release()), passOver);
  }

  hear(seconds: number): SpeechError | undefined {
    return this.#owner.hear(seconds);
  }

  handleEnd(pump: LinePump): void {
    if (pump === this.#pump) this.#end();
  }

  handleFailure(error: unknown, pump: LinePump): void {
    if (pump !== this.#pump) return;
    this.#handleFailure(error);
  }

  async #begin(outlet: Outlet, place: FeedPlace, leave: Leave): Promise<void> {
    this.#outlet = outlet;
    try {
      const shared = await this.#sought;
      this.#shared = shared;
      if (leave.aborted) return;
      if (this.#kind.type === 'prefetch') await this.#prepare(shared, outlet, leave);
      else {
        const head = await shared.head;
        if (!leave.aborted) this.#send(shared, head, outlet, place);
      }
    } catch (error) {
      if (!leave.aborted) this.#handleFailure(error);
    }
  }

  async #prepare(shared: SharedLine, outlet: Outlet, signal: Leaving): Promise<void> {
    const all = Number.POSITIVE_INFINITY;
    for await (const _part of shared.read({ samples: all, cues: all, words: all, shapes: all }, signal));
    if (signal.aborted) return;
    outlet.tell({ type: 'ready', line: this.line });
    this.#end();
  }

  /** Begins to send; all that is there already goes to the system in one piece. */
  #send(shared: SharedLine, head: LineHead, outlet: Outlet, held: FeedPlace): void {
    const { sampleRate } = head;
    this.#start ??= this.#startOf(shared, head);
    const start = this.#start;
    const { line } = this;
    const { opus } = this.#owner;
    const first = opus ? firstPacketFor(start, sampleRate, opus.preSkip) : start;
    const place: LinePlace = { ...held, samples: Math.max(first, held.samples), shapes: 0 };
    // In Opus, what is heard is counted from where the client begins to hear.
    const position = opus
      ? Math.max(opusPosition(start, sampleRate, opus.preSkip), held.samples)
      : place.samples;
    const faces = new FaceQueue(start / sampleRate, held.shapes ?? 0);
    const cursor = shared.cursor(place, opus);
    const pump = new LinePump(this, outlet, { line, cursor, credit: this.#credit, faces, opus }, position);
    this.#pump = pump;
    outlet.gather();
    if (held.samples + held.cues + held.words === 0) this.#tellBegin(shared, head, start, outlet);
    pump.run();
    outlet.release();
  }

  #tellBegin(shared: SharedLine, head: LineHead, from: number, outlet: Outlet): void {
    const { share, origin, startedAt = this.#owner.nowMs() } = shared;
    const { opus } = this.#owner;
    const preSkip = opus && { preSkip: opus.preSkip };
    outlet.tell({ type: 'begin', line: this.line, share, origin, ...head, ...preSkip, from, startedAt });
  }

  /** Where the sound of the line begins for this client, samples. */
  #startOf({ startedAt }: SharedLine, { sampleRate }: LineHead): number {
    const kind = this.#kind;
    if (kind.type !== 'join') return 0;
    const seconds = kind.from ?? (startedAt === undefined ? 0 : (this.#owner.nowMs() - startedAt) / 1_000);
    return Math.max(0, Math.round(seconds * sampleRate));
  }

  #handleFailure(error: unknown): void {
    if (!(error instanceof SpeechError)) this.#owner.handleFault(error);
    if (this.#outlet) this.#fail(this.#outlet, speechErrorOf(error, 'The gateway'));
  }

  #fail(outlet: Outlet, { code, message, reason, refusal, retryAfterSeconds }: SpeechError): void {
    outlet.tell({
      type: 'error',
      line: this.line,
      code,
      message: reason ?? message, // Who refused is not the client's affair.
      ...(refusal && { refusal }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
    this.#end();
  }

  #end(): void {
    this.#over = true;
    this.overMs = performance.now();
    this.#owner.handleOver();
  }
}

/** What is told elsewhere. */
function passOver(): void {}
