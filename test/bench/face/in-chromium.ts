/** The measurement in Chromium: the sources as a dev server gives them, and the browser's own heap profiler. */
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { CHROMIUM_ARGS, findChromium } from '../../../scripts/chromium.mjs';
import type { Figures, Load } from './measure.ts';
import { type HeapNode, ours, SAMPLING } from './profile.ts';

const root = join(import.meta.dirname, '../../..');
const MINUTE = 60_000;

/** A page that measures. Close it when done. */
export class FacesPage {
  readonly #server: ViteDevServer;
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(server: ViteDevServer, browser: Browser, page: Page) {
    this.#server = server;
    this.#browser = browser;
    this.#page = page;
  }

  static async openAsync(): Promise<FacesPage> {
    const server = await createServer({
      configFile: false,
      root,
      cacheDir: join(root, 'node_modules/.vite/bench-face'),
      logLevel: 'error',
      optimizeDeps: { entries: ['test/bench/face/page.ts'] },
      server: {
        host: '127.0.0.1',
        port: 0,
        hmr: false,
        watch: null,
        // Isolated pages have a finer clock.
        headers: {
          'Cross-Origin-Opener-Policy': 'same-origin',
          'Cross-Origin-Embedder-Policy': 'require-corp',
        },
      },
    });
    await server.listen();
    const executablePath = findChromium();
    const browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      chromiumSandbox: false,
      args: CHROMIUM_ARGS,
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(10 * MINUTE);
    page.on('pageerror', (error) => console.error(error));
    await profileIn(page, await page.context().newCDPSession(page));
    const { port } = server.httpServer!.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/test/bench/face/page.html`);
    await page.waitForFunction(() => window.measureFaces, undefined, { timeout: 2 * MINUTE });
    return new FacesPage(server, browser, page);
  }

  get version(): string {
    return this.#browser.version().split('.')[0]!;
  }

  /** Measures so many characters. */
  async measure(load: Load, count: number): Promise<Figures> {
    await this.#page.reload();
    await this.#page.waitForFunction(() => window.measureFaces);
    return this.#page.evaluate(([some, many]) => window.measureFaces!(some, many), [load, count] as const);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}

/** Gives the page the heap profiler that it has itself no access to. */
async function profileIn(page: Page, session: CDPSession): Promise<void> {
  await page.exposeFunction('startProfile', async () => {
    await session.send('HeapProfiler.startSampling', SAMPLING);
  });
  await page.exposeFunction('stopProfile', async () => {
    const { profile } = await session.send('HeapProfiler.stopSampling');
    return ours(profile.head as HeapNode);
  });
}
