import type { MappedText } from '../../speech/index-map.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { Line, LineOrigin } from './line.ts';
import type { LineHead } from './line-log.ts';
import type { LinePlace, SharedLine } from './line-request.ts';
import type { Opus } from './opus.ts';
import type { EncodedPart } from './opus-log.ts';
import { placedParts } from './placed-parts.ts';
import type { Leaving } from './readers.ts';

/** `first`: the line was begun for this asker; `later`: it was under way; `kept`: it was whole. */
export type AskerRole = 'first' | 'later' | 'kept';

/** The text that an asker gave, where another was spoken. */
export interface GivenText {
  readonly given: string;
  readonly map: MappedText;
}

interface HandleOptions {
  readonly line: Line;
  readonly role: AskerRole;
  readonly share: string;
  readonly nowMs: () => number;
  readonly placed: GivenText | undefined;
  readonly onRelease: (withdrawn: boolean) => void;
}

/** A line in the hands of one asker. */
export class SharedHandle implements SharedLine {
  readonly share: string;
  readonly #options: HandleOptions;
  #released = false;

  constructor(options: HandleOptions) {
    this.share = options.share;
    this.#options = options;
  }

  get origin(): LineOrigin {
    const { line, role } = this.#options;
    return originFor(role, line.origin ?? 'fresh');
  }

  get startedAt(): number | undefined {
    return this.#options.line.startedAt;
  }

  get bytes(): number {
    return this.#options.line.log.bytes;
  }

  get head(): Promise<LineHead> {
    return this.#options.line.log.head;
  }

  read(from: LinePlace, signal: Leaving): AsyncIterable<SpeechPart> {
    const { line, nowMs, placed } = this.#options;
    const parts = line.read(from, signal, nowMs);
    return placed ? placedParts(parts, placed.given, placed.map) : parts;
  }

  readOpus(opus: Opus, from: LinePlace, signal: Leaving): AsyncIterable<EncodedPart> {
    const { line, nowMs, placed } = this.#options;
    const parts = line.readOpus(opus, from, signal, nowMs);
    return placed ? placedParts(parts, placed.given, placed.map) : parts;
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
    this.#options.onRelease(withdrawn);
  }
}

/** What the origin of a line is to one who asked for it. */
export function originFor(role: AskerRole, origin: LineOrigin): LineOrigin {
  if (role === 'kept' || origin === 'hit') return 'hit';
  return role === 'first' ? origin : 'joined';
}
