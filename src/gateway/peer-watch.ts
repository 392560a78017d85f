import type { WebSocket } from 'ws';
import { tellDrop } from './drops.ts';

/** Pings that may go unanswered before a peer is held for dead. */
const MISSED_PINGS = 2;

/**
 * Pings a peer every so many seconds and drops it when it has shown no life between three pings in a row.
 * The function it gives tells of life that the socket itself does not tell, such as data taken.
 */
export function watchPeer(socket: WebSocket, pingSeconds: number): () => void {
  let missed = 0;
  const alive = () => {
    missed = 0;
  };
  const timer = setInterval(() => {
    if (missed >= MISSED_PINGS) {
      tellDrop(socket, 'pings');
      socket.terminate();
      return;
    }
    missed++;
    socket.ping();
  }, pingSeconds * 1000);
  socket.on('pong', alive);
  socket.on('message', alive);
  socket.on('close', () => clearInterval(timer));
  return alive;
}
