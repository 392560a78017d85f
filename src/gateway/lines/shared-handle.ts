import type { MappedText } from '../../speech/index-map.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { Leaving } from './leaving.ts';
import type { Line, LineOrigin } from './line.ts';
import type { LineHead } from './line-log.ts';
import type { LinePlace, Pay, SharedLine } from './line-request.ts';
import type { Opus } from './opus.ts';
import type { EncodedPart } from './opus-log.ts';
import { type PartCursor, readParts, type Waiter } from './part-cursor.ts';
import { placedPart } from './placed-parts.ts';

/** `first`: the line was begun for this asker; `later`: it was under way; `kept`: it was whole. */
export type AskerRole = 'first' | 'later' | 'kept';

/** The text that an asker gave, where another was spoken. */
export interface GivenText {
  readonly given: string;
  readonly map: MappedText;
}

/** One who asks for a line; nothing where it is joined. */
export interface Asker {
  readonly placed?: GivenText | undefined;
  /** Asks in advance. */
  readonly early?: boolean;
  readonly pay?: Pay;
}

/** Whose lines these are. */
export interface HandleOwner {
  readonly nowMs: () => number;
  shareOf(line: Line): string;
  /** An asker lets go of a line. */
  handleRelease(line: Line, asker: Asker, withdrawn: boolean): void;
}

/** A line in the hands of one asker. */
export class SharedHandle implements SharedLine {
  readonly #owner: HandleOwner;
  readonly #line: Line;
  readonly #role: AskerRole;
  readonly #asker: Asker;
  #released = false;

  constructor(owner: HandleOwner, line: Line, role: AskerRole, asker: Asker) {
    this.#owner = owner;
    this.#line = line;
    this.#role = role;
    this.#asker = asker;
  }

  get share(): string {
    return this.#owner.shareOf(this.#line);
  }

  get origin(): LineOrigin {
    return originFor(this.#role, this.#line.origin ?? 'fresh');
  }

  get startedAt(): number | undefined {
    return this.#line.startedAt;
  }

  get bytes(): number {
    return this.#line.log.bytes;
  }

  get head(): Promise<LineHead> {
    return this.#line.log.head;
  }

  cursor(from: LinePlace, opus?: Opus): PartCursor<SpeechPart | EncodedPart> {
    const { placed } = this.#asker;
    const cursor = this.#line.cursor(from, opus, this.#owner.nowMs);
    return placed ? new PlacedCursor(cursor, placed) : cursor;
  }

  read(from: LinePlace, signal: Leaving): AsyncIterable<SpeechPart> {
    return readParts(this.cursor(from) as PartCursor<SpeechPart>, signal);
  }

  readOpus(opus: Opus, from: LinePlace, signal: Leaving): AsyncIterable<EncodedPart> {
    return readParts(this.cursor(from, opus) as PartCursor<EncodedPart>, signal);
  }

  release(): void {
    this.#leave(false);
  }

  withdraw(): void {
    this.#leave(true);
  }

  #leave(withdrawn: boolean): void {
    if (this.#released) return;
    this.#released = true;
    this.#owner.handleRelease(this.#line, this.#asker, withdrawn);
  }
}

/** What the origin of a line is to one who asked for it. */
export function originFor(role: AskerRole, origin: LineOrigin): LineOrigin {
  if (role === 'kept' || origin === 'hit') return 'hit';
  return role === 'first' ? origin : 'joined';
}

/** Parts whose places are put into the text that was given. */
class PlacedCursor implements PartCursor<SpeechPart | EncodedPart> {
  readonly #cursor: PartCursor<SpeechPart | EncodedPart>;
  readonly #placed: GivenText;

  constructor(cursor: PartCursor<SpeechPart | EncodedPart>, placed: GivenText) {
    this.#cursor = cursor;
    this.#placed = placed;
  }

  next(): SpeechPart | EncodedPart | undefined | 'over' {
    const part = this.#cursor.next();
    if (part === undefined || part === 'over') return part;
    return placedPart(part, this.#placed.given, this.#placed.map);
  }

  wait(waiter: Waiter): void {
    this.#cursor.wait(waiter);
  }

  unwait(waiter: Waiter): void {
    this.#cursor.unwait(waiter);
  }
}
