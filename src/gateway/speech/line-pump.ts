import { OPUS_RATE, PACKET_SAMPLES } from '../../protocol/opus-bundle.ts';
import { cueRow, wordRow } from '../../protocol/rows.ts';
import { pcmBytes } from '../../protocol/sound-frame.ts';
import { SpeechError } from '../../speech/errors.ts';
import type { AudioPart, CuesPart, SpeechPart, WordsPart } from '../../speech/part.ts';
import { toShapesJson } from '../../speech/shapes-json.ts';
import type { Opus } from '../lines/opus.ts';
import type { EncodedPart, OpusPart } from '../lines/opus-log.ts';
import type { PartCursor, Waiter } from '../lines/part-cursor.ts';
import type { Credit } from './credit.ts';
import type { FaceQueue } from './face-queue.ts';
import { keptFrames } from './kept-frames.ts';
import type { Outgoing, Outlet } from './outlet.ts';

/** Most sound in one frame, bytes: a tenth of a second at 44.1 kHz. */
const FRAME_BYTES = 8 * 1024;

/** Most sound that leaves in one turn, bytes, so that lines on one socket take turns. */
const TURN_BYTES = 4 * FRAME_BYTES;

/** What is sent. */
export interface PumpedLine {
  readonly line: number;
  readonly cursor: PartCursor<SpeechPart | EncodedPart>;
  readonly credit: Credit;
  readonly faces: FaceQueue;
  /** Where sound goes in Opus. */
  readonly opus: Opus | undefined;
}

/** Who is told of it. */
export interface PumpOwner {
  /** Counts sound that is sent, seconds; gives the error to end the line with where there may be no more. */
  hear(seconds: number): SpeechError | undefined;
  /** All of it is sent. */
  handleEnd(pump: LinePump): void;
  handleFailure(error: unknown, pump: LinePump): void;
}

/**
 * One sending of a line, over one connection: at each wake it sends what there is, as far as credit and room go, and then
 * waits for what is lacking. It is a plain object, for there are thousands of them, and all want each piece at once.
 */
export class LinePump implements Waiter {
  readonly #owner: PumpOwner;
  readonly #outlet: Outlet;
  readonly #of: PumpedLine;
  /** Position of the sound that is next; in Opus, up to where it was heard. */
  #position: number;
  /** The part in hand, where it could not be sent at once, and what is gone of its samples. */
  #hand: SpeechPart | EncodedPart | undefined;
  #at = 0;
  #left = false;
  /** Whether room was asked for, or a turn later: then nobody else wakes it. */
  #pausing = false;
  /** Room was given for one message more. */
  #granted = false;

  constructor(owner: PumpOwner, outlet: Outlet, of: PumpedLine, position: number) {
    this.#owner = owner;
    this.#outlet = outlet;
    this.#of = of;
    this.#position = position;
  }

  /** It sends nothing more. May be called twice. */
  leave(): void {
    this.#left = true;
    this.#of.cursor.unwait(this);
    this.#of.credit.unwait();
  }

