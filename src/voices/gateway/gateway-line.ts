import type { HeldLine, JoinMessage, PrefetchMessage, SayMessage } from '../../protocol/client-messages.ts';
import type { BeginMessage, GatewayMessage } from '../../protocol/gateway-messages.ts';
import { opusPosition } from '../../protocol/opus-bundle.ts';
import { frameLength, type SoundFrame } from '../../protocol/sound-frame.ts';
import type { Codec } from '../../protocol/wire.ts';
import { InputError, SpeechError } from '../../speech/errors.ts';
import { Mailbox } from '../session/mailbox.ts';
import { LineMarks } from './line-marks.ts';
import { type LineSound, openLineSound } from './line-sound.ts';
import type { OpenDecoder } from './packet-decoder.ts';

/** Sound that a line lets come before it is read, bytes: three seconds at 44.1 kHz, four at 32 kbit/s. */
const WINDOW: Readonly<Record<Codec, number>> = { pcm: 256 * 1024, opus: 16 * 1024 };

/** Part of it that is read before more is let come. */
const STEP = 1 / 4;

const NONE = new Int16Array(0);

/** What is asked for, as it is sent; the credit and the number are the line's. */
export type LineAsk =
  | Omit<SayMessage, 'line' | 'credit'>
  | Omit<PrefetchMessage, 'line'>
  | (Omit<JoinMessage, 'line' | 'credit' | 'from'> & {
      /** A place that hangs on the gateway's clock is found when the line is asked for. */
      readonly from?: number | (() => number);
    });

/** A message that belongs to a line. */
export type LineMessage = Extract<
  GatewayMessage,
  { type: 'begin' | 'cues' | 'words' | 'shapes' | 'ready' | 'end' | 'error' }
>;

/** It, or sound as it came. */
type LineMail =
  | LineMessage
  | {
      readonly type: 'sound';
      readonly bytes: number;
      readonly samples: Promise<Int16Array<ArrayBuffer>>;
    };

/** What a reader is told of a line. */
export type LineNews =
  | Exclude<LineMessage, { type: 'end' }>
  | { readonly type: 'sound'; readonly samples: Int16Array<ArrayBuffer> }
  /** With the last of its sound. */
  | { readonly type: 'end'; readonly samples: Int16Array<ArrayBuffer> };

/** What a line may do with its connection. */
export interface LineWay {
  /** Tells the gateway, if it can be reached now. */
  tell(message: object): void;
  /** Why there is no connection, while there is none. */
  readonly lost: SpeechError | undefined;
  /** As sound comes; while there is a connection. */
  readonly codec: Codec;
  /** Decodes Opus, where the connection has it. */
  readonly decoder: OpenDecoder | undefined;
  leave(line: GatewayLine): void;
}

/** One line, over one connection after another: counts what has come, and lets more come as it is read. */
export class GatewayLine {
  readonly line: number;
  /** Whether the gateway was asked for it. */
  asked = false;
  begun: BeginMessage | undefined;
  readonly #marks = new LineMarks();
  readonly #ask: LineAsk;
  readonly #where: string;
  readonly #way: LineWay;
  readonly #mail = new Mailbox<LineMail>();
  #sound: LineSound | undefined;
  /** Position that the next sound must have, once it is known. */
  #position: number | undefined;
  /** The sample from which it was joined at another gateway, until that has begun it. */
  #joinedAt: number | undefined;
  #joins = 0;
  /** Sample up to which it was heard at the gateway that is gone. */
  #next: Promise<number> | undefined;
  /** Sound that the reader has taken, and not been made up for, bytes. */
  #taken = 0;
  /** Of the message that the reader has in hand. */
  #inHand = 0;
  #over = false;
  /** Why no connection can ever be made. */
  #input: InputError | undefined;

  constructor(line: number, ask: LineAsk, where: string, way: LineWay) {
    this.line = line;
    this.#ask = ask;
    this.#where = where;
    this.#way = way;
  }

  /** Whether it can be asked for only where the gateway's clock is known. */
  get needsClock(): boolean {
    return this.#ask.type === 'join' && typeof this.#ask.from === 'function';
  }

  /** Whether all of it has come, or it has failed. */
  get over(): boolean {
    return this.#over;
  }

