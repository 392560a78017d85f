import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { HeldLine, JoinMessage, PrefetchMessage, SayMessage } from '../../protocol/client-messages.ts';
import type { Codec } from '../../protocol/wire.ts';
import { InputError, SpeechError } from '../../speech/errors.ts';
import type { LineDesk } from '../lines/line-desk.ts';
import type { LineRequest, SharedLine } from '../lines/line-request.ts';
import type { Opus } from '../lines/opus.ts';
import type { Admission } from '../tickets/admission.ts';
import { type FeedKind, type FeedOwner, LineFeed } from './line-feed.ts';
import type { Outlet } from './outlet.ts';

/** Lines at a time: a crowd that talks, and what is made ready for it. */
export const MOST_LINES = 32;

/**
 * Lines that are over and that the client has not said to have, kept for its return: the latest, and of more than one no
 * more than so many bytes, which is six seconds at 44.1 kHz for each of eight.
 */
const MOST_OVER = 32;
const MOST_OVER_BYTES = 4 * 1024 ** 2;

/** How long a session waits for a client whose connection is lost, and keeps lines that are over, seconds. */
export const RESUME_SECONDS = 30;

const KINDS = { say: { type: 'say' }, prefetch: { type: 'prefetch' } } as const;

/** What all sessions have in common. */
export interface SessionHost {
  readonly desk: LineDesk;
  /** The encoder, where there is one. */
  readonly opus: Opus | undefined;
  readonly nowMs: () => number;
  readonly onError: (error: unknown) => void;
}

/** The lines of one client, over one connection after another. */
export class SpeechSession implements FeedOwner {
  readonly id = randomBytes(12).toString('base64url');
  readonly secret = randomBytes(24).toString('base64url');
  /** Of the latest connection. */
  admission: Admission;
  /** As its sound goes, over all its connections. */
  readonly codec: Codec;
  readonly #host: SessionHost;
  readonly #feeds = new Map<number, LineFeed>();
  #outlet: Outlet | undefined;

  constructor(host: SessionHost, codec: Codec, admission: Admission) {
    this.#host = host;
    this.codec = codec;
    this.admission = admission;
  }

  /** Where sound goes in Opus. */
  get opus(): Opus | undefined {
    return this.codec === 'opus' ? this.#host.opus : undefined;
  }

  nowMs(): number {
    return this.#host.nowMs();
  }

  hear(seconds: number): SpeechError | undefined {
    return this.admission.hear(seconds);
  }

  handleOver(): void {
    this.#forgetOld();
  }

  handleFault(error: unknown): void {
    this.#host.onError(error);
  }

  /** Whether a client that comes back is who it says. */
  knows(secret: string, { user }: Admission): boolean {
    const given = Buffer.from(secret);
    const own = Buffer.from(this.secret);
    return given.length === own.length && timingSafeEqual(given, own) && user === this.admission.user;
  }

