/** A client of the gateway's own protocol, message by message; it shares no code with the one for games. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export type Told = { readonly type: string } & Record<string, unknown>;

export class SpeechClient {
  readonly socket: WebSocket;
  readonly told: Told[] = [];
  /** Sound by line, as it came. */
  readonly sound = new Map<number, Buffer[]>();
  closed: { code: number; reason: string } | undefined;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, binary) => {
      const bytes = data as Buffer;
      if (binary) {
        const line = bytes.readUInt32LE(2);
        const before = this.bytes(line);
        if (bytes[0] !== 1 || bytes[1] !== 0) throw new Error('Expected PCM.');
        this.told.push({
          type: 'sound',
          line,
          position: bytes.readUInt32LE(6),
          bytes: bytes.length - 10,
          before,
        });
        this.sound.set(line, [...(this.sound.get(line) ?? []), bytes.subarray(10)]);
      } else this.told.push(JSON.parse(bytes.toString()));
      for (const wake of [...this.#waiting]) wake();
    });
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      for (const wake of [...this.#waiting]) wake();
    });
    socket.on('error', () => {});
  }

  static async open(
    port: number,
    greets = true,
    { headers = {}, ticket }: { headers?: Record<string, string>; ticket?: string } = {},
  ): Promise<SpeechClient> {
    const protocols = ['parley.v1', ...(ticket ? [`parley.ticket.${ticket}`] : [])];
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/speech`, protocols, { headers });
    const client = new SpeechClient(socket);
    await once(socket, 'open');
    if (greets) {
      client.tell({ type: 'hello', codecs: ['pcm'] });
      await client.until('welcome');
    }
    return client;
  }

  tell(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  bytes(line: number): number {
    return (this.sound.get(line) ?? []).reduce((sum, { length }) => sum + length, 0);
  }

  samples(line: number): number[] {
    const all = Buffer.concat(this.sound.get(line) ?? []);
    return Array.from({ length: all.length / 2 }, (_, nth) => all.readInt16LE(2 * nth));
  }

  of(type: string, line?: number): Told[] {
    return this.told.filter((each) => each.type === type && (line === undefined || each.line === line));
  }

  /** The first message of this type (and line), now or when it comes. */
  until(type: string, line?: number): Promise<Told> {
    return this.when(() => this.of(type, line)[0], `${type} ${line ?? ''}`);
  }

  /** Has a line said to its end; gives its origin, or why it failed. */
  async say(line: number, text: string, more: object = {}): Promise<string> {
    this.tell({ type: 'say', line, text, credit: 10_000_000, ...more });
    const over = await this.when(() => this.of('end', line)[0] ?? this.of('error', line)[0], text);
    return String(over.type === 'error' ? over.message : this.of('begin', line)[0]!.origin);
  }

  /** What `look` finds, now or when something comes. */
  async when<T>(look: () => T | undefined, what = 'it'): Promise<T> {
    const until = performance.now() + 20_000;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (performance.now() > until)
        throw new Error(`Expected ${what}, got ${JSON.stringify(this.told).slice(0, 800)}`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, 200);
        this.#waiting.add(wake);
      });
    }
  }
}
