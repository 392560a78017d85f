import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { GatewayMessage, UnknownMessage } from '../../protocol/gateway-messages.ts';
import type { CueRow, WordRow } from '../../protocol/rows.ts';
import type { ShapesJson } from '../../speech/shapes-json.ts';
import { tellDrop } from '../drops.ts';
import { HIGH_WATER } from '../paced-socket.ts';
import type { Peer } from '../peer-watch.ts';
import { textMessage, type WireMessage } from './wire-message.ts';

/** Below this many unsent bytes lines go on that waited. */
const LOW_WATER = 64 * 1024;

/** Unsent bytes at which a client that does not read is cut off. */
const LIMIT = 4 * 1024 * 1024;

/** Time in which a client takes nothing at all before a line is dropped, ms. */
const STUCK_MS = 5_000;

/** Close code "try again later". */
const TRY_AGAIN_LATER = 1013;

/** A message as it is written: cues and words in rows, faces as `line.json` holds them. */
export type Outgoing =
  | Exclude<GatewayMessage, UnknownMessage | { type: 'cues' | 'words' | 'shapes' }>
  | { readonly type: 'cues'; readonly line: number; readonly cues: readonly CueRow[] }
  | { readonly type: 'words'; readonly line: number; readonly words: readonly WordRow[] }
  | ({ readonly type: 'shapes'; readonly line: number; readonly from: number } & ShapesJson);

/** The way out to one client: lines wait for it when it reads slowly, and nobody else does. */
export class Outlet {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #peer: Peer;
  /** Made when a line waits for the first time: most never do. */
  #waiting: Set<() => void> | undefined;
  #takenMs = performance.now();

  /** `stream`: what the socket writes to; `peer` is told when it has taken something, so that it lives. */
  constructor(socket: WebSocket, stream: Duplex, peer: Peer) {
    this.#socket = socket;
    this.#stream = stream;
    this.#peer = peer;
  }

  /** The socket is closed: nobody waits for it any more. */
  handleClose(): void {
    this.#wake();
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Whether a line has to wait for {@link room}. */
  get full(): boolean {
    return this.#socket.bufferedAmount > HIGH_WATER;
  }

  /** What is sent from here to {@link release} goes to the system in one piece. */
  gather(): void {
    this.#stream.cork();
  }

  release(): void {
    this.#stream.uncork();
  }

  /** Sends a message; dropped when the socket is no longer open. */
  tell(message: Outgoing): void {
    this.send(textMessage(JSON.stringify(message)));
  }

  /**
   * Sends a message; dropped when the socket is no longer open. It goes past `ws`, which would make a header anew for each
   * client: nothing of ours waits in there, for nothing is compressed.
   */
  send(message: WireMessage): void {
    if (!this.open) return;
    if (this.#socket.bufferedAmount > LIMIT) {
      tellDrop(this.#socket, 'unread');
      this.#socket.close(TRY_AGAIN_LATER, 'the client does not read');
      this.#socket.terminate();
      return;
    }
    if (this.#socket.bufferedAmount === 0) this.#takenMs = performance.now();
    this.#stream.write(message, this.#handleSent);
  }

  /**
   * Resolves with true once more may be sent, or the socket is closed, or `left()` holds; with false when the reader has
   * taken nothing for five seconds.
   */
  async room(left: () => boolean): Promise<boolean> {
    let { full } = this;
    while (full && this.open && !left()) {
      const rest = this.#takenMs + STUCK_MS - performance.now();
      if (rest <= 0) {
        tellDrop(this.#socket, 'stalled');
        return false;
      }
      await this.#change(rest);
      full = this.#socket.bufferedAmount >= LOW_WATER;
    }
    return true;
  }

  #change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting!.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#waiting ??= new Set();
      this.#waiting.add(wake);
    });
  }

  #wake(): void {
    if (!this.#waiting || this.#waiting.size === 0) return;
    for (const wake of [...this.#waiting]) wake();
  }

  readonly #handleSent = (error?: Error | null): void => {
    if (!error) {
      this.#takenMs = performance.now();
      this.#peer.alive();
    }
    if (error || this.#socket.bufferedAmount < LOW_WATER) this.#wake();
  };
}
