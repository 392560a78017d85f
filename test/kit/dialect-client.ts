/** A bare client of the Lokutor dialect, by `ws` alone: it shares nothing with the adapter of `src/voices`. */
import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';

export interface Answer {
  /** Sound frames and text frames as they came. */
  readonly frames: (Buffer | string)[];
  /** All sound. */
  readonly pcm: Buffer;
  /** All visemes. */
  readonly visemes: { v: number; c: string; t: number }[];
  /** `EOS`, or the text that began with `ERR:`. */
  readonly ending: string;
}

export class DialectClient {
  readonly socket: WebSocket;
  #frames: (Buffer | string)[] = [];
  #wake: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, binary) => {
      const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data as ArrayBuffer);
      this.#frames.push(binary ? bytes : bytes.toString());
      this.#wake();
    });
    socket.on('close', () => this.#wake());
    socket.on('error', () => {}); // `close` follows.
  }

  static async open(url: string, options: ClientOptions = {}): Promise<DialectClient> {
    const socket = new WebSocket(url, options);
    const client = new DialectClient(socket);
    await once(socket, 'open');
    return client;
  }

  /** Sends a request, or anything else. */
  send(request: unknown): void {
    this.socket.send(
      typeof request === 'string' || Buffer.isBuffer(request) ? request : JSON.stringify(request),
    );
  }

  /** The next frame; throws when the socket closes first. */
  async frame(): Promise<Buffer | string> {
    while (this.#frames.length === 0) {
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('The socket closed.');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#frames.shift()!;
  }

  /** Everything up to the next `EOS` or `ERR:`. */
  async answer(): Promise<Answer> {
    const frames: (Buffer | string)[] = [];
    for (;;) {
      const frame = await this.frame();
      if (frame === 'EOS' || (typeof frame === 'string' && frame.startsWith('ERR:')))
        return summary(frames, frame);
      frames.push(frame);
    }
  }

  ask(request: unknown): Promise<Answer> {
    this.send(request);
    return this.answer();
  }

  close(): void {
    this.socket.terminate();
  }
}

function summary(frames: (Buffer | string)[], ending: string): Answer {
  const sound = frames.filter((frame) => typeof frame !== 'string');
  const lists = frames.filter((frame) => typeof frame === 'string');
  return {
    frames,
    pcm: Buffer.concat(sound),
    visemes: lists.flatMap((list) => JSON.parse(list)),
    ending,
  };
}
