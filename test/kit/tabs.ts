/**
 * A Chromium whose tabs are truly hidden when another one is in front. Playwright keeps every page of its own visible,
 * so this one is spoken to by the DevTools protocol alone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { WebSocket } from 'ws';
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs';

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** A tab of {@link Tabs}. */
export interface Tab {
  /** Puts the tab in front of all others. */
  show(): Promise<void>;
  /** The value of an expression in the page, once its promise has settled; a thrown error is thrown here. */
  evaluate<T>(expression: string): Promise<T>;
}

export class Tabs {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.on('message', (data) => {
      const answer = JSON.parse(String(data)) as Answer;
      if (answer.id === undefined) return;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  static async open(): Promise<Tabs> {
    const profile = await mkdtemp(join(tmpdir(), 'parley-tabs-'));
    const own = ['--headless=new', '--no-sandbox', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
    const process = spawn(findChromium() ?? chromium.executablePath(), [
      ...CHROMIUM_ARGS,
      ...own,
      'about:blank',
    ]);
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      process.on('error', reject);
      process.on('exit', () => reject(new Error(`Chromium ended: ${said}`)));
      process.stderr.on('data', (data) => {
        said += data;
        const [found] = /ws:\/\/\S+/.exec(said) ?? [];
        if (found) resolve(found);
      });
    });
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    return new Tabs(process, profile, socket);
  }

  /** Opens a tab in front. */
  async tab(url: string): Promise<Tab> {
    const { targetId } = await this.#send('Target.createTarget', { url });
    const { sessionId } = await this.#send('Target.attachToTarget', { targetId, flatten: true });
    return {
      show: async () => void (await this.#send('Target.activateTarget', { targetId })),
      evaluate: async <T>(expression: string) => {
        const options = { expression, awaitPromise: true, returnByValue: true };
        const { result, exceptionDetails } = await this.#send('Runtime.evaluate', options, String(sessionId));
        if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
        return (result as { value: T }).value;
      },
    };
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.on('exit', resolve));
    this.#socket.close();
    this.#process.kill();
    await ended;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async #send(method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> {
    const id = ++this.#asked;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result ?? {};
  }
}
