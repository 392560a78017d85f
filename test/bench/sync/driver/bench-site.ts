/** The bench's page in Chromium, served by Vite. */
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { CHROMIUM_ARGS, findChromium } from '../../../../scripts/chromium.mjs';
import type {} from '../page/main.ts';
import type { Recording } from '../recording.ts';

const root = join(import.meta.dirname, '../../../..');

/** Frames of sound that are fetched from the page at once: 2 MB. */
const FETCH = 524_288;

/** Serves the page and opens it. Close it when done. */
export class BenchSite {
  readonly #server: ViteDevServer;
  readonly #browser: Browser;

  private constructor(server: ViteDevServer, browser: Browser) {
    this.#server = server;
    this.#browser = browser;
  }

  static async openAsync(): Promise<BenchSite> {
    const executablePath = findChromium();
    const browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      chromiumSandbox: false,
      args: CHROMIUM_ARGS,
    });
    const server = await createServer({
      configFile: join(root, 'vite.config.ts'),
      root,
      cacheDir: join(root, 'node_modules/.vite/sync'),
      optimizeDeps: { entries: ['test/bench/sync/page/main.ts'] },
      server: { port: 0, hmr: false, watch: null },
      logLevel: 'error',
    });
    return new BenchSite(await server.listen(), browser);
  }

  /** The version of the browser. */
  get browserVersion(): string {
    return this.#browser.version();
  }

  /** Says `texts`, one after the other, through `url` in a fresh page, and brings back what was noted. */
  async recordAsync(url: string, sampleRate: number, texts: readonly string[]): Promise<Recording> {
    const context = await this.#browser.newContext({ viewport: { width: 320, height: 180 } });
    try {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      const { port } = this.#server.httpServer!.address() as AddressInfo;
      await page.goto(`http://127.0.0.1:${port}/test/bench/sync/page/index.html`, { timeout: 100_000 });
      await page.waitForFunction(() => window.openSyncPageAsync, undefined, { timeout: 100_000 });
      await page.evaluate(([where, rate]) => window.openSyncPageAsync(where, rate).then(() => {}), [
        url,
        sampleRate,
      ] as const);
      for (const text of texts) {
        const outcome = await page.evaluate((said) => window.syncPage!.sayAsync(said), text);
        if (outcome !== 'finished') throw new Error(`a line of the bench did not finish: ${outcome}`);
      }
      if (complaints.length > 0)
        throw new Error(`the page of the bench complained: ${complaints.join('; ')}`);
      return await fetchAsync(page);
    } finally {
      await context.close();
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}

async function fetchAsync(page: Page): Promise<Recording> {
  const log = await page.evaluate(() => window.syncPage!.log());
  const length = log.sound.reduce((sum, { count }) => sum + count, 0);
  const samples = new Float32Array(length);
  for (let from = 0; from < length; from += FETCH) {
    const to = Math.min(from + FETCH, length);
    const text = await page.evaluate(([a, b]) => window.syncPage!.sound(a, b), [from, to] as const);
    const bytes = Buffer.from(text, 'base64');
    new Uint8Array(samples.buffer, from * 4, bytes.length).set(bytes);
  }
  return { ...log, samples };
}
