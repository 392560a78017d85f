import { InputError, SpeechError } from '../../speech/errors.ts';
import { Access } from './access.ts';
import type { Endpoint } from './endpoint.ts';
import { closeError } from './handshake.ts';
import { Mailbox } from './mailbox.ts';
import type { OpenSocket, SocketClose, SocketEvents, SpeechSocket } from './socket.ts';

/** A message of the service: text or bytes. */
export type Message = string | Uint8Array;

/** Whether a message may come while no request runs, such as a greeting: it is passed over. Any other drops the socket. */
export type IdleFilter = (message: Message) => boolean;

/** Above this many bytes waiting for the reader the socket is paused, below the other it goes on. */
const HIGH_WATER = 1024 * 1024;
const LOW_WATER = 256 * 1024;

/** Bytes that may wait where a socket cannot be paused (pages); more ends the line. Twelve minutes of sound. */
export const MAX_WAITING = 64 * 1024 * 1024;

/**
 * One socket that carries one request after another: {@link send} begins one, {@link receive} reads what comes, and
 * {@link finish} ends it. What comes while no request runs belongs to nobody, so the socket is dropped, unless it is known to
 * mean nothing.
 */
export class Session {
  /** Seconds of audio that earlier requests of this socket gave; kept by the adapter that reads it. */
  spokenSeconds = 0;

  /** The address at which it was opened: scrubs what the service says. */
  readonly endpoint: Endpoint;
  readonly #mayIdle: IdleFilter;
  #socket!: SpeechSocket;
  #open = false;
  #busy = false;
  #retired = false;
  #paused = false;
  readonly #mail = new Mailbox<Message>();

  private constructor(endpoint: Endpoint, mayIdle: IdleFilter) {
    this.endpoint = endpoint;
    this.#mayIdle = mayIdle;
  }

  /**
   * Connects within `seconds`. Throws `connect-timeout`, `connect-failed`, `refused` when the handshake was answered
   * with a no, and `aborted` when `signal` aborts first.
   */
  static async connect(
    address: Endpoint | Access,
    openSocket: OpenSocket,
    seconds: number,
    signal: AbortSignal,
    mayIdle: IdleFilter = () => false,
  ): Promise<Session> {
    if (signal.aborted) throw SpeechError.aborted();
    const endpoint = address instanceof Access ? await address.open(seconds, signal) : address;
    const session = new Session(endpoint, mayIdle);
    try {
      const events: SocketEvents = {
        onOpen: () => session.#handleOpen(),
        onMessage: (data) => session.#handleMessage(data),
        onClose: (close) => session.#handleClose(close),
      };
      session.#socket = openSocket(endpoint.url, events, endpoint.headers, endpoint.protocols);
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw SpeechError.connectFailed(endpoint.where, new Error(endpoint.quote(String(error))));
    }
    const stop = () => session.close();
    signal.addEventListener('abort', stop, { once: true });
    await session.#mail.until(() => session.#open, seconds);
    signal.removeEventListener('abort', stop);
    if (session.#mail.over) throw session.#mail.over;
    if (session.#open) return session;
    session.close();
    throw SpeechError.connectTimeout(endpoint.where, seconds);
  }

  /** Whether a request can be sent. */
  get ready(): boolean {
    return this.#open && !this.#busy && !this.#mail.over && !this.#retired;
  }

  /** No request shall follow the one that runs. */
  retire(): void {
    this.#retired = true;
  }

  /** From now on all that comes is awaited, requested or not. */
  claim(): void {
    this.#busy = true;
  }

  /** Begins a request, which must find the session {@link ready}, or sends more of it. */
  send(request: string | Uint8Array<ArrayBuffer>): void {
    this.#busy = true;
    this.#socket.send(request);
  }

  /**
   * The next message of the request, or nothing when none came within `seconds`; time counts only while the caller
   * waits here. Throws why, once the socket is over and all it brought is read.
   */
  async receive(seconds: number): Promise<Message | undefined> {
    const message = await this.#mail.receive(seconds);
    if (this.#paused && this.#mail.bytes < LOW_WATER) {
      this.#paused = false;
      this.#socket.resume();
    }
    return message;
  }

  /** Whoever waits in {@link receive} is told at once that nothing came. */
  nudge(): void {
    this.#mail.nudge();
  }

  /** The request is whole; another may follow. */
  finish(): void {
    this.#busy = false;
    if (!this.#mail.takeAll().every(this.#mayIdle)) this.close();
  }

  /** Drops the socket: the only way to cancel a request. Whoever waits here is told `aborted`. May be called twice. */
  close(): void {
    this.#end(SpeechError.aborted());
  }

  #handleOpen(): void {
    this.#open = true;
    this.#mail.nudge();
  }

  #handleMessage(data: Message): void {
    if (this.#mail.over) return;
    if (!this.#busy) {
      if (!this.#mayIdle(data)) this.#end(unasked(this.endpoint));
      return;
    }
    this.#mail.push(data, data.length);
    if (this.#mail.bytes > MAX_WAITING) this.#end(tooFarAhead(this.endpoint));
    else if (!this.#paused && this.#mail.bytes > HIGH_WATER) {
      this.#paused = true;
      this.#socket.pause();
    }
  }

  #handleClose(close: SocketClose): void {
    this.#end(closeError(close, this.endpoint, this.#open));
  }

  #end(reason: SpeechError): void {
    if (this.#mail.over) return;
    this.#mail.end(reason, reason.code === 'aborted' || reason.code === 'protocol');
    this.#socket.close();
  }
}

/** What ends a socket on which something comes that nobody asked for. */
function unasked({ where }: Endpoint): SpeechError {
  return SpeechError.protocol(where, 'nothing while no line is on its way', 'a message');
}

/** What ends a line of which more waits than {@link MAX_WAITING} bytes. */
export function tooFarAhead({ where }: Endpoint): SpeechError {
  return SpeechError.protocol(where, `at most ${MAX_WAITING} bytes ahead of the reader`, 'more');
}
