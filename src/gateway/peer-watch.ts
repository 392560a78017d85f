import type { WebSocket } from 'ws';
import { tellDrop } from './drops.ts';

/** Pings that may go unanswered before a peer is held for dead. */
const MISSED_PINGS = 2;

/** Parts of the time between two pings: peers are pinged some at a time. */
const TURNS = 16;

/** One peer, which is pinged every so many seconds and dropped when it has shown no life between three pings in a row. */
export class Peer {
  /** When it is pinged, of {@link TURNS}. */
  readonly turn: number;
  readonly #socket: WebSocket;
  #missed = 0;

  constructor(socket: WebSocket, turn: number) {
    this.turn = turn;
    this.#socket = socket;
  }

  /** It lives: something came of it, or it has taken something. */
  alive(): void {
    this.#missed = 0;
  }

  /** Its turn has come. */
  ping(): void {
    if (this.#missed >= MISSED_PINGS) {
      tellDrop(this.#socket, 'pings');
      this.#socket.terminate();
      return;
    }
    this.#missed++;
    this.#socket.ping();
  }
}

/** Pings peers: one timer for all of them, since one for each would be a quarter of a kilobyte. */
export class PeerWatch {
  readonly #pingSeconds: number;
  readonly #turns = Array.from({ length: TURNS }, () => new Set<Peer>());
  #count = 0;
  #turn = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(pingSeconds: number) {
    this.#pingSeconds = pingSeconds;
  }

  /** Another one, from now on. */
  add(socket: WebSocket): Peer {
    const peer = new Peer(socket, this.#turn);
    this.#turns[this.#turn]!.add(peer);
    this.#count++;
    this.#timer ??= setInterval(() => this.#next(), (this.#pingSeconds * 1_000) / TURNS);
    return peer;
  }

  /** It is gone. May be called twice. */
  remove(peer: Peer): void {
    if (!this.#turns[peer.turn]!.delete(peer)) return;
    this.#count--;
    if (this.#count > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #next(): void {
    this.#turn = (this.#turn + 1) % TURNS;
    for (const peer of [...this.#turns[this.#turn]!]) peer.ping();
  }
}

const watches = new Map<number, PeerWatch>();

/** The one for all who are pinged every so many seconds. */
export function peerWatch(pingSeconds: number): PeerWatch {
  const there = watches.get(pingSeconds) ?? new PeerWatch(pingSeconds);
  watches.set(pingSeconds, there);
  return there;
}

/**
 * Watches a peer as long as its socket is there. The function it gives tells of life that the socket itself does not tell,
 * such as data taken.
 */
export function watchPeer(socket: WebSocket, pingSeconds: number): () => void {
  const watch = peerWatch(pingSeconds);
  const peer = watch.add(socket);
  const alive = () => peer.alive();
  socket.on('pong', alive);
  socket.on('message', alive);
  socket.on('close', () => watch.remove(peer));
  return alive;
}
