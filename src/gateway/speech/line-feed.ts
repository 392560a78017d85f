import { firstPacketFor, OPUS_RATE, opusPosition, PACKET_SAMPLES } from '../../protocol/opus-bundle.ts';
import { cueRow, wordRow } from '../../protocol/rows.ts';
import { pcmBytes } from '../../protocol/sound-frame.ts';
import { SpeechError } from '../../speech/errors.ts';
import type { AudioPart, CuesPart, SpeechPart, WordsPart } from '../../speech/part.ts';
import { toShapesJson } from '../../speech/shapes-json.ts';
import type { LineHead } from '../lines/line-log.ts';
import { speechErrorOf } from '../lines/line-maker.ts';
import type { LinePlace, SharedLine } from '../lines/line-request.ts';
import type { Opus } from '../lines/opus.ts';
import type { EncodedPart, OpusPart } from '../lines/opus-log.ts';
import { Leave, type Leaving } from '../lines/readers.ts';
import { Credit } from './credit.ts';
import { FaceQueue } from './face-queue.ts';
import { keptFrames } from './kept-frames.ts';
import type { Outgoing, Outlet } from './outlet.ts';

/** Most sound in one frame, bytes: a tenth of a second at 44.1 kHz, so that lines on one socket take turns. */
const FRAME_BYTES = 8 * 1024;

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

/** One sending of a line, over one connection. */
interface Way {
  readonly outlet: Outlet;
  readonly signal: Leaving;
  readonly faces: FaceQueue;
}

