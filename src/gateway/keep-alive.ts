import type { WebSocket, WebSocketServer } from 'ws';

/** Milliseconds between two pings; a peer that leaves two unanswered is gone. */
const PING_MS = 20_000;
const MAX_MISSED = 2;

/** Ends sockets whose peers have vanished without closing them. Returns the undo. */
export function keepAlive(sockets: WebSocketServer): () => void {
  const missed = new WeakMap<WebSocket, number>();
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      const count = missed.get(socket);
      if (count === undefined) socket.on('pong', () => missed.set(socket, 0));
      if ((count ?? 0) >= MAX_MISSED) {
        socket.terminate();
        continue;
      }
      missed.set(socket, (count ?? 0) + 1);
      socket.ping();
    }
  }, PING_MS);
  timer.unref();
  return () => clearInterval(timer);
}
