/** The demo page as a visitor meets it: a dev server, a Chromium, and an eye on what the page asks the network for. */
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { openRoom } from '../../demo/shared/room.ts';
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs';

const root = join(import.meta.dirname, '../..');

/** Flags under which Chromium offers no WebGL. */
export const NO_WEBGL = ['--disable-gpu', '--disable-3d-apis'];

/** A page of the demo, with what it did wrong and whom it talked to. */
export interface Visit {
  readonly page: Page;
  /** Errors in the console and exceptions that nobody caught. */
  readonly complaints: string[];
  /** Whom it talked to besides the server it came from: hosts with their ports. */
  readonly strangers: Set<string>;
}

/** Serves the demo and opens it in Chromium. Close it when done. */
export class DemoSite {
  readonly #server: ViteDevServer;
  readonly #browsers: Browser[] = [];

  private constructor(server: ViteDevServer) {
    this.#server = server;
  }

  static async open(): Promise<DemoSite> {
    const server = await createServer({
      configFile: join(root, 'vite.config.ts'),
      root: join(root, 'demo'),
      // Two servers in one cache make each other's files stale: each of those who test at once has its own.
      cacheDir: join(root, 'node_modules/.vite', `e2e-${process.env.VITEST_POOL_ID}`),
      server: { port: 0, hmr: false, watch: null },
      logLevel: 'error',
    });
    await server.listen();
    openRoom(server.httpServer!);
    return new DemoSite(server);
  }

  get origin(): string {
    const { port } = this.#server.httpServer!.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** A browser; `extraFlags` take the place of those that give WebGL by software. */
  async browser(extraFlags?: readonly string[]): Promise<Browser> {
    const executablePath = findChromium();
    const flags = extraFlags
      ? [...CHROMIUM_ARGS.filter((flag) => !/angle|swiftshader|gpu/.test(flag)), ...extraFlags]
      : CHROMIUM_ARGS;
    const browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      chromiumSandbox: false,
      args: flags,
    });
    this.#browsers.push(browser);
    return browser;
  }

  /** Opens the page and waits until it is ready to be talked to. */
  async visit(browser: Browser, gatewayUrl: string, options: BrowserContextOptions): Promise<Visit> {
    const page = await (await browser.newContext(options)).newPage();
    const visit: Visit = { page, complaints: [], strangers: new Set() };
    page.on('console', (message) => message.type() === 'error' && visit.complaints.push(message.text()));
    page.on('pageerror', (error) => visit.complaints.push(error.message));
    const own = new URL(this.origin).host;
    const note = (url: string) => {
      const { host } = new URL(url); // Empty for what was made in the page itself, data: and blob:.
      if (host !== '' && host !== own) visit.strangers.add(host);
    };
    page.on('request', (request) => note(request.url()));
    page.on('websocket', (socket) => note(socket.url()));
    await page.goto(`${this.origin}/?gateway=${encodeURIComponent(gatewayUrl)}`);
    await page.waitForFunction(() => window.parleyDemo, undefined, { timeout: 100_000 });
    return visit;
  }

  async close(): Promise<void> {
    for (const browser of this.#browsers.splice(0)) await browser.close();
    await this.#server.close();
  }
}

/** A port on which nothing listens. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createSocketServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