/** One line on its way to one client: never a byte of sound without credit. It can change its connection. */
export class LineFeed {
  readonly line: number;
  /** When its last message was sent, ms of the performance clock; undefined before. */
  overMs: number | undefined;
  readonly #owner: FeedOwner;
  readonly #kind: FeedKind;
  /** The line, which may have to be looked for. */
  readonly #sought: Promise<SharedLine>;
  readonly #credit: Credit;
  #over = false;
  #pump: Leave | undefined;
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
    const pump = new Leave();
    this.#pump = pump;
    void this.#run(outlet, place, pump); // Never rejects.
  }

  /** Its connection is lost: what was allowed on that one counts no more. */
  detach(): void {
    this.#pump?.abort();
    this.#pump = undefined;
    this.#credit.nudge();
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

  async #run(outlet: Outlet, place: FeedPlace, signal: Leaving): Promise<void> {
    try {
      const shared = await this.#sought;
      this.#shared = shared;
      if (signal.aborted) return;
      if (this.#kind.type === 'prefetch') await this.#prepare(shared, outlet, signal);
      else await this.#send(shared, outlet, place, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof SpeechError)) this.#owner.handleFault(error);
      this.#fail(outlet, speechErrorOf(error, 'The gateway'));
    }
  }

  async #prepare(shared: SharedLine, outlet: Outlet, signal: Leaving): Promise<void> {
    const all = Number.POSITIVE_INFINITY;
    for await (const _part of shared.read({ samples: all, cues: all, words: all, shapes: all }, signal));
    if (signal.aborted) return;
    outlet.tell({ type: 'ready', line: this.line });
    this.#end();
  }

  async #send(shared: SharedLine, outlet: Outlet, held: FeedPlace, signal: Leaving): Promise<void> {
    const head = await shared.head;
    if (signal.aborted) return;
    const { sampleRate } = head;
    this.#start ??= this.#startOf(shared, head);
    const start = this.#start;
    if (held.samples + held.cues + held.words === 0) this.#begin(shared, head, start, outlet);
    const faces = new FaceQueue(start / sampleRate, held.shapes ?? 0);
    const way = { outlet, signal, faces };
    const { opus } = this.#owner;
    if (opus) {
      const first = firstPacketFor(start, sampleRate, opus.preSkip);
      const place: LinePlace = { ...held, samples: Math.max(first, held.samples), shapes: 0 };
      // What is heard is counted from where the client begins to hear.
      let heard = Math.max(opusPosition(start, sampleRate, opus.preSkip), held.samples);
      for await (const part of shared.readOpus(opus, place, signal)) {
        if (part.type === 'opus') {
          const bytes = part.payload.length;
          if (this.#mustWait(bytes, way)) await this.#wait(bytes, way);
          if (!signal.aborted) heard = this.#bundle(part, heard, opus, way);
        } else await this.#rest(part, way, part.type === 'end' ? part.samples : 0);
        if (signal.aborted) return;
      }
      return;
    }
    const place: LinePlace = { ...held, samples: Math.max(start, held.samples), shapes: 0 };
    let position = place.samples;
    for await (const part of shared.read(place, signal)) {
      if (part.type === 'audio') {
        const { length } = part.samples;
        for (let at = 0; at < length && !signal.aborted; ) {
          if (this.#mustWait(2, way)) await this.#wait(2, way);
          if (!signal.aborted) at = this.#samples(part, at, position, way);
        }
        position += length;
      } else await this.#rest(part, way, position);
      if (signal.aborted) return;
    }
  }

  #begin(shared: SharedLine, head: LineHead, from: number, outlet: Outlet): void {
    const { share, origin, startedAt = this.#owner.nowMs() } = shared;
    const { opus } = this.#owner;
    const preSkip = opus && { preSkip: opus.preSkip };
    outlet.gather();
    outlet.tell({ type: 'begin', line: this.line, share, origin, ...head, ...preSkip, from, startedAt });
  }

  /** Where the sound of the line begins for this client, samples. */
  #startOf({ startedAt }: SharedLine, { sampleRate }: LineHead): number {
    const kind = this.#kind;
    if (kind.type !== 'join') return 0;
    const seconds = kind.from ?? (startedAt === undefined ? 0 : (this.#owner.nowMs() - startedAt) / 1_000);
    return Math.max(0, Math.round(seconds * sampleRate));
  }

  /** Sends samples of a part from `at` on, which has `position`: one frame. Gives the next place. */
  #samples({ samples, sampleRate }: AudioPart, at: number, position: number, way: Way): number {
    const count = Math.min(samples.length - at, FRAME_BYTES >> 1, this.#credit.bytes >> 1);
    const payload = pcmBytes(samples.subarray(at, at + count));
    const frame = { codec: 'pcm', line: this.line, position: position + at, payload } as const;
    this.#account(payload.length, count / sampleRate, (position + at + count) / sampleRate, way);
    way.outlet.send(keptFrames.sound(samples, at, frame));
    return at + count;
  }

  #bundle(part: OpusPart, heard: number, { preSkip }: Opus, way: Way): number {
    const { position, packets, payload } = part;
    const end = position + packets * PACKET_SAMPLES;
    const seconds = Math.max(0, end - heard) / OPUS_RATE;
    this.#account(payload.length, seconds, (end - preSkip) / OPUS_RATE, way);
    way.outlet.send(keptFrames.sound(payload, 0, { codec: 'opus', line: this.line, position, payload }));
    return Math.max(heard, end);
  }

  /** Whether so many bytes of sound have to wait for credit or room: mostly they have not, and go at once. */
  #mustWait(bytes: number, { outlet }: Way): boolean {
    return this.#credit.bytes < bytes || outlet.full;
  }

  async #wait(bytes: number, way: Way): Promise<void> {
    await this.#credit.atLeast(bytes, way.signal);
    if (way.outlet.full) await this.#roomIn(way);
  }

  /** Sound is about to be sent: `seconds` of it are heard, up to `end` in line time. Throws what ends the line. */
  #account(bytes: number, seconds: number, end: number, way: Way): void {
    const spent = this.#owner.hear(seconds);
    if (spent) throw spent;
    this.#faces(end, way);
    this.#credit.take(bytes);
  }

  /** `samples`: of the line, where it ends. */
  async #rest(
    part: Exclude<SpeechPart | EncodedPart, { type: 'audio' | 'opus' }>,
    way: Way,
    samples: number,
  ): Promise<void> {
    if (part.type === 'shapes') {
      way.faces.add(part);
      return;
    }
    if (way.outlet.full) await this.#roomIn(way);
    if (way.signal.aborted) return;
    const { line } = this;
    const { outlet } = way;
    if (part.type !== 'end') outlet.send(keptFrames.marks(part, line, () => marksText(part, line)));
    else {
      this.#faces(Number.POSITIVE_INFINITY, way);
      outlet.tell({ type: 'end', line, samples });
      this.#end();
    }
  }

  #faces(seconds: number, { outlet, faces }: Way): void {
    if (faces.empty) return;
    for (const { fps, from, frames } of faces.until(seconds)) {
      outlet.tell({ type: 'shapes', line: this.line, from, ...toShapesJson({ fps, frames }) });
    }
  }

  async #roomIn({ outlet, signal }: Way): Promise<void> {
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
    this.#owner.handleOver();
  }
}

function marksText(part: CuesPart | WordsPart, line: number): string {
  const message: Outgoing =
    part.type === 'cues'
      ? { type: 'cues', line, cues: part.cues.map(cueRow) }
      : { type: 'words', line, words: part.words.map(wordRow) };
  return JSON.stringify(message);
}

/** What is told elsewhere. */
function passOver(): void {}
