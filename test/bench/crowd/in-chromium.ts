/** The measurement in Chromium: its own profilers, and the time of its audio thread as the system counts it. */
import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { CHROMIUM_ARGS, findChromium } from '../../../scripts/chromium.mjs';
import { threadsPlugin } from '../../../scripts/threads-plugin.ts';
import { type HeapNode, SAMPLING } from '../face/profile.ts';
import { bytesOf, type CpuProfile, type Figures, median, oursMs, part, ringsOf } from './figures.ts';
import type { Frames } from './page.ts';

const root = join(import.meta.dirname, '../../..');
const MINUTE = 60_000;

/** Frames until the machine code is settled; seconds that are timed, and that are watched by each profiler. */
const WARM = 1_000;
const TIMED = 6;
const PROFILED = 3;

/** Ticks of the system's count of a thread's time, a second: Linux's on all machines (`getconf CLK_TCK`). */
const TICKS = 100;

/** A page with a crowd. Close it when done. */
export class VillagePage {
  readonly #server: ViteDevServer;
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #session: CDPSession;
  readonly #url: string;
  /** Of the heap, whenever the page has it read. */
  #heaps: number[] = [];

  private constructor(server: ViteDevServer, browser: Browser, page: Page, session: CDPSession) {
    this.#server = server;
    this.#browser = browser;
    this.#page = page;
    this.#session = session;
    this.#url = `http://127.0.0.1:${(server.httpServer!.address() as AddressInfo).port}/test/bench/crowd/page.html`;
  }

  static async openAsync(): Promise<VillagePage> {
    const server = await createServer({
      configFile: false,
      root,
      plugins: [threadsPlugin()],
      cacheDir: join(root, 'node_modules/.vite/bench-crowd'),
      logLevel: 'error',
      optimizeDeps: { entries: ['test/bench/crowd/page.ts'] },
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
    page.setDefaultTimeout(4 * MINUTE);
    page.on('pageerror', (error) => console.error(error));
    const session = await page.context().newCDPSession(page);
    await session.send('Profiler.enable');
    await session.send('Profiler.setSamplingInterval', { interval: 200 });
    const village = new VillagePage(server, browser, page, session);
    await page.exposeFunction('readHeap', async () => {
      village.#heaps.push(await village.#heapBytes());
    });
    return village;
  }

  get version(): string {
    return this.#browser.version().split('.')[0]!;
  }

  /** What a crowd takes of the main thread. */
  async measure(people: number, directed: boolean): Promise<Figures> {
    await this.#open(people, directed);
    await this.#page.evaluate((frames) => window.crowd!.warm(frames), WARM);
    await this.#run(1);
    const { ours: times, all } = await this.#run(TIMED);
    const [empty = 0, full = 0] = this.#heaps;
    await this.#session.send('Profiler.start');
    const { length } = (await this.#run(PROFILED)).ours;
    const { profile } = await this.#session.send('Profiler.stop');
    await this.#session.send('HeapProfiler.startSampling', SAMPLING);
    const frames = (await this.#run(PROFILED)).ours.length;
    const heap = await this.#session.send('HeapProfiler.stopSampling');
    const bytes = bytesOf(heap.profile.head as HeapNode);
    const rings = ringsOf(await this.#page.evaluate(() => window.crowd!.rings()));
    await this.#page.evaluate(() => window.crowd!.close());
    return {
      where: `Chromium ${this.version}`,
      people,
      directed,
      medianMs: median(times),
      p99Ms: part(times, 0.99),
      allMs: oursMs(profile as CpuProfile) / length,
      drawMs: median(all.map((ms, frame) => ms - times[frame]!)),
      bytes: bytes.frames / frames,
      messageBytes: bytes.messages / frames,
      bytesWhere: bytes.where,
      kibEach: (full - empty) / people / 1024,
      rings,
    };
  }

  /** Part of one core that the audio thread takes while so many walk and are heard, and what was lost meanwhile. */
  async live(voices: number, seconds: number): Promise<{ share: number; lostMs: number }> {
    await this.#open(voices, false);
    await this.#run(2);
    const threads = await this.#audioThreads();
    const before = ticksOf(threads);
    const begun = performance.now();
    const { lostMs } = await this.#run(seconds);
    const share = (ticksOf(threads) - before) / TICKS / ((performance.now() - begun) / 1000);
    await this.#page.evaluate(() => window.crowd!.close());
    return { share, lostMs };
  }

  /**
   * Milliseconds for a second of sound of so many voices, offline: those that the page's threads beside the main one were
   * at work, and those that passed.
   */
  async renderMs(voices: number): Promise<{ workMs: number; wallMs: number }> {
    const before = await this.#workMs();
    const { seconds, wallMs } = await this.#page.evaluate((count) => window.crowd!.renderMs(count), voices);
    return { workMs: ((await this.#workMs()) - before) / seconds, wallMs };
  }

  /** A fresh page, for what is measured next. */
  async clear(): Promise<void> {
    await this.#page.goto(this.#url);
    await this.#page.waitForFunction(() => window.crowd);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }

  async #open(people: number, directed: boolean): Promise<void> {
    await this.clear();
    this.#heaps = [];
    const options = { people, directed, sound: true };
    await this.#page.evaluate((given) => window.crowd!.open(given), options);
  }

  #run(seconds: number): Promise<Frames> {
    return this.#page.evaluate((time) => window.crowd!.run(time), seconds);
  }

  async #heapBytes(): Promise<number> {
    await this.#session.send('HeapProfiler.collectGarbage');
    const usage = (await this.#session.send('Runtime.getHeapUsage')) as {
      usedSize: number;
      backingStorageSize?: number;
    };
    return usage.usedSize + (usage.backingStorageSize ?? 0);
  }

  /** Time that all threads of the page but the main one have taken, also those that are gone. */
  async #workMs(): Promise<number> {
    const folders = (await this.#renderers()).map((id) => `/proc/${id}`);
    const main = folders.map((folder) => `${folder}/task/${folder.split('/').at(-1)}`);
    return (1000 / TICKS) * (ticksOf(folders) - ticksOf(main));
  }

  async #renderers(): Promise<number[]> {
    const browser = await this.#browser.newBrowserCDPSession();
    const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
    await browser.detach();
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  }

  /** The threads of the page's process that render sound, as Linux has them. */
  async #audioThreads(): Promise<string[]> {
    const folders = (await this.#renderers()).flatMap((id) =>
      readdirSync(`/proc/${id}/task`).map((task) => `/proc/${id}/task/${task}`),
    );
    return folders.filter((folder) => /audio/i.test(readFileSync(`${folder}/comm`, 'utf8')));
  }
}

/** Time that threads have taken, in ticks: fields 14 and 15 of `stat`, which follow the name in brackets. */
function ticksOf(threads: readonly string[]): number {
  return threads.reduce((sum, folder) => {
    const fields = readFileSync(`${folder}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return sum + Number(fields[11]) + Number(fields[12]);
  }, 0);
}
