import { cueRow, wordRow } from '../../protocol/rows.ts';
import { pcmBytes, writeSoundFrame } from '../../protocol/sound-frame.ts';
import { MAX_CREDIT } from '../../protocol/wire.ts';
import { SpeechError } from '../../speech/errors.ts';
import type { AudioPart, SpeechPart } from '../../speech/part.ts';
import type { LineHead } from '../lines/line-log.ts';
import { speechErrorOf } from '../lines/line-maker.ts';
import type { LinePlace, SharedLine } from '../lines/line-request.ts';
import type { Outlet } from './outlet.ts';

/** Most sound in one frame, bytes: a tenth of a second at 44.1 kHz, so that lines on one socket take turns. */
const FRAME_BYTES = 8 * 1024;

/** Faces are not sent. */
const NO_SHAPES = Number.POSITIVE_INFINITY;

/** How a line is had: said to the client, made for later, or joined at a line time (seconds, or where others are). */
export type FeedKind =
  | { readonly type: 'say' | 'prefetch' }
  | { readonly type: 'join'; readonly from: number | undefined };

/** Where a client is in a line. */
export interface FeedPlace {
  readonly samples: number;
  readonly cues: number;
  readonly words: number;
}

const FROM_START: FeedPlace = { samples: 0, cues: 0, words: 0 };

interface FeedOptions {
  readonly line: number;
  readonly kind: FeedKind;
  /** The line, which may have to be looked for. */
  readonly shared: Promise<SharedLine>;
  readonly nowMs: () => number;
  /** Counts sound that is sent, seconds; gives the error to end the line with where there may be no more. */
  readonly hear: (seconds: number) => SpeechError | undefined;
  /** Its last message is out; told once, also where it is sent again. */
  readonly onOver: () => void;
  /** Told of what is no line's doing. */
  readonly onError: (error: unknown) => void;
}

/** One line on its way to one client: never a byte of sound without credit. It can change its connection. */
export class LineFeed {
  readonly line: number;
  /** When its last message was sent, ms of the performance clock; undefined before. */
  overMs: number | undefined;
  readonly #options: FeedOptions;
  #credit: number;
  #over = false;
  #pump: AbortController | undefined;
  #wake = () => {};
  /** The sample that its sound begins with, once it is known. */
  #start: number | undefined;

  constructor(options: FeedOptions, credit: number) {
    this.line = options.line;
    this.#options = options;
    this.#credit = credit;
    options.shared.catch(() => {}); // The pump tells.
  }

  /** Whether its last message was sent. */
  get over(): boolean {
    return this.#over;
  }

  /** Sends it over `outlet`, from where the client is. */
  attach(outlet: Outlet, place: FeedPlace = FROM_START): void {
    this.detach();
    const pump = new AbortController();
    this.#pump = pump;
    void this.#run(outlet, place, pump.signal); // Never rejects.
  }

  /** Its connection is lost: what was allowed on that one counts no more. */
  detach(): void {
    this.#pump?.abort();
    this.#pump = undefined;
    this.#wake();
  }

  /** A new connection begins without credit. */
  clearCredit(): void {
    this.#credit = 0;
  }

  allow(bytes: number): void {
    this.#credit = Math.min(MAX_CREDIT, this.#credit + bytes);
    this.#wake();
  }

  /** The client does not want it any more: it ends with an error. */
  cancel(outlet: Outlet | undefined): void {
    this.detach();
    if (outlet) this.#fail(outlet, SpeechError.aborted());
  }

  /** It is not needed any more here. */
  release(): void {
    this.detach();
    this.#options.shared.then(
      (shared) => shared.release(),
      () => {},
    );
  }

  async #run(outlet: Outlet, place: FeedPlace, signal: AbortSignal): Promise<void> {
    try {
      const shared = await this.#options.shared;
      if (signal.aborted) return;
      if (this.#options.kind.type === 'prefetch') await this.#prepare(shared, outlet, signal);
      else await this.#send(shared, outlet, place, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof SpeechError)) this.#options.onError(error);
      this.#fail(outlet, speechErrorOf(error, 'The gateway'));
    }
  }

  async #prepare(shared: SharedLine, outlet: Outlet, signal: AbortSignal): Promise<void> {
    const all = Number.POSITIVE_INFINITY;
    for await (const _part of shared.read({ samples: all, cues: all, words: all, shapes: all }, signal));
    if (signal.aborted) return;
    outlet.tell({ type: 'ready', line: this.line });
    this.#end();
  }

  async #send(shared: SharedLine, outlet: Outlet, held: FeedPlace, signal: AbortSignal): Promise<void> {
    const head = await shared.head;
    if (signal.aborted) return;
    this.#start ??= this.#startOf(shared, head);
    const start = this.#start;
    const place: LinePlace = { ...held, samples: Math.max(start, held.samples), shapes: NO_SHAPES };
    if (held.samples + held.cues + held.words === 0) this.#begin(shared, head, start, outlet);
    let position = place.samples;
    for await (const part of shared.read(place, signal)) {
      if (part.type === 'audio') position = await this.#sound(part, position, outlet, signal);
      else await this.#rest(part, position, outlet, signal);
      if (signal.aborted) return;
    }
  }

  #begin(shared: SharedLine, head: LineHead, from: number, outlet: Outlet): void {
    const { share, origin, startedAt = this.#options.nowMs() } = shared;
    outlet.tell({ type: 'begin', line: this.line, share, origin, ...head, from, startedAt });
  }

  /** Where the sound of the line begins for this client, samples. */
  #startOf({ startedAt }: SharedLine, { sampleRate }: LineHead): number {
    const { kind, nowMs } = this.#options;
    if (kind.type !== 'join') return 0;
    const seconds = kind.from ?? (startedAt === undefined ? 0 : (nowMs() - startedAt) / 1_000);
    return Math.max(0, Math.round(seconds * sampleRate));
  }

  async #sound(
    { samples, sampleRate }: AudioPart,
    position: number,
    outlet: Outlet,
    signal: AbortSignal,
  ): Promise<number> {
    let at = 0;
    while (at < samples.length) {
      await this.#creditFor(signal);
      await this.#roomIn(outlet, signal);
      if (signal.aborted) break;
      const count = Math.min(samples.length - at, FRAME_BYTES >> 1, this.#credit >> 1);
      const spent = this.#options.hear(count / sampleRate);
      if (spent) throw spent;
      const payload = pcmBytes(samples.subarray(at, at + count));
      this.#credit -= payload.length;
      outlet.send(writeSoundFrame({ codec: 'pcm', line: this.line, position: position + at, payload }));
      at += count;
    }
    return position + at;
  }

  async #rest(part: SpeechPart, position: number, outlet: Outlet, signal: AbortSignal): Promise<void> {
    await this.#roomIn(outlet, signal);
    if (signal.aborted) return;
    const { line } = this;
    if (part.type === 'cues') outlet.tell({ type: 'cues', line, cues: part.cues.map(cueRow) });
    else if (part.type === 'words') outlet.tell({ type: 'words', line, words: part.words.map(wordRow) });
    else if (part.type === 'end') {
      outlet.tell({ type: 'end', line, samples: position });
      this.#end();
    }
  }

  async #creditFor(signal: AbortSignal): Promise<void> {
    while (this.#credit < 2 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async #roomIn(outlet: Outlet, signal: AbortSignal): Promise<void> {
    if (!(await outlet.room(() => signal.aborted))) {
      throw SpeechError.told('stalled', 'The client took nothing for 5 s: the line is dropped.');
    }
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
    this.#options.onOver();
  }
}
