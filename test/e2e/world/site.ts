/** Serves the page of the world, and reads it. */
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import { type Tab, type TabOptions, Tabs, type TabsOptions } from '../../kit/tabs.ts';
import type { Report } from './page.ts';

const root = join(import.meta.dirname, '../../..');

/** Time that the page may take to be there, seconds: its modules are bundled at the first visit. */
const OPEN_SECONDS = 60;

/** A browser as a person has it, and the page. */
export class WorldSite {
  readonly #server: ViteDevServer;
  readonly tabs: Tabs;

  private constructor(server: ViteDevServer, tabs: Tabs) {
    this.#server = server;
    this.tabs = tabs;
  }

  static async open(options?: TabsOptions): Promise<WorldSite> {
    const server = await createServer({
      configFile: join(root, 'vite.config.ts'),
      root,
      cacheDir: join(root, 'node_modules/.vite', `world-${process.env.VITEST_POOL_ID}`), // As in demo-site.ts.
      optimizeDeps: { entries: ['test/e2e/world/page.ts'] },
      server: { port: 0, hmr: false, watch: null },
      logLevel: 'error',
    });
    try {
      await server.listen();
      return new WorldSite(server, await Tabs.open(options));
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /** Opens the page and waits until Parley is there; `options` are Parley's. */
  async visit(
    options: object = {},
    { page = 'index.html', ...tab }: TabOptions & { page?: string } = {},
  ): Promise<Visit> {
    const { port } = this.#server.httpServer!.address() as AddressInfo;
    const query = `options=${encodeURIComponent(JSON.stringify(options))}`;
    const visit = new Visit(
      await this.tabs.tab(`http://127.0.0.1:${port}/test/e2e/world/${page}?${query}`, tab),
    );
    await visit.ready();
    return visit;
  }

  async close(): Promise<void> {
    await this.tabs.close();
    await this.#server.close();
  }
}

/** The page in a tab. */
export class Visit {
  readonly tab: Tab;

  constructor(tab: Tab) {
    this.tab = tab;
  }

  async ready(): Promise<void> {
    await until('Parley is there', () => this.tab.evaluate<boolean>(`${WORLD} !== undefined`), OPEN_SECONDS);
  }

  /** The value of an expression about `world`, once its promise has settled; `seconds` is the limit. */
  ask<T>(expression: string, seconds?: number): Promise<T> {
    return this.tab.evaluate<T>(`(async (world) => (${expression}))(${WORLD})`, seconds);
  }

  report(): Promise<Report> {
    return this.ask('world.report()');
  }

  /** Resolves with the report in which `happened`; fails after `seconds`, and says what was awaited. */
  async until(what: string, happened: (report: Report) => boolean, seconds = 20): Promise<Report> {
    let report = await this.report();
    await until(
      what,
      async () => {
        report = await this.report();
        return happened(report);
      },
      seconds,
      () => JSON.stringify(report),
    );
    return report;
  }
}

/** The page's own, or that of the frame in it. */
const WORLD = '(window.world ?? window.frames[0]?.world)';

async function until(
  what: string,
  happened: () => Promise<boolean>,
  seconds: number,
  last = () => '',
): Promise<void> {
  const begun = performance.now();
  while (!(await happened())) {
    if (performance.now() - begun > seconds * 1000)
      throw new Error(`Not within ${seconds} s: ${what}. ${last()}`);
    await sleep(0.05);
  }
}

export function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
