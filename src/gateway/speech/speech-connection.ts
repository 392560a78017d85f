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
import { type Peer, peerWatch } from '../peer-watch.ts';
import type { Admission } from '../tickets/admission.ts';
import { Misbehaviour } from './misbehaviour.ts';
import { Outlet } from './outlet.ts';
import { MOST_LINES, RESUME_SECONDS, type SpeechSession } from './speech-session.ts';

/** Time for the first message, ms. */
const HELLO_MS = 5_000;

/** Close code "policy violation". */
const POLICY = 1008;

/** What all connections have in common. */
export interface ConnectionHost {
  readonly source: SourceTold;
  /** Longest text of a line, UTF-16 units. */
  readonly textLength: number;
  readonly pingSeconds: number;
  readonly nowMs: () => number;
  readonly onError: (error: unknown) => void;
  /** The session that a client comes back to, if it is known, else a new one. */
  readonly sessionOf: (resume: HelloMessage['resume'], codec: Codec, admission: Admission) => SpeechSession;
  /** Whether there is an encoder of Opus. */
  readonly opus: boolean;
  /** The connection is over. */
  readonly onClose: (connection: SpeechConnection) => void;
}

/** One connection of the own protocol. */
export class SpeechConnection {
  readonly outlet: Outlet;
  readonly #socket: WebSocket;
  readonly #host: ConnectionHost;
  readonly #admission: Admission;
  readonly #peer: Peer;
  /** Made when there is something to note: most break nothing. */
  #misbehaviour: Misbehaviour | undefined;
  /** Until the hello has come. */
  #hello: ReturnType<typeof setTimeout> | undefined;
  #session: SpeechSession | undefined;

  constructor(socket: WebSocket, stream: Duplex, host: ConnectionHost, admission: Admission) {
    this.#socket = socket;
    this.#host = host;
    this.#admission = admission;
    this.#peer = peerWatch(host.pingSeconds).add(socket);
    this.outlet = new Outlet(socket, stream, this.#peer);
    this.#hello = setTimeout(() => this.#dismiss('hello', 'no hello within 5 s'), HELLO_MS);
    socket.on('message', (data, binary) => this.#handleMessage(data, binary));
    socket.on('pong', () => this.#peer.alive());
    socket.on('error', passOver);
    socket.on('close', () => this.#handleClose());
  }

  get session(): SpeechSession | undefined {
    return this.#session;
  }

  /** Another connection has taken its session. */
  drop(): void {
    this.#session = undefined;
    this.#socket.terminate();
  }

  #handleClose(): void {
    clearTimeout(this.#hello);
    peerWatch(this.#host.pingSeconds).remove(this.#peer);
    this.outlet.handleClose();
    this.#host.onClose(this);
  }

  #handleMessage(data: RawData, binary: boolean): void {
    this.#peer.alive();
    if (!this.outlet.open) return;
    try {
      if (binary) throw new InputError('Message', 'text', 'bytes');
      this.#obey(readClientMessage(String(data)));
    } catch (error) {
      if (error instanceof InputError && !binary && this.#refuse(String(data), error)) return;
      if (!(error instanceof InputError)) this.#host.onError(error);
      const message = error instanceof InputError ? error.message : 'a fault of the gateway.';
      this.outlet.tell({ type: 'error', code: 'protocol', message });
      this.#misbehaviour ??= new Misbehaviour();
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
      this.outlet.tell({ type: 'pong', at: message.at, time: this.#host.nowMs() });
    } else if (message.type === 'credit') session.allow(message.line, message.bytes);
    else if (message.type === 'cancel') session.cancel(message.line);
    else if (message.type === 'done') session.done(message.line);
    else session.begin(message);
  }

  #welcome({ codecs, resume }: HelloMessage): void {
    if (this.#session) throw new InputError('Message', 'one hello', 'another');
    const { source, textLength, nowMs, sessionOf, opus } = this.#host;
    const { freeText = false, voices } = this.#admission.scopes;
    const codec = codecs.find((each) => each === 'pcm' || opus);
    if (!codec) throw new InputError('Message, codecs', 'pcm among them', codecs.join(', '));
    clearTimeout(this.#hello);
    this.#hello = undefined;
    const session = sessionOf(resume, codec, this.#admission);
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

/** Of a socket that fails: `close` follows. */
function passOver(): void {}
