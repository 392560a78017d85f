import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { HelloMessage } from '../../protocol/client-messages.ts';
import type { SourceTold } from '../../protocol/gateway-messages.ts';
import { type Codec, MAX_CLIENT_FRAGMENTS, MAX_CLIENT_MESSAGE, SUBPROTOCOL } from '../../protocol/wire.ts';
import { lookAheadOf, type VoiceSource } from '../../speech/source.ts';
import type { LineDesk } from '../lines/line-desk.ts';
import type { Opus } from '../lines/opus.ts';
import type { Refusal } from '../refusal.ts';
import type { Admission } from '../tickets/admission.ts';
import { type ConnectionHost, SpeechConnection } from './speech-connection.ts';
import { RESUME_SECONDS, type SessionHost, SpeechSession } from './speech-session.ts';

/** Reads that a message may take, against CVE-2026-48779. */
const MAX_BUFFERED_CHUNKS = 64;

/** Close code "going away". */
const GOING_AWAY = 1001;

export interface SpeechServiceOptions {
  /** The lines; asked for at each connection. */
  readonly openLines: () => Promise<LineDesk>;
  /** What speaks the lines. */
  readonly source: VoiceSource;
  /** The encoder of Opus, where there is one; asked for at each connection. */
  readonly openOpus: () => Promise<Opus | undefined>;
  readonly pingSeconds: number;
  /** Milliseconds of the gateway's clock: that of the desk. */
  readonly nowMs: () => number;
  readonly onError: (error: unknown) => void;
}

/** Takes a handshake; `onOpen` is told of its connection. */
export type TakeHandshake = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  onOpen: (socket: WebSocket) => void,
) => void;

/** The own protocol: its connections, and the sessions that outlive them for a while. */
export class SpeechService {
  readonly #options: SpeechServiceOptions;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_CLIENT_MESSAGE,
    maxFragments: MAX_CLIENT_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL, // It was asked for, or the handshake was refused.
  });
  readonly #connections = new Set<SpeechConnection>();
  readonly #sessions = new Map<string, SpeechSession>();
  #host:
    | { readonly desk: LineDesk; readonly opus: Opus | undefined; readonly connections: ConnectionHost }
    | undefined;
  /** What ends sessions without a connection. */
  readonly #ends = new Map<SpeechSession, ReturnType<typeof setTimeout>>();

  constructor(options: SpeechServiceOptions) {
    this.#options = options;
  }

  /** Open connections. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Lines under way to clients. */
  get lines(): number {
    return [...this.#sessions.values()].reduce((sum, { active }) => sum + active, 0);
  }

  /** Resolves with what takes the handshake of one who was admitted. Rejects where the lines cannot be had. */
  async prepare(admission: Admission): Promise<TakeHandshake> {
    const [desk, opus] = await Promise.all([this.#options.openLines(), this.#options.openOpus()]);
    const host = this.#hostOf(desk, opus);
    return (request, socket, head, onOpen) => {
      if (socket.destroyed) return;
      this.#sockets.handleUpgrade(request, socket, head, (opened) => {
        onOpen(opened);
        this.#connections.add(new SpeechConnection(opened, socket, host, admission));
      });
    };
  }

  /** Tells all clients that the gateway ends in so many seconds: new lines belong on a new connection. */
  drain(seconds: number): void {
    for (const { outlet } of this.#connections) outlet.tell({ type: 'draining', seconds });
  }

  /** Asks all clients to close; resolves once they have. Sessions end, none can be resumed. */
  async close(reason: string): Promise<void> {
    for (const timer of this.#ends.values()) clearTimeout(timer);
    this.#ends.clear();
    for (const session of this.#sessions.values()) session.dispose();
    this.#sessions.clear();
    const closed = [...this.#sockets.clients].map((client) => {
      const gone = once(client, 'close');
      client.close(GOING_AWAY, reason);
      return gone;
    });
    await Promise.all(closed);
  }

  /** Drops those who did not. */
  terminate(): void {
    for (const client of this.#sockets.clients) client.terminate();
  }

  /** What connections have in common: the same as long as desk and encoder are. */
  #hostOf(desk: LineDesk, opus: Opus | undefined): ConnectionHost {
    if (this.#host?.desk === desk && this.#host.opus === opus) return this.#host.connections;
    const { pingSeconds, nowMs, onError, source } = this.#options;
    const sessions: SessionHost = { desk, opus, nowMs, onError };
    const connections: ConnectionHost = {
      ...{ pingSeconds, nowMs, onError },
      source: toldOf(source),
      textLength: desk.maxTextLength,
      opus: opus !== undefined,
      sessionOf: (resume, codec, admission) => this.#sessionOf(resume, codec, admission, sessions),
      onClose: (connection) => this.#handleClose(connection),
    };
    this.#host = { desk, opus, connections };
    return connections;
  }

  #sessionOf(
    resume: HelloMessage['resume'],
    codec: Codec,
    admission: Admission,
    host: SessionHost,
  ): SpeechSession {
    const known = resume && this.#sessions.get(resume.session);
    if (known?.knows(resume!.secret, admission) && known.codec === codec) {
      clearTimeout(this.#ends.get(known));
      this.#ends.delete(known);
      // The client knows better than we do that its last connection is lost.
      for (const other of [...this.#connections]) if (other.session === known) other.drop();
      known.admission = admission;
      return known;
    }
    const session = new SpeechSession(host, codec, admission);
    this.#sessions.set(session.id, session);
    return session;
  }

  #handleClose(connection: SpeechConnection): void {
    this.#connections.delete(connection);
    const { session } = connection;
    if (!session?.detach(connection.outlet) || !this.#sessions.has(session.id)) return;
    const end = setTimeout(() => {
      this.#ends.delete(session);
      this.#sessions.delete(session.id);
      session.dispose();
    }, RESUME_SECONDS * 1_000);
    end.unref();
    this.#ends.set(session, end);
  }
}

/** What clients are told of a source. One that does not say what it gives has it all, as local and finished speech. */
function toldOf(source: VoiceSource): SourceTold {
  return {
    gives: source.traits?.gives ?? ['visemes', 'words'],
    lookAheadSeconds: lookAheadOf(source),
    readsMarkup: source.readsMarkup ?? false,
  };
}

/** Why a handshake speaks no version that there is, if so. */
export function protocolRefusal({ headers }: IncomingMessage): Refusal | undefined {
  const asked = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  if (asked.includes(SUBPROTOCOL)) return undefined;
  return {
    status: 400,
    reason: `Expected ${SUBPROTOCOL} among the subprotocols: there is no other version here.`,
  };
}
