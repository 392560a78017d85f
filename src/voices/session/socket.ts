import { InputError } from '../../speech/errors.ts';

/** How a socket ended. */
export interface SocketClose {
  /** WebSocket close code; 1006 when the connection broke or was never made. */
  readonly code: number;
  /** The service's own words, mostly empty. May hold a key: scrub before showing. */
  readonly reason: string;
  /** Whether a message was larger than what this side takes. */
  readonly tooLarge?: boolean | undefined;
  /** HTTP status of a refused handshake. Pages are never told; Node is. */
  readonly status?: number | undefined;
  /** What stood in the answer of a refused handshake, as far as it was read. May hold a key: scrub before showing. */
  readonly body?: string | undefined;
  /** When to try again, seconds, where a refused handshake said so. */
  readonly retryAfterSeconds?: number | undefined;
}

/** What a socket tells its owner. */
export interface SocketEvents {
  /** The connection is made. */
  onOpen(): void;
  /** A whole message: text, or bytes that the receiver owns. */
  onMessage(data: string | Uint8Array): void;
  /** The socket is over, or never came to be. Fires at most once, and last. */
  onClose(close: SocketClose): void;
}

/** A WebSocket as the voices use it: text and bytes, out and in. */
export interface SpeechSocket {
  send(data: string | Uint8Array<ArrayBuffer>): void;
  /** Holds messages back in the network, where that can be done: a page cannot, and goes on receiving. */
  pause(): void;
  resume(): void;
  /** Drops the connection at once. May be called twice. */
  close(): void;
}

/**
 * Begins to connect; `headers` and `protocols` (WebSocket subprotocols) are those of the handshake, where the service
 * takes its key in one. An app may supply its own, to add headers or to go through a proxy. Throws only for a bad URL or
 * subprotocol, and for headers where none can be sent.
 */
export type OpenSocket = (
  url: string,
  events: SocketEvents,
  headers?: Readonly<Record<string, string>>,
  protocols?: readonly string[],
) => SpeechSocket;

/** Sockets of the platform: pages, workers, and Node from version 22 on. */
export const openWebSocket: OpenSocket = (url, events, headers, protocols = []) => {
  if (headers && Object.keys(headers).length > 0) {
    throw new InputError(
      'openSocket',
      'a function that sends request headers (openNodeSocket from babylon-parley/gateway)',
      "the platform's own WebSocket, which sends none",
    );
  }
  if (typeof WebSocket === 'undefined') {
    throw new InputError(
      'openSocket',
      'a function here, because this Node has no WebSocket of its own (openNodeSocket from babylon-parley/gateway)',
      'nothing',
    );
  }
  const socket = new WebSocket(url, [...protocols]);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => events.onOpen();
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
    events.onMessage(typeof data === 'string' ? data : new Uint8Array(data));
  socket.onclose = ({ code, reason }) => events.onClose({ code, reason });
  return {
    send: (data) => socket.send(data),
    pause: () => {},
    resume: () => {},
    close: () => socket.close(),
  };
};
