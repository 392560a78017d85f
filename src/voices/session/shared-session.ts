import type { SpeechError } from '../../speech/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { Mailbox } from './mailbox.ts';
import { MAX_WAITING, type Message, type Session, tooFarAhead } from './session.ts';

/** A message that was read as far as all messages of its service are alike. */
export interface Addressed {
  /** The line it belongs to; undefined where it names none, so that it is about the socket. */
  readonly context: string | undefined;
  /** Whether it is the last one of its line. */
  readonly last: boolean;
}

/** How a service carries many lines over one socket. */
export interface SharedProtocol<Read extends Addressed> {
  /** Reads a message. Never throws. */
  readonly read: (message: Message) => Read;
  /**
   * Lines that the service takes on one socket at a time. A line counts until the service has sent its last message,
   * cancelled or not. Default: any number, and nothing is waited for after a cancelled one.
   */
  readonly places?: number;
}

/** Longest wait of a timer, seconds. */
const LONG = 1_000_000;

/** Names of lines: of this module none twice, and hardly any that another one on the account has. */
const OURS = Math.random().toString(36).slice(2, 10);
let lines = 0;

/**
 * One socket that carries many lines at a time, told apart by the context that their messages name. What comes for a line
 * that is no more is dropped. A message that names no line is told to all that run, and no other follows on the socket.
 * The socket cannot be held back for one line, so a reader may be {@link MAX_WAITING} bytes behind, then its line ends.
 */
export class SharedSession<Read extends Addressed = Addressed> {
  readonly endpoint: Endpoint;
  readonly #session: Session;
  readonly #read: (message: Message) => Read;
  readonly #places: number;
  readonly #running = new Map<string, Mailbox<Read>>();
  /** Cancelled lines that the service is not done with. */
  readonly #ending = new Set<string>();
  #over: SpeechError | undefined;
  #retired = false;
  #begun = 0;

  /** Takes over a session that was just opened. */
  constructor(session: Session, { read, places = Number.POSITIVE_INFINITY }: SharedProtocol<Read>) {
    this.endpoint = session.endpoint;
    this.#session = session;
    this.#read = read;
    this.#places = places;
    session.claim();
    void this.#deliver(); // Ends, and never rejects, when the socket does.
  }

  /** Whether another line can begin. */
  get free(): boolean {
    return !this.#over && !this.#retired && this.#running.size + this.#ending.size < this.#places;
  }

  /** Whether no line can begin any more. */
  get spent(): boolean {
    return this.#over !== undefined || this.#retired;
  }

  /** Lines that run. */
  get running(): number {
    return this.#running.size;
  }

  /** Lines that were ever begun. */
  get begun(): number {
    return this.#begun;
  }

  /** Begins a line, on a socket that is over one that fails at once. */
  begin(): SharedLine<Read> {
    const context = `${OURS}-${++lines}`;
    const mail = new Mailbox<Read>();
    if (this.#over) mail.end(this.#over, false);
    this.#begun++;
    this.#running.set(context, mail);
    return new SharedLine(context, this, mail, {
      send: (ask) => this.#session.send(ask),
      leave: (asks) => this.#leave(context, asks),
    });
  }

  /** No line shall begin any more. */
  retire(): void {
    this.#retired = true;
  }

  /** Drops the socket. Lines that run are told `aborted`. May be called twice. */
  close(): void {
    this.#session.close();
  }

  async #deliver(): Promise<void> {
    try {
      for (;;) {
        const message = await this.#session.receive(LONG);
        if (message !== undefined) this.#handle(message);
      }
    } catch (reason) {
      this.#over = reason as SpeechError; // Sessions throw no other.
      for (const mail of this.#running.values()) mail.end(this.#over, this.#over.code === 'aborted');
      this.#ending.clear();
    }
  }

  #handle(message: Message): void {
    const read = this.#read(message);
    const { context, last } = read;
    if (context === undefined) this.#retired = true;
    else if (last) this.#ending.delete(context);
    for (const [name, mail] of this.#running) {
      if (name !== (context ?? name)) continue;
      mail.push(read, message.length);
      if (mail.bytes > MAX_WAITING) mail.end(tooFarAhead(this.endpoint), true);
    }
  }

  #leave(context: string, asks: readonly string[] | undefined): void {
    if (!this.#running.delete(context) || !asks || this.#over) return;
    if (this.#places < Number.POSITIVE_INFINITY) this.#ending.add(context);
    for (const ask of asks) this.#session.send(ask);
  }
}

/** What a line may do with its socket. */
interface Way {
  send(ask: string): void;
  leave(asks: readonly string[] | undefined): void;
}

/** One line on a socket that it shares with others. */
export class SharedLine<Read extends Addressed = Addressed> {
  /** The name by which messages call it; unlike that of any other line. */
  readonly context: string;
  readonly session: SharedSession<Read>;
  readonly #mail: Mailbox<Read>;
  readonly #way: Way;

  constructor(context: string, session: SharedSession<Read>, mail: Mailbox<Read>, way: Way) {
    this.context = context;
    this.session = session;
    this.#mail = mail;
    this.#way = way;
  }

  /** Sends a message, unless the socket is over: then reading tells why. */
  send(ask: string): void {
    if (!this.#mail.over) this.#way.send(ask);
  }

  /** As {@link Session.receive}. */
  receive(seconds: number): Promise<Read | undefined> {
    return this.#mail.receive(seconds);
  }

  /** Whoever waits in {@link receive} is told at once that nothing came. */
  nudge(): void {
    this.#mail.nudge();
  }

  /** Ends it: with `asks`, which cancel it, while the service is not done with it. May be called twice. */
  leave(asks?: readonly string[]): void {
    this.#way.leave(asks);
  }
}
