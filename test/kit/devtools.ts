/** The DevTools protocol of a Chromium, with a limit to every wait. */
import { WebSocket } from 'ws';

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: object;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

interface Question {
  readonly method: string;
  readonly settle: (answer: Answer) => void;
  readonly fail: (reason: Error) => void;
}

/** One connection to a browser. */
export class DevTools {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Question>();
  readonly #listeners = new Set<(event: string, sessionId: string | undefined, params: object) => void>();
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#handle(JSON.parse(String(data)) as Answer));
    socket.on('close', () => this.#failAll('the browser has hung up'));
    socket.on('error', ({ message }) => this.#failAll(message));
  }

  static async open(url: string): Promise<DevTools> {
    const socket = new WebSocket(url, { handshakeTimeout: 20_000 });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new DevTools(socket);
  }

  /** Asks, and gives the answer. Rejects with the browser's reason, or when there is none within `seconds`. */
  send(
    method: string,
    params: object = {},
    sessionId?: string,
    seconds = 20,
  ): Promise<Record<string, unknown>> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(id, `no answer within ${seconds} s`), seconds * 1000);
      this.#waiting.set(id, {
        method,
        settle: ({ error, result = {} }) => {
          clearTimeout(timer);
          if (error) reject(new Error(`${method}: ${error.message}`));
          else resolve(result);
        },
        fail: (reason) => {
          clearTimeout(timer);
          reject(reason);
        },
      });
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }), (error) => {
        if (error) this.#fail(id, error.message);
      });
    });
  }

  /** Tells every event, until it is ended by what is returned. */
  listen(listener: (event: string, sessionId: string | undefined, params: object) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#socket.close();
  }

  #handle(answer: Answer): void {
    if (answer.method === 'Target.targetCrashed') this.#failAll('a tab has crashed');
    if (answer.method)
      for (const listener of this.#listeners) listener(answer.method, answer.sessionId, answer.params ?? {});
    if (answer.id === undefined) return;
    const question = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    question?.settle(answer);
  }

  #fail(id: number, reason: string): void {
    const question = this.#waiting.get(id);
    this.#waiting.delete(id);
    question?.fail(new Error(`${question.method}: ${reason}`));
  }

  #failAll(reason: string): void {
    for (const id of [...this.#waiting.keys()]) this.#fail(id, reason);
  }
}
