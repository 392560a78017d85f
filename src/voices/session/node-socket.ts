import type { IncomingMessage } from 'node:http';
import { type RawData, WebSocket } from 'ws';
import { MAX_WAITING } from './session.ts';
import type { OpenSocket } from './socket.ts';

/** Largest message taken from a service, bytes: a whole line may come in one. As much may wait for a reader. */
const MAX_PAYLOAD = MAX_WAITING;

/** Why a socket ended on which a larger one came. */
const TOO_LARGE = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';

/** Pieces a message may come in, and reads it may take: far from what honest services need, against CVE-2026-48779. */
const MAX_FRAGMENTS = 1024;
const MAX_BUFFERED_CHUNKS = 16_384;

/** Most of a refusal's answer that is read, bytes, and the time for it, ms. */
const LONGEST_BODY = 4096;
const BODY_MS = 1000;

/** How sockets of Node are kept. */
export interface NodeSocketOptions {
  /** Seconds between pings; a service that leaves two of them unanswered is gone. Default 20. */
  readonly pingSeconds?: number;
}

/** Makes sockets of Node: they tell why a handshake was refused, send headers, can hold a stream back, and are kept alive. */
export function nodeSockets({ pingSeconds = 20 }: NodeSocketOptions = {}): OpenSocket {
  return (url, events, headers = {}, protocols = []) => {
    const socket = new WebSocket(url, [...protocols], {
      headers,
      maxPayload: MAX_PAYLOAD,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: MAX_BUFFERED_CHUNKS,
      perMessageDeflate: false,
      followRedirects: false,
    });
    let refusal:
      | { status: number | undefined; body: string; retryAfterSeconds: number | undefined }
      | undefined;
    let problem = '';
    let tooLarge = false;
    let unanswered = 0;
    let pings: ReturnType<typeof setInterval> | undefined;

    function ping(): void {
      if (socket.isPaused) return; // Answers wait behind what the reader has not taken.
      if (unanswered >= 2) {
        problem ||= 'it does not answer any more';
        socket.terminate();
      } else {
        unanswered++;
        socket.ping();
      }
    }

    socket.on('open', () => {
      pings = setInterval(ping, pingSeconds * 1000);
      pings.unref();
      events.onOpen();
    });
    socket.on('pong', () => {
      unanswered = 0;
    });
    socket.on('message', (data, binary) => {
      unanswered = 0;
      const bytes = bytesOf(data);
      events.onMessage(binary ? bytes : bytes.toString());
    });
    socket.on('unexpected-response', (request, response) => {
      void bodyOf(response).then((body) => {
        refusal = {
          status: response.statusCode,
          body,
          retryAfterSeconds: secondsOf(response.headers['retry-after']),
        };
        request.destroy(); // With a listener here, ending the request is ours to do.
        socket.terminate();
      });
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      problem ||= error.message || (error.code ?? ''); // Where several addresses were tried there is no message.
      tooLarge ||= error.code === TOO_LARGE;
    });
    socket.on('close', (code, reason) => {
      clearInterval(pings);
      events.onClose({ code, reason: reason.toString() || problem, tooLarge, ...refusal });
    });
    return {
      send: (data) => socket.send(data),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      close: () => socket.terminate(),
    };
  };
}

/** Sockets of Node with a ping every 20 seconds. */
export const openNodeSocket: OpenSocket = nodeSockets();

/** The beginning of an answer, as far as it comes in time. Never rejects. */
function bodyOf(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const finish = () => {
      clearTimeout(timer);
      resolve(Buffer.concat(pieces).subarray(0, LONGEST_BODY).toString());
    };
    const timer = setTimeout(finish, BODY_MS);
    response.on('data', (piece: Buffer) => {
      pieces.push(piece);
      length += piece.length;
      if (length >= LONGEST_BODY) finish();
    });
    response.on('error', finish);
    response.on('close', finish);
    response.on('end', finish);
  });
}

/** `Retry-After` in its form of seconds; its form of a date is passed over. */
function secondsOf(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,5}$/.test(value) ? Number(value) : undefined;
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
