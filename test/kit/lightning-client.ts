/** A bare client of the Lightning dialect, by `ws` alone: it shares nothing with the adapter of `src/voices`. */
import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';

export interface Frame {
  readonly [key: string]: unknown;
  readonly status: string;
  readonly request_id?: string;
  readonly data?: { audio?: string; id?: number; word?: string; start?: number; end?: number };
  readonly error?: { message: string; code: string };
  readonly message?: string;
}

export interface LightningAnswer {
  /** All messages of the turn as they came, bytes as they are. */
  readonly frames: (Frame | Buffer)[];
  readonly pcm: Buffer;
  readonly words: { id: number; word: string; start: number; end: number }[];
  /** The message that ended it. */
  readonly last: Frame;
}

export class LightningClient {
  readonly socket: WebSocket;
  /** Close code, once it is closed. */
  closed: number | undefined;
  #frames: (Frame | Buffer)[] = [];
  #wake: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, binary) => {
      this.#frames.push(binary ? (data as Buffer) : JSON.parse(String(data)));
      this.#wake();
    });
    socket.on('close', (code) => {
      this.closed = code;
      this.#wake();
    });
    socket.on('error', () => {}); // `close` follows.
  }

  static async open(url: string, options: ClientOptions = {}): Promise<LightningClient> {
    const client = new LightningClient(new WebSocket(url, options));
    await once(client.socket, 'open');
    return client;
  }

  send(request: unknown): void {
    this.socket.send(
      typeof request === 'string' || Buffer.isBuffer(request) ? request : JSON.stringify(request),
    );
  }

  /** The next message; throws when the socket closes first. */
  async frame(): Promise<Frame | Buffer> {
    while (this.#frames.length === 0) {
      if (this.closed !== undefined) throw new Error(`The socket closed with ${this.closed}.`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#frames.shift()!;
  }

  /** Everything up to the next message that ends a turn or tells an error. */
  async answer(): Promise<LightningAnswer> {
    const frames: (Frame | Buffer)[] = [];
    for (;;) {
      const frame = await this.frame();
      if (!Buffer.isBuffer(frame) && ['complete', 'comp', 'error'].includes(frame.status)) {
        return { frames, ...contentOf(frames), last: frame };
      }
      frames.push(frame);
    }
  }

  ask(request: unknown): Promise<LightningAnswer> {
    this.send(request);
    return this.answer();
  }

  close(): void {
    this.socket.terminate();
  }
}

function contentOf(frames: (Frame | Buffer)[]): Pick<LightningAnswer, 'pcm' | 'words'> {
  const sound: Buffer[] = [];
  const words: LightningAnswer['words'] = [];
  for (const frame of frames) {
    if (Buffer.isBuffer(frame)) sound.push(frame);
    else if (frame.status === 'chunk') sound.push(Buffer.from(frame.data!.audio!, 'base64'));
    else if (frame.status === 'word_timestamp') words.push(frame.data as LightningAnswer['words'][number]);
  }
  return { pcm: Buffer.concat(sound), words };
}
