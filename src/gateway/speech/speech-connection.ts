import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import {
  askedLineOf,
  type ClientMessage,
  type HelloMessage,
  readClientMessage,
} from '../../protocol/client-messages.ts';
import type { SourceTold } from '../../protocol/gateway-messages.ts';
import type { Codec } from '../../protocol/wire.ts';
import { InputError } from '../../speech/errors.ts';
import { type Drop, tellDrop } from '../drops.ts';
import { watchPeer } from '../peer-watch.ts';
import { Misbehaviour } from './misbehaviour.ts';
import { Outlet } from './outlet.ts';
import { MOST_LINES, RESUME_SECONDS, type SpeechSession } from './speech-session.ts';

/** Time for the first message, ms. */
const HELLO_MS = 5_000;

/** Close code "policy violation". */
const POLICY = 1008;

export interface ConnectionOptions {
  readonly freeText: boolean;
  /** Those that may be asked for; undefined: all. */
  readonly voices: readonly string[] | undefined;
  readonly source: SourceTold;
  /** Longest text of a line, UTF-16 units. */
  readonly textLength: number;
  readonly pingSeconds: number;
  readonly nowMs: () => number;
  readonly onError: (error: unknown) => void;
  /** The session that a client comes back to, if it is known, else a new one. */
  readonly sessionOf: (resume: HelloMessage['resume'], codec: Codec) => SpeechSession;
  /** Whether there is an encoder of Opus. */
  readonly opus: boolean;
  /** The connection is over. */
  readonly onClose: (connection: SpeechConnection) => void;
}

/** One connection of the own protocol. */
export class SpeechConnection {
  readonly outlet: Outlet;
  readonly #socket: WebSocket;
  readonly #options: ConnectionOptions;
  readonly #misbehaviour = new Misbehaviour();
  readonly #hello: ReturnType<typeof setTimeout>;
  #session: SpeechSession | undefined;

  constructor(socket: WebSocket, stream: Duplex, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.outlet = new Outlet(socket, stream, watchPeer(socket, options.pingSeconds));
    this.#hello = setTimeout(() => this.#dismiss('hello', 'no hello within 5 s'), HELLO_MS);
    socket.on('message', (data, binary) => this.#handleMessage(data, binary));
    socket.on('error', () => {}); // `close` follows.
    socket.on('close', () => {
      clearTimeout(this.#hello);
      options.onClose(this);
    });
  }

  get session(): SpeechSession | undefined {
    return this.#session;
  }

  /** Another connection has taken its session. */
  drop(): void {
    this.#session = undefined;
    this.#socket.terminate();
  }

  #handleMessage(data: RawData, binary: boolean): void {
    if (!this.outlet.open) return;
    try {
      if (binary) throw new InputError('Message', 'text', 'bytes');
      this.#obey(readClientMessage(String(data)));
    } catch (error) {
      if (error instanceof InputError && !binary && this.#refuse(String(data), error)) return;
      if (!(error instanceof InputError)) this.#options.onError(error);
      const message = error instanceof InputError ? error.message : 'a fault of the gateway.';
      this.outlet.tell({ type: 'error', code: 'protocol', message });
      if (this.#misbehaviour.note(performance.now()))
        this.#dismiss('protocol', 'it broke the protocol too often');
    }
  }

  /** A line that is asked for wrongly is refused, and nothing happens to the others. Tells whether it was one. */
  #refuse(text: string, { message }: InputError): boolean {
    const line = askedLineOf(text);
    return line !== undefined && (this.#session?.refuse(line, message) ?? false);
  }

  #dismiss(drop: Drop, reason: string): void {
    tellDrop(this.#socket, drop);
    this.#socket.close(POLICY, reason);
  }

  #obey(message: ClientMessage): void {
    if (message.type === 'hello') {
      this.#welcome(message);
      return;
    }
    const session = this.#session;
    if (!session) throw new InputError('Message', 'a hello first', message.type);
    if (message.type === 'ping') {
      this.outlet.tell({ type: 'pong', at: message.at, time: this.#options.nowMs() });
    } else if (message.type === 'credit') session.allow(message.line, message.bytes);
    else if (message.type === 'cancel') session.cancel(message.line);
    else if (message.type === 'done') session.done(message.line);
    else session.begin(message);
  }

  #welcome({ codecs, resume }: HelloMessage): void {
    if (this.#session) throw new InputError('Message', 'one hello', 'another');
    const { freeText, voices, source, textLength, nowMs, sessionOf, opus } = this.#options;
    const codec = codecs.find((each) => each === 'pcm' || opus);
    if (!codec) throw new InputError('Message, codecs', 'pcm among them', codecs.join(', '));
    clearTimeout(this.#hello);
    const session = sessionOf(resume, codec);
    this.#session = session;
    const known = resume !== undefined && session.id === resume.session;
    const held = known ? resume.lines : [];
    const resumed = known ? session.keep(held) : [];
    session.attach(this.outlet);
    this.outlet.tell({
      type: 'welcome',
      session: session.id,
      secret: session.secret,
      codec: session.codec,
      time: nowMs(),
      resumed,
      limits: { textLength, lines: MOST_LINES, resumeSeconds: RESUME_SECONDS },
      freeText,
      ...(voices && { voices }),
      source,
    });
    session.resume(held);
  }
}
