import { PACKET_SAMPLES, readBundle, writeBundle } from '../../protocol/opus-bundle.ts';
import type { AudioPart, SpeechPart } from '../../speech/part.ts';
import type { LineLog } from './line-log.ts';
import { type LinePlace, WHOLE } from './line-request.ts';
import { restOf, type Skip } from './line-rest.ts';
import type { LineEncoder, Opus } from './opus.ts';
import { type PartCursor, readParts, type Waiter, Waiters } from './part-cursor.ts';
import { Turns } from './turns.ts';

/** Packets that travel together: 60 to 100 ms, and fewer at the end of a line. */
const FEWEST = 3;
const MOST = 5;

/** Seconds of sound that are encoded in one turn. */
const TURN_SECONDS = 0.06;

/** A bundle of packets. */
export interface OpusPart {
  readonly type: 'opus';
  /** Of its first sample at 48 kHz, pre-skip counted. */
  readonly position: number;
  /** Packets in it. */
  readonly packets: number;
  /** They, each after its length in two bytes. */
  readonly payload: Uint8Array;
}

/** The end of a line, and how many samples of its own rate it has. */
export interface OpusEnd {
  readonly type: 'end';
  readonly samples: number;
}

/** A line in Opus: marks and frames of the face are as they were, and never later among the sound. */
export type EncodedPart = OpusPart | Exclude<SpeechPart, { type: 'audio' | 'end' }> | OpusEnd;

/** All lines of the process take turns, so that nobody waits for a long one. */
const turns = new Turns();

/** A line in Opus, encoded once for all who read it, as far as the fastest of them wants it. */
export class OpusLog {
  readonly #log: LineLog;
  readonly #opus: Opus;
  readonly #parts: EncodedPart[] = [];
  readonly #input: AsyncIterator<SpeechPart>;
  #encoder: LineEncoder | undefined;
  /** In no bundle yet. */
  #loose: Uint8Array[] = [];
  #position = 0;
  readonly #waiters = new Waiters();
  #encoding = false;
  #over = false;
  #error: unknown;

  constructor(log: LineLog, opus: Opus) {
    this.#log = log;
    this.#opus = opus;
    // A line always ends, so that whoever waits for the next part is not left behind.
    this.#input = readParts(log.cursor(WHOLE), new AbortController().signal);
  }

  /** As `LineLog.cursor`, but that `samples` of a place is a position at 48 kHz, that of a packet. */
  cursor(from: LinePlace, onSound: () => void = () => {}): PartCursor<EncodedPart> {
    return new EncodedCursor(this, from, onSound);
  }

  /** As `LineLog.at`; where there is none yet, more is encoded. */
  at(nth: number): EncodedPart | undefined | 'over' {
    const part = this.#parts[nth];
    if (part) return part;
    if (this.#over && this.#error) throw this.#error;
    if (this.#over) return 'over';
    if (!this.#encoding) void this.#encodeMore();
    return undefined;
  }

  /** Those who wait for more of it. */
  get waiters(): Waiters {
    return this.#waiters;
  }

  /** Encodes until there is a part more, or no more to come. Never rejects. */
  async #encodeMore(): Promise<void> {
    this.#encoding = true;
    const had = this.#parts.length;
    while (this.#parts.length === had && !this.#over) await this.#encodeNext();
    this.#encoding = false;
    this.#waiters.wake();
  }

  /** The next part of the line. Never rejects: readers are told in their turn. */
  async #encodeNext(): Promise<void> {
    try {
      const { value: part, done } = await this.#input.next();
      if (done) {
        this.#over = true;
        return;
      }
      if (part.type === 'audio') await this.#encode(part);
      else if (part.type === 'end') {
        this.#finish();
        this.#parts.push({ type: 'end', samples: this.#log.samples });
      } else this.#parts.push(part);
    } catch (error) {
      this.#finish(); // What came is heard before the reason is told.
      this.#error = error;
      this.#over = true;
    }
  }

  async #encode({ samples, sampleRate }: AudioPart): Promise<void> {
    this.#encoder ??= this.#opus.encode(sampleRate);
    const run = Math.max(1, Math.round(TURN_SECONDS * sampleRate));
    for (let at = 0; at < samples.length; at += run) {
      await turns.next();
      this.#loose.push(...this.#encoder.push(samples.subarray(at, at + run)));
      while (this.#loose.length >= MOST) this.#bundle(MOST);
    }
    if (this.#loose.length >= FEWEST) this.#bundle(this.#loose.length);
  }

  #finish(): void {
    this.#loose.push(...(this.#encoder?.end() ?? []));
    this.#encoder = undefined;
    while (this.#loose.length > 0) this.#bundle(Math.min(MOST, this.#loose.length));
  }

  #bundle(packets: number): void {
    const payload = writeBundle(this.#loose.splice(0, packets));
    this.#parts.push({ type: 'opus', position: this.#position, packets, payload });
    this.#position += packets * PACKET_SAMPLES;
  }
}

/** One reader's place in an encoded line. */
class EncodedCursor implements PartCursor<EncodedPart> {
  readonly #log: OpusLog;
  readonly #skip: Skip;
  readonly #onSound: () => void;
  #nth = 0;

  constructor(log: OpusLog, from: LinePlace, onSound: () => void) {
    this.#log = log;
    this.#skip = { ...from };
    this.#onSound = onSound;
  }

  next(): EncodedPart | undefined | 'over' {
    for (;;) {
      const part = this.#log.at(this.#nth);
      if (part === undefined || part === 'over') return part;
      this.#nth++;
      const rest = encodedRestOf(part, this.#skip);
      if (rest?.type === 'opus') this.#onSound();
      if (rest) return rest;
    }
  }

  wait(waiter: Waiter): void {
    this.#log.waiters.add(waiter);
  }

  unwait(waiter: Waiter): void {
    this.#log.waiters.remove(waiter);
  }
}

/** As `restOf` of a line, of an encoded part. */
function encodedRestOf(part: EncodedPart, skip: Skip): EncodedPart | undefined {
  if (part.type === 'end') return part;
  if (part.type !== 'opus') return restOf(part, skip) as EncodedPart | undefined;
  const gone = Math.ceil((skip.samples - part.position) / PACKET_SAMPLES);
  if (gone <= 0) return part;
  if (gone >= part.packets) return undefined;
  return {
    type: 'opus',
    position: part.position + gone * PACKET_SAMPLES,
    packets: part.packets - gone,
    payload: writeBundle(readBundle(part.payload).slice(gone)),
  };
}