  /** Lines under way. */
  get active(): number {
    return [...this.#feeds.values()].filter(({ over }) => !over).length;
  }

  /** Its lines go over this connection from now on; what a lost one had is taken up by {@link resume}. */
  attach(outlet: Outlet): void {
    this.#outlet = outlet;
  }

  /** The connection is lost, unless another has taken its place. Tells whether it had not. */
  detach(outlet: Outlet): boolean {
    if (this.#outlet !== outlet) return false;
    this.#outlet = undefined;
    for (const feed of this.#feeds.values()) feed.detach();
    return true;
  }

  /** Which of the lines that a client names go on; those it does not name are given up. */
  keep(held: readonly HeldLine[]): number[] {
    const named = new Set(held.map(({ line }) => line));
    for (const [line, feed] of [...this.#feeds]) {
      feed.detach();
      if (!named.has(line)) this.#forget(feed, true);
      else feed.clearCredit();
    }
    return [...named].filter((line) => this.#feeds.has(line));
  }

  /** They go on, each from what the client has. */
  resume(held: readonly HeldLine[]): void {
    for (const { line, ...place } of held) this.#feeds.get(line)?.attach(this.#outlet!, place);
  }

  /** Begins a line. Throws {@link InputError} for a number that is in use. */
  begin(message: SayMessage | PrefetchMessage | JoinMessage): void {
    const { line, type } = message;
    if (this.#feeds.has(line)) throw new InputError('Message, line', 'a number of its own', `${line} again`);
    this.#forgetOld();
    const full = this.active >= MOST_LINES;
    const shared = full
      ? Promise.reject(SpeechError.refused('The gateway', `${MOST_LINES} lines are under way.`, 'busy'))
      : this.#lineOf(message);
    const kind: FeedKind = type === 'join' ? { type, from: message.from } : KINDS[type];
    this.#feed(line, kind, shared, type === 'prefetch' ? 0 : message.credit);
  }

  /** Ends a line that was asked for wrongly, before it begins. Gives false for a number that is in use. */
  refuse(line: number, reason: string): boolean {
    if (this.#feeds.has(line)) return false;
    this.#forgetOld();
    this.#feed(line, KINDS.say, Promise.reject(refused(reason)), 0);
    return true;
  }

  allow(line: number, bytes: number): void {
    this.#feeds.get(line)?.allow(bytes);
  }

  cancel(line: number): void {
    const feed = this.#feeds.get(line);
    if (!feed || feed.over) return;
    feed.cancel(this.#outlet);
    this.#forget(feed, true);
  }

  /** The client has the line's last message. */
  done(line: number): void {
    const feed = this.#feeds.get(line);
    if (feed?.over) this.#forget(feed);
  }

  /** Gives all lines up. May be called twice. */
  dispose(): void {
    for (const feed of [...this.#feeds.values()]) this.#forget(feed);
  }

  #feed(line: number, kind: FeedKind, shared: Promise<SharedLine>, credit: number): void {
    const feed = new LineFeed(this, line, kind, shared, credit);
    this.#feeds.set(line, feed);
    if (this.#outlet) feed.attach(this.#outlet);
  }

  async #lineOf(message: SayMessage | PrefetchMessage | JoinMessage): Promise<SharedLine> {
    const { desk } = this.#host;
    if (message.type === 'join') {
      const found = await desk.find(message.share);
      if (!found) throw refused('there is no such line to join.');
      return found;
    }
    const { admission } = this;
    const refusal = admission.refusalOf(message);
    if (refusal) throw refusal;
    return desk.open({ ...this.#requestOf(message), pay: (characters) => admission.pay(characters) });
  }

  #requestOf({ type, text, id, voice, lang, speed, priority = 'player' }: SayMessage | PrefetchMessage) {
    const common = { priority: type === 'prefetch' ? 'prefetch' : priority } as const;
    if (id === undefined) {
      return { ...common, text: text!, voice, lang, speed } satisfies LineRequest;
    }
    const listed = this.#host.desk.listed(id);
    if (!listed) throw refused(`there is no line ${JSON.stringify(id)} in the list.`);
    return {
      ...common,
      id,
      text: listed.text,
      voice: voice ?? listed.voice,
      lang: lang ?? listed.lang,
      speed,
    } satisfies LineRequest;
  }

  /** Of lines that are over only the latest are kept, and not for long. */
  #forgetOld(): void {
    const now = performance.now();
    const over = [...this.#feeds.values()].filter((feed) => feed.over);
    over.sort((a, b) => b.overMs! - a.overMs!);
    let bytes = 0;
    for (const [nth, feed] of over.entries()) {
      bytes += feed.bytes;
      const many = nth >= MOST_OVER || (nth > 0 && bytes > MOST_OVER_BYTES);
      if (many || now - feed.overMs! > RESUME_SECONDS * 1_000) this.#forget(feed);
    }
  }

  #forget(feed: LineFeed, withdrawn = false): void {
    this.#feeds.delete(feed.line);
    feed.release(withdrawn);
  }
}

function refused(reason: string): SpeechError {
  return SpeechError.refused('The gateway', reason);
}
