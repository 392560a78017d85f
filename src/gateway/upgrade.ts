import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { SPEECH_PATH } from '../protocol/wire.ts';
import type { VoiceSource } from '../speech/source.ts';
import { type DialectSettings, dialectSpeaker } from './dialects/dialect-speaker.ts';
import { tellDrop } from './drops.ts';
import type { Operation } from './operation/operation.ts';
import { lightningBody, type Refusal, refuseUpgrade } from './refusal.ts';
import { ROUTES, SPEECH_PATHS, targetOf } from './routes.ts';
import { protocolRefusal, type SpeechService } from './speech/speech-service.ts';
import { Admission } from './tickets/admission.ts';
import { admittedVoices } from './tickets/admitted-voices.ts';
import { TICKET_PROTOCOL } from './tickets/credentials.ts';
import type { Door } from './tickets/door.ts';
import type { Visitor } from './tickets/visitor.ts';

/** Largest message of a client, bytes: over-long text shall be answered, not cut off. */
const MAX_PAYLOAD = 256 * 1024;

/** Pieces a message may come in, and reads it may take: far from what honest clients need, against CVE-2026-48779. */
const MAX_FRAGMENTS = 8;
const MAX_BUFFERED_CHUNKS = 1024;

/** Close codes "going away" and "policy violation". */
const GOING_AWAY = 1001;
const POLICY = 1008;

/** Longest that a timer of Node can wait, ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** What upgrades go by. */
export interface UpgradeOptions extends DialectSettings {
  readonly source: VoiceSource;
  readonly door: Door;
  readonly visitorOf: (request: IncomingMessage) => Visitor;
  readonly speech: SpeechService;
  readonly operation: Operation;
  /** Most connections at a time. */
  readonly maxConnections: number;
}

/** What serves a connection. */
type Opening = (socket: WebSocket, admission: Admission) => void;

/** Takes handshakes: finds what the path speaks, has the door say who may, and hands the socket over. */
export class Upgrades {
  readonly #options: UpgradeOptions;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    perMessageDeflate: false,
    // A ticket is among the subprotocols, and never goes back.
    handleProtocols: (protocols) => [...protocols].find((name) => !name.startsWith(TICKET_PROTOCOL)) ?? false,
  });

  constructor(options: UpgradeOptions) {
    this.#options = options;
  }

  /** Connections that are open. */
  get count(): number {
    return this.#sockets.clients.size + this.#options.speech.connections;
  }

  /** Whether a path is one of ours. */
  has(path: string): boolean {
    return ROUTES.has(path) || path === SPEECH_PATH;
  }

  /** Takes or refuses a handshake. Never rejects. */
  readonly handle = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    socket.on('error', () => socket.destroy());
    try {
      const refusal = await this.#take(request, socket, head);
      if (refusal) refuseUpgrade(socket, refusal);
      this.#options.operation.answered(request, refusal);
    } catch (error) {
      this.#options.onError(error);
      const reason = 'The gateway failed to open this; its log says why.';
      const refusal: Refusal = { status: 500, reason, cause: 'fault' };
      this.#options.operation.answered(request, refusal);
      refuseUpgrade(socket, refusal);
    }
  };

  async #take(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<Refusal | undefined> {
    const { path } = targetOf(request);
    if (!this.has(path))
      return { status: 404, reason: `There is no ${path} here. There are ${SPEECH_PATHS}.` };
    const { door, speech, visitorOf, operation, maxConnections } = this.#options;
    const own = path === SPEECH_PATH;
    const strange = own ? protocolRefusal(request) : undefined;
    if (strange) return strange;
    if (operation.draining) return inManner(path, ENDING);
    if (this.count >= maxConnections) {
      return { status: 503, reason: `There are ${maxConnections} connections already.`, cause: 'full' };
    }
    const admission = await door.admit(request, visitorOf(request), !own);
    if (!(admission instanceof Admission)) return inManner(path, admission);
    if (own) {
      const upgrade = await speech.prepare(admission);
      if (operation.draining) return ENDING; // It has begun to end since.
      upgrade(request, socket, head, (opened) => {
        operation.opened(opened, socket);
        limitSession(opened, admission.sessionSeconds);
      });
      return undefined;
    }
    if (operation.draining) return inManner(path, ENDING);
    const opening = this.#openingOf(path, request);
    if (typeof opening === 'object') return opening;
    this.#sockets.handleUpgrade(request, socket, head, (opened) => {
      operation.opened(opened, socket);
      limitSession(opened, admission.sessionSeconds);
      opening(opened, admission);
    });
    return undefined;
  }

  #openingOf(path: string, request: IncomingMessage): Opening | Refusal {
    const { source } = this.#options;
    const speaker = dialectSpeaker(ROUTES.get(path)!, targetOf(request).query, request, this.#options);
    if (typeof speaker === 'object') return speaker;
    return (socket, admission) =>
      speaker(socket, admission.by === 'loopback' ? source : admittedVoices(source, admission));
  }

  /** Asks all clients to close; resolves once they have. */
  async close(): Promise<void> {
    const closed = [...this.#sockets.clients].map((client) => {
      const gone = once(client, 'close');
      client.close(GOING_AWAY, 'the gateway closes');
      return gone;
    });
    await Promise.all([...closed, this.#options.speech.close('the gateway closes')]);
  }

  /** Drops those who did not. */
  terminate(): void {
    for (const client of this.#sockets.clients) client.terminate();
    this.#options.speech.terminate();
  }
}

const ENDING: Refusal = { status: 503, reason: 'The gateway ends; connect again.', cause: 'ending' };

/** A refusal as the service of the path writes it. */
function inManner(path: string, refusal: Refusal): Refusal {
  if (ROUTES.get(path)?.dialect !== 'lightning') return refusal;
  return { ...refusal, json: lightningBody(refusal.status, refusal.reason) };
}

/** Ends a connection whose ticket is good for no longer. */
function limitSession(socket: WebSocket, seconds: number): void {
  if (seconds * 1_000 > LONGEST_TIMER) return;
  const timer = setTimeout(() => {
    tellDrop(socket, 'session');
    socket.close(POLICY, 'the session of the ticket is over');
  }, seconds * 1_000);
  socket.once('close', () => clearTimeout(timer));
}
