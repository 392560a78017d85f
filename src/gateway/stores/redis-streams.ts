import { randomBytes } from 'node:crypto';
import { SpeechError } from '../../speech/errors.ts';
import type { RedisLink } from './redis-link.ts';
import { type Scripts, withScripts } from './redis-scripts.ts';
import { type Look, TOKEN_BYTES, Told } from './redis-told.ts';
import { LOCK_MS, RedisWriter } from './redis-writer.ts';
import { LeaderGoneError, type LinePiece, type LineStreams, StoreAwayError } from './store.ts';

/** Between looks at a line of which nothing is heard, ms: its gateway may be gone, or a message lost. */
const LOOK_MS = 1_000;

/** How long a line that sounds waits for a store that is away, and for its gateway once the store is back, ms. */
const PATIENCE_MS = 5_000;

/**
 * Lines under way in Redis: a lock for whoever makes one, its pieces in a short stream, and each of them told on a
 * channel. Who follows reads what there is, then what is told; what was missed is read again.
 */
export class RedisStreams implements LineStreams {
  readonly #link: RedisLink;
  readonly #scripts: Scripts;
  readonly #prefix: string;
  readonly #writers = new Map<string, RedisWriter>();
  /** Who reads each channel. */
  readonly #readers = new Map<string, Set<(message: Buffer) => void>>();
  readonly #liftChannel: string;
  /** When the store came back. */
  #backMs = Number.NEGATIVE_INFINITY;

  constructor(link: RedisLink, prefix: string) {
    this.#link = link;
    this.#scripts = withScripts(link.client);
    this.#prefix = prefix;
    this.#liftChannel = `${prefix}:lift`;
    link.onState((state) => {
      if (state === 'ok') this.#backMs = performance.now();
      for (const writer of this.#writers.values()) writer.flush();
    });
    link.listener.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      const name = channel.toString();
      if (name === this.#liftChannel) this.#handleLift(message.toString());
      for (const reader of this.#readers.get(name) ?? []) reader(message);
    });
  }

  async open(): Promise<void> {
    await this.#link.listener.subscribe(this.#liftChannel);
  }

  async lead(key: string): Promise<RedisWriter | undefined> {
    const token = randomBytes(TOKEN_BYTES / 2).toString('hex');
    try {
      if ((await this.#link.ask(() => this.#scripts.parleyLead(...this.#keys(key), token, LOCK_MS))) === 0) {
        return undefined;
      }
    } catch (error) {
      if (!(error instanceof StoreAwayError)) throw error;
    }
    const writer = new RedisWriter({
      link: this.#link,
      scripts: this.#scripts,
      keys: this.#keys(key),
      channel: this.#channel(key),
      token,
      onEnd: () => {
        if (this.#writers.get(key) === writer) this.#writers.delete(key);
      },
    });
    this.#writers.set(key, writer);
    return writer;
  }

  async has(key: string): Promise<boolean> {
    try {
      return (await this.#link.ask((client) => client.exists(this.#keys(key)[0]!))) === 1;
    } catch {
      return false;
    }
  }

  lift(key: string, priority: number): void {
    // The line comes without it, if later.
    this.#link.ask((client) => client.publish(this.#liftChannel, `${priority} ${key}`)).catch(() => {});
  }

  async *follow(key: string, signal: AbortSignal): AsyncGenerator<LinePiece, void, void> {
    const told = new Told();
    const unlisten = await this.#listen(key, told.handle);
    const unstate = this.#link.onState(told.wake);
    signal.addEventListener('abort', told.wake);
    let sounded = false;
    let awaySince: number | undefined;
    try {
      for (;;) {
        if (signal.aborted) throw SpeechError.aborted();
        const piece = told.take();
        if (piece) {
          sounded ||= piece.type === 'audio';
          yield piece;
          if (piece.type === 'end') return;
          continue;
        }
        if (told.mustLook) {
          const there = await this.#look(key, told.next);
          const now = performance.now();
          awaySince = there ? undefined : (awaySince ?? now);
          // One that sounds waits: it cannot begin anew.
          const since = awaySince ?? this.#backMs;
          const patient = sounded && now - since < PATIENCE_MS;
          if (!told.handleLook(there) && !patient) throw new LeaderGoneError();
          if (there && there.pieces.length > 0) continue;
        }
        await told.more(LOOK_MS);
      }
    } finally {
      unstate();
      signal.removeEventListener('abort', told.wake);
      unlisten();
    }
  }

  close(): void {
    for (const writer of this.#writers.values()) writer.dispose();
  }

  /** Who makes a line, and its pieces from a number on; undefined where the store is away. */
  async #look(key: string, from: number): Promise<Look | undefined> {
    try {
      const [lock, pieces] = await this.#link.ask(() =>
        this.#scripts.parleyLookBuffer(...this.#keys(key), from),
      );
      return { token: lock.toString('latin1', 0, TOKEN_BYTES), pieces };
    } catch (error) {
      if (error instanceof StoreAwayError) return undefined;
      throw error;
    }
  }

  /** Hears what is told of a line. Returns what ends it. */
  async #listen(key: string, reader: (message: Buffer) => void): Promise<() => void> {
    const channel = this.#channel(key);
    const readers = this.#readers.get(channel) ?? new Set();
    this.#readers.set(channel, readers);
    readers.add(reader);
    const { listener } = this.#link;
    if (readers.size === 1) await listener.subscribe(channel).catch(() => {}); // Then looking has to do.
    return () => {
      readers.delete(reader);
      if (readers.size > 0 || this.#readers.get(channel) !== readers) return;
      this.#readers.delete(channel);
      listener.unsubscribe(channel).catch(() => {});
    };
  }

  #handleLift(message: string): void {
    const [priority, key = ''] = message.split(' ');
    this.#writers.get(key)?.lift(Number(priority));
  }

  /** Lock and pieces. */
  #keys(key: string): [string, string] {
    return [`${this.#prefix}:line:${key}`, `${this.#prefix}:parts:${key}`];
  }

  #channel(key: string): string {
    return `${this.#prefix}:line:${key}`;
  }
}