  /** What the gateway is to know of it after a lost connection. */
  get held(): HeldLine {
    const { cues, words, shapes } = this.#marks;
    return { line: this.line, samples: this.#position ?? 0, cues, words, shapes };
  }

  /** Asks for it, for the first time or where it was lost without a trace. */
  ask(): void {
    const { line } = this;
    this.asked = true;
    const ask = this.#ask;
    const credit = WINDOW[this.#way.codec];
    if (ask.type === 'prefetch') this.#way.tell({ ...ask, line });
    else if (ask.type === 'join' && typeof ask.from === 'function')
      this.#way.tell({ ...ask, from: ask.from(), line, credit });
    else this.#way.tell({ ...ask, line, credit });
  }

  /** It goes on over a new connection, which begins without credit. */
  goOn(): void {
    const waiting = this.#mail.bytes + this.#inHand;
    this.#taken = 0;
    if (this.#ask.type !== 'prefetch') this.#allow(Math.max(0, WINDOW[this.#way.codec] - waiting));
  }

  /** The gateway that spoke it is gone: it is joined at another, where this one was heard. Never rejects. */
  async join(): Promise<void> {
    const attempt = ++this.#joins;
    const sound = this.#sound;
    if (sound) {
      this.#sound = undefined;
      this.#next = sound.settled().then(() => {
        sound.close();
        return sound.next;
      });
    }
    const next = await this.#next!;
    if (this.#over || attempt !== this.#joins) return; // That one was lost too.
    const { share, sampleRate } = this.begun!;
    this.#joinedAt = next;
    this.#position = undefined;
    this.#taken = 0;
    this.#marks.restart();
    const credit = WINDOW[this.#way.codec];
    this.#way.tell({ type: 'join', line: this.line, share, from: next / sampleRate, credit });
  }

  /** News from the gateway. Throws the `SpeechError` of what cannot be. */
  handle(news: LineMessage): void {
    if (this.#over) return;
    const read = this.#read(news);
    if (!read) return;
    this.#mail.push(read, 0);
    if (read.type === 'end' || read.type === 'error' || read.type === 'ready') this.#finish();
  }

  /** What the reader is told of it. */
  #read(news: LineMessage): LineMessage | undefined {
    switch (news.type) {
      case 'begin':
        return this.#begin(news) ? news : undefined;
      case 'cues':
        return { ...news, cues: this.#marks.addCues(news.cues) };
      case 'words':
        return { ...news, words: this.#marks.addWords(news.words) };
      case 'shapes':
        this.#marks.addShapes(news);
        return news;
      case 'error':
        // Nobody asked for it: the line has gone with its gateway.
        return this.#joinedAt !== undefined && news.code === 'refused'
          ? { ...news, code: 'closed-early' }
          : news;
      case 'end':
        this.#checkEnd(news.samples);
        return news;
      default:
        return news;
    }
  }

  /** Gives whether it is the first time. */
  #begin(news: BeginMessage): boolean {
    const first = this.begun === undefined;
    if (!first && this.#joinedAt === undefined) return false; // Told again after a lost connection.
    const { sampleRate, from } = this.begun ?? news;
    const wanted = this.#joinedAt ?? from;
    if (news.sampleRate !== sampleRate || news.from !== wanted) {
      throw SpeechError.protocol(
        this.#where,
        `${sampleRate} Hz from sample ${wanted}`,
        `${news.sampleRate} Hz from ${news.from}`,
      );
    }
    this.#joinedAt = undefined;
    this.begun = news;
    this.#sound = openLineSound(news, this.#way.decoder);
    this.#position = news.preSkip === undefined ? news.from : undefined; // Opus begins earlier, for its decoder.
    return first;
  }

  /** A line that ends has all of its sound, or it is none. */
  #checkEnd(samples: number): void {
    const position = this.#position;
    if (!this.begun || position === undefined) return; // Of a line without sound the reader is told.
    const { sampleRate, preSkip } = this.begun;
    const lacks =
      preSkip === undefined
        ? position !== samples
        : position < Math.floor(opusPosition(samples, sampleRate, preSkip));
    if (lacks) throw SpeechError.protocol(this.#where, `all ${samples} samples`, `sound up to ${position}`);
  }

  /** Sound from the gateway. Throws the `SpeechError` of what cannot be. */
  handleSound(frame: SoundFrame): void {
    if (this.#over) return;
    const { codec, position, payload } = frame;
    const wanted = this.begun?.preSkip === undefined ? 'pcm' : 'opus';
    const expected = this.#position === undefined ? 'the beginning' : `${wanted} sound at ${this.#position}`;
    if (!this.#sound || codec !== wanted || position !== (this.#position ?? position)) {
      throw SpeechError.protocol(this.#where, expected, `${codec} sound at ${position}`);
    }
    this.#position = position + frameLength(frame);
    const bytes = payload.length;
    this.#mail.push({ type: 'sound', bytes, samples: this.#sound.read(frame) }, bytes);
  }

  /** Nothing comes any more; what has come is read first, unless it was `aborted`. */
  fail(reason: SpeechError | InputError): void {
    this.#over = true;
    if (reason instanceof InputError) this.#input = reason;
    const over = reason instanceof SpeechError ? reason : SpeechError.connectFailed(this.#where, reason);
    this.#mail.end(over, over.code === 'aborted');
  }

  /** As `Session.receive`, but that a connection which is lost and does not come back in time is the reason. */
  async receive(seconds: number): Promise<LineNews | undefined> {
    this.#taken += this.#inHand;
    this.#inHand = 0;
    if (this.#taken >= STEP * WINDOW[this.#way.codec] && !this.#over) {
      this.#allow(this.#taken);
      this.#taken = 0;
    }
    const begun = performance.now();
    const news = await this.#mail.receive(seconds).catch((reason) => {
      throw this.#input ?? reason;
    });
    const late = news === undefined && performance.now() - begun >= seconds * 1_000 - 2;
    if (late && this.#way.lost) throw this.#way.lost;
    return news && this.#heard(news);
  }

  /** Whoever waits in {@link receive} is told at once that nothing came. */
  nudge(): void {
    this.#mail.nudge();
  }

  /** The reader leaves: a line that is not over is cancelled. May be called twice. */
  leave(): void {
    if (!this.#over && this.asked) this.#way.tell({ type: 'cancel', line: this.line });
    this.#over = true;
    this.#sound?.close();
    this.#way.leave(this);
  }

  /** Sound as samples. */
  async #heard(news: LineMail): Promise<LineNews> {
    if (news.type === 'end') return { type: 'end', samples: this.#sound?.end(news.samples) ?? NONE };
    if (news.type !== 'sound') return news;
    this.#inHand = news.bytes;
    try {
      return { type: 'sound', samples: await news.samples };
    } catch (error) {
      throw SpeechError.protocol(this.#where, 'sound that can be decoded', String(error));
    }
  }

  #finish(): void {
    this.#over = true;
    this.#way.tell({ type: 'done', line: this.line });
    this.#way.leave(this);
  }

  #allow(bytes: number): void {
    if (bytes > 0) this.#way.tell({ type: 'credit', line: this.line, bytes });
  }
}
