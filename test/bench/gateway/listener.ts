/** One who listens: a socket and a reader of frames, and nothing else, so that a thousand of them do not get in the way. */
import { connect, type Socket } from 'node:net';
import { sharedMs } from './part.ts';

/** A sound frame that came. */
export interface Heard {
  readonly position: number;
  readonly bytes: number;
  readonly atMs: number;
}

export class Listener {
  readonly heard: Heard[] = [];
  /** Sound that is not what was sent at its place, or not where it had to be. */
  wrong = 0;
  readonly #socket: Socket;
  readonly #check: (position: number, payload: Buffer) => boolean;
  #rest: Buffer = Buffer.alloc(0);
  #open = false;
  #told = new Map<string, (message: Record<string, unknown>) => void>();
  #onSound = () => {};

  /** `check`: whether a payload is what belongs at its place. */
  constructor(port: number, check: (position: number, payload: Buffer) => boolean) {
    this.#check = check;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (bytes: Buffer) => this.#take(bytes));
    this.#socket.on('error', () => {});
    this.#socket.write(
      'GET /v1/speech HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
        'Sec-WebSocket-Protocol: parley.v1\r\n\r\n',
    );
  }

  /** Sends a message, masked with zeros. */
  tell(message: object): void {
    const payload = Buffer.from(JSON.stringify(message));
    const head = Buffer.alloc(8);
    head.writeUInt16BE(0x81fe);
    head.writeUInt16BE(payload.length, 2);
    this.#socket.write(Buffer.concat([head, payload]));
  }

  /** The next message of a type. */
  next(type: string): Promise<Record<string, unknown>> {
    return new Promise((resolve) => this.#told.set(type, resolve));
  }

  nextSound(): Promise<void> {
    return new Promise((resolve) => {
      this.#onSound = resolve;
    });
  }

  leave(): void {
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    const atMs = sharedMs();
    let all = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    if (!this.#open) {
      const end = all.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#rest = all;
        return;
      }
      if (!all.toString('latin1', 0, 12).endsWith('101')) throw new Error(all.toString('latin1'));
      this.#open = true;
      all = all.subarray(end + 4);
    }
    let at = 0;
    for (;;) {
      const frame = frameAt(all, at);
      if (!frame) break;
      at = frame.end;
      this.#handle(all[frame.start]!, all.subarray(frame.from, frame.end), atMs);
    }
    this.#rest = all.subarray(at);
  }

  #handle(first: number, payload: Buffer, atMs: number): void {
    if ((first & 15) === 2) {
      const position = payload.readUInt32LE(6);
      const sound = payload.subarray(10);
      if (!this.#check(position, sound)) this.wrong++;
      this.heard.push({ position, bytes: sound.length, atMs });
      this.#onSound();
    } else if ((first & 15) === 1) {
      const message = JSON.parse(payload.toString());
      if (message.type === 'error') throw new Error(payload.toString());
      this.#told.get(message.type)?.(message);
    }
  }
}

/** A whole frame that begins at `start`. */
function frameAt(bytes: Buffer, start: number): { start: number; from: number; end: number } | undefined {
  if (bytes.length < start + 2) return undefined;
  const short = bytes[start + 1]! & 127;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start + head) return undefined;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(start + 2) : bytes.readUInt32BE(start + 6);
  const end = start + head + length;
  return bytes.length < end ? undefined : { start, from: start + head, end };
}
