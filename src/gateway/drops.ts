import type { WebSocket } from 'ws';

/**
 * Why something of a client was dropped. Its connection: it left too much `unread`, answered no `pings`, said no `hello`,
 * broke the `protocol` too often, or the `session` of its ticket was over. Or a line alone, since it was `stalled`: the
 * client took nothing for five seconds.
 */
export const DROPS = ['unread', 'pings', 'hello', 'protocol', 'session', 'stalled'] as const;
export type Drop = (typeof DROPS)[number];

const EVENT = Symbol('drop');

/** Tells who counts that something is dropped; whoever drops it does so itself. */
export function tellDrop(socket: WebSocket, drop: Drop): void {
  socket.emit(EVENT, drop);
}

/** Told of whatever is dropped of a connection, as long as it is there. */
export function onDrop(socket: WebSocket, listener: (drop: Drop) => void): void {
  socket.on(EVENT, listener);
}