  wake(): void {
    if (!this.#pausing) this.run();
  }

  /** Sends what there is. */
  run(): void {
    try {
      this.#run();
    } catch (error) {
      if (this.#left) return;
      this.leave();
      this.#owner.handleFailure(error, this);
    }
  }

  #run(): void {
    let sent = 0;
    while (!this.#left) {
      const part = this.#hand ?? this.#of.cursor.next();
      if (part === 'over') return;
      if (part === undefined) {
        this.#of.cursor.wait(this);
        return;
      }
      this.#hand = part;
      if (part.type === 'audio') {
        const at = this.#at;
        if (!this.#samples(part)) return;
        sent += 2 * (this.#at - at);
        if (this.#at < part.samples.length) {
          if (sent < TURN_BYTES) continue;
          this.#pause();
          return;
        }
        this.#position += part.samples.length;
        this.#at = 0;
      } else if (part.type === 'opus') {
        if (!this.#bundle(part)) return;
        sent += part.payload.length;
      } else if (!this.#rest(part)) return;
      this.#hand = undefined;
      if (sent < TURN_BYTES) continue;
      this.#pause();
      return;
    }
  }

  /** Others may go first. */
  #pause(): void {
    this.#pausing = true;
    queueMicrotask(() => {
      this.#pausing = false;
      this.run();
    });
  }

  /** Sends one frame of a part, from where it is in it. Gives false where it has to wait. */
  #samples({ samples, sampleRate }: AudioPart): boolean {
    const { credit, line } = this.#of;
    if (!this.#allowed(2)) return false;
    const at = this.#at;
    const count = Math.min(samples.length - at, FRAME_BYTES >> 1, credit.bytes >> 1);
    const position = this.#position + at;
    const payload = pcmBytes(samples.subarray(at, at + count));
    this.#account(payload.length, count / sampleRate, (position + count) / sampleRate);
    this.#outlet.send(keptFrames.sound(samples, at, { codec: 'pcm', line, position, payload }));
    this.#at = at + count;
    return true;
  }

  #bundle({ position, packets, payload }: OpusPart): boolean {
    const { opus, line } = this.#of;
    if (!this.#allowed(payload.length)) return false;
    const end = position + packets * PACKET_SAMPLES;
    const seconds = Math.max(0, end - this.#position) / OPUS_RATE;
    this.#account(payload.length, seconds, (end - opus!.preSkip) / OPUS_RATE);
    this.#outlet.send(keptFrames.sound(payload, 0, { codec: 'opus', line, position, payload }));
    this.#position = Math.max(this.#position, end);
    return true;
  }

  #rest(part: Exclude<SpeechPart | EncodedPart, { type: 'audio' | 'opus' }>): boolean {
    const { line, faces } = this.#of;
    if (part.type === 'shapes') {
      faces.add(part);
      return true;
    }
    if (!this.#room()) return false;
    if (part.type !== 'end') this.#outlet.send(keptFrames.marks(part, line, () => marksText(part, line)));
    else {
      this.#faces(Number.POSITIVE_INFINITY);
      // How many samples a line has an encoder says, which has other positions.
      const samples = 'samples' in part ? part.samples : this.#position;
      this.#outlet.tell({ type: 'end', line, samples });
      this.#owner.handleEnd(this);
    }
    return true;
  }

  /** Whether so many bytes of sound may go now; else it is woken when they may. */
  #allowed(bytes: number): boolean {
    const { credit } = this.#of;
    if (credit.bytes >= bytes) return this.#room();
    credit.wait(this);
    return false;
  }

  #room(): boolean {
    if (!this.#outlet.full || this.#granted) {
      this.#granted = false;
      return true;
    }
    this.#pausing = true;
    void this.#outlet
      .room(() => this.#left)
      .then((given) => {
        this.#pausing = false;
        if (this.#left) return;
        this.#granted = given;
        if (given) this.run();
        else this.#stall();
      });
    return false;
  }

  #stall(): void {
    this.leave();
    const error = SpeechError.told('stalled', 'The client took nothing for 5 s: the line is dropped.');
    this.#owner.handleFailure(error, this);
  }

  /** Sound is about to be sent: `seconds` of it are heard, up to `end` in line time. Throws what ends the line. */
  #account(bytes: number, seconds: number, end: number): void {
    const spent = this.#owner.hear(seconds);
    if (spent) throw spent;
    this.#faces(end);
    this.#of.credit.take(bytes);
  }

  #faces(seconds: number): void {
    const { faces, line } = this.#of;
    if (faces.empty) return;
    for (const { fps, from, frames } of faces.until(seconds)) {
      this.#outlet.tell({ type: 'shapes', line, from, ...toShapesJson({ fps, frames }) });
    }
  }
}

function marksText(part: CuesPart | WordsPart, line: number): string {
  const message: Outgoing =
    part.type === 'cues'
      ? { type: 'cues', line, cues: part.cues.map(cueRow) }
      : { type: 'words', line, words: part.words.map(wordRow) };
  return JSON.stringify(message);
}
