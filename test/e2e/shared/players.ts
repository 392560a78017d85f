/** Players of one world: pages at one gateway, each in a browser context of its own. */
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { CHROMIUM_ARGS, findChromium } from '../../../scripts/chromium.mjs';
import { type Listening, startGateway } from '../../kit/children.ts';
import type {} from './page.ts';

const root = join(import.meta.dirname, '../../..');

/** Time that a page may take to be there, ms: its modules are bundled at the first visit. */
const OPEN_MS = 100_000;

export class Players {
  readonly #server: ViteDevServer;
  readonly #gateway: Listening;
  readonly #browser: Browser;

  private constructor(server: ViteDevServer, gateway: Listening, browser: Browser) {
    this.#server = server;
    this.#gateway = gateway;
    this.#browser = browser;
  }

  static async open(): Promise<Players> {
    const server = await createServer({
      configFile: join(root, 'vite.config.ts'),
      root,
      cacheDir: join(root, 'node_modules/.vite', `shared-${process.env.VITEST_POOL_ID}`), // As in demo-site.ts.
      optimizeDeps: { entries: ['test/e2e/shared/page.ts'] },
      server: { port: 0, hmr: false, watch: null },
      logLevel: 'error',
    });
    await server.listen();
    const executablePath = findChromium();
    return new Players(
      server,
      await startGateway(),
      await chromium.launch({
        ...(executablePath ? { executablePath } : {}),
        chromiumSandbox: false,
        // Two windows side by side: neither is behind the other.
        args: [
          ...CHROMIUM_ARGS,
          '--disable-backgrounding-occluded-windows',
          '--disable-renderer-backgrounding',
        ],
      }),
    );
  }

  async player(): Promise<Page> {
    const page = await (await this.#browser.newContext()).newPage();
    const { port } = this.#server.httpServer!.address() as AddressInfo;
    const gateway = `${this.#gateway.url.replace('http:', 'ws:')}/v1/speech`;
    const query = `gateway=${encodeURIComponent(gateway)}`;
    await page.goto(`http://127.0.0.1:${port}/test/e2e/shared/index.html?${query}`);
    const complaint = new Promise<never>((_, reject) => page.on('pageerror', reject));
    await Promise.race([
      page.waitForFunction(() => window.player, undefined, { timeout: OPEN_MS }),
      complaint,
    ]);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#gateway.kill();
    await this.#server.close();
  }
}
