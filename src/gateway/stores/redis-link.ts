import type { Redis } from 'ioredis';
import { InputError } from '../../speech/errors.ts';
import { StoreAwayError, type StoreState } from './store.ts';

/** A command that is not answered within this has failed, ms: what it is for cannot wait longer. */
const COMMAND_MS = 1_000;

/** Time for a connection, and between looks whether a server that was away is back, ms. */
const CONNECT_MS = 2_000;
const LOOK_MS = 500;

/** Loads the optional package. Throws {@link InputError} that says how to have it. */
async function loadRedis(): Promise<typeof Redis> {
  try {
    return (await import('ioredis')).Redis;
  } catch (cause) {
    throw Object.assign(
      new InputError('A store in Redis', 'the package ioredis (npm install ioredis)', 'none'),
      { cause },
    );
  }
}

/** A Redis server: a connection for commands, one to listen, and whether the server is there. */
export class RedisLink {
  readonly #client: Redis;
  readonly #listener: Redis;
  readonly #shown: string;
  readonly #stateListeners = new Set<(state: StoreState) => void>();
  readonly #recoveries: (() => Promise<void>)[] = [];
  #state: StoreState = 'ok';
  #closed = false;
  #lastError: Error | undefined;
  #why: string | undefined;
  #looking: ReturnType<typeof setTimeout> | undefined;

  private constructor(client: Redis, listener: Redis, shown: string) {
    this.#client = client;
    this.#listener = listener;
    this.#shown = shown;
    for (const each of [client, listener]) {
      each.on('error', (error: Error) => {
        this.#lastError = error; // `close` follows, and says less.
      });
      each.on('close', () => this.#lose(this.#lastError));
    }
  }

  /** Connects. Rejects with {@link InputError}, which does not show the password, when that fails. */
  static async open(url: string): Promise<RedisLink> {
    const Client = await loadRedis();
    if (!/^rediss?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
      throw new InputError('Address of Redis', 'redis://HOST:PORT or rediss://HOST:PORT', 'something else');
    }
    const { host } = new URL(url);
    const options = {
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_MS,
      connectTimeout: CONNECT_MS,
      retryStrategy: (times: number) => Math.min(100 * times, 1_000),
    };
    const link = new RedisLink(new Client(url, options), new Client(url, options), host);
    try {
      await Promise.all([link.#client.connect(), link.#listener.connect()]);
      await link.#client.ping();
    } catch (cause) {
      await link.close();
      const { message: said } = link.#lastError ?? (cause as Error);
      throw Object.assign(new InputError(`Redis at ${host}`, 'a server that answers', `none (${said})`), {
        cause,
      });
    }
    link.#state = 'ok'; // Whatever happened while it was opened.
    clearTimeout(link.#looking);
    return link;
  }

  get state(): StoreState {
    return this.#state;
  }

  /** Why it is away, in a word that shows nothing of what was asked; undefined where it is not. */
  get why(): string | undefined {
    return this.#state === 'ok' ? undefined : this.#why;
  }

  /** Host and port, for messages. */
  get shown(): string {
    return this.#shown;
  }

  /** The connection for those who bring commands of their own. */
  get client(): Redis {
    return this.#client;
  }

  /** The connection that listens to channels. */
  get listener(): Redis {
    return this.#listener;
  }

  /** Asks the server. Rejects with {@link StoreAwayError} when it is away, at once where that is known. */
  async ask<T>(question: (client: Redis) => Promise<T>): Promise<T> {
    if (this.#state !== 'ok' || this.#closed) throw new StoreAwayError();
    try {
      return await question(this.#client);
    } catch (error) {
      if (isAnswer(error)) throw error;
      this.#lose(error);
      throw new StoreAwayError(error);
    }
  }

  /** Told of every change. Returns what ends it. */
  onState(listener: (state: StoreState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** What is to be done before the server counts as back. */
  onRecover(task: () => Promise<void>): void {
    this.#recoveries.push(task);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#looking);
    this.#client.disconnect();
    this.#listener.disconnect();
  }

  #lose(error: unknown): void {
    if (this.#state !== 'ok' || this.#closed) return;
    this.#why = wordOf(error);
    this.#tell('degraded');
    this.#lookLater();
  }

  #lookLater(): void {
    clearTimeout(this.#looking);
    this.#looking = setTimeout(() => void this.#look(), LOOK_MS);
    this.#looking.unref();
  }

  async #look(): Promise<void> {
    try {
      await Promise.all([this.#client.ping(), this.#listener.ping()]);
      for (const task of this.#recoveries) await task();
      this.#lastError = undefined;
      if (!this.#closed) this.#tell('ok');
    } catch (error) {
      // Of a password that was changed only the event tells: what is asked then finds no connection.
      const said = isReply(error) ? error : this.#lastError;
      this.#why = said ? wordOf(said) : this.#why;
      if (!this.#closed) this.#lookLater();
    }
  }

  #tell(state: StoreState): void {
    this.#state = state;
    for (const listener of [...this.#stateListeners]) listener(state);
  }
}

/**
 * Answers of a server that cannot do its work for now: full, starting, a replica, without its disk or its cluster; or that
 * does not do it for us, since rights or passwords were changed.
 */
const UNABLE =
  /^(OOM|LOADING|READONLY|MASTERDOWN|MISCONF|NOREPLICAS|CLUSTERDOWN|BUSY|TRYAGAIN|NOPERM|NOAUTH|WRONGPASS)\b|^ERR (The user executing the script|max number of clients)/;

/** Whether the server answered, and will answer so again: what was asked is at fault. */
function isAnswer(error: unknown): boolean {
  return isReply(error) && !UNABLE.test(error.message);
}

function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

/** What went wrong, in a word: the first of a server's answer, or the network's code. */
function wordOf(error: unknown): string {
  if (isReply(error)) return /^[A-Z]+\b/.exec(error.message)?.[0] ?? 'ERR';
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  return code ?? (message === 'Command timed out' ? 'no answer in time' : 'the connection ended');
}
