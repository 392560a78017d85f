import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WORD_SECONDS } from '../browser/heard.ts';
import { type Tab, Tabs } from '../kit/tabs.ts';
import type { Report } from './world/page.ts';

const root = join(import.meta.dirname, '../..');

/** How long the tab is hidden, seconds, and a line that is longer. */
const [HIDDEN_SECONDS, LONG_LINE] = process.env.PARLEY_LONG ? [60, 280] : [5, 32];

describe('a tab that is hidden while somebody speaks', () => {
  let server: ViteDevServer;
  let tabs: Tabs;
  let page: Tab;
  let other: Tab;

  beforeAll(async () => {
    server = await createServer({
      configFile: join(root, 'vite.config.ts'),
      root,
      cacheDir: join(root, 'node_modules/.vite/world'),
      optimizeDeps: { entries: ['test/e2e/world/page.ts'] },
      server: { port: 0, hmr: false, watch: null },
      logLevel: 'error',
    });
    await server.listen();
    tabs = await Tabs.open();
    other = await tabs.tab('about:blank');
  });
  afterAll(async () => {
    await tabs?.close();
    await server?.close();
  });

  async function open(): Promise<void> {
    const { port } = server.httpServer!.address() as AddressInfo;
    page = await tabs.tab(`http://127.0.0.1:${port}/test/e2e/world/index.html`);
    await until(() => page.evaluate<boolean>('window.world !== undefined'), 60);
  }

  const report = () => page.evaluate<Report>('world.report()');

  it('goes on to speak, tells its words, and shows the right mouth in the first frame when it is seen again', async () => {
    await open();
    await page.evaluate(`world.say(${LONG_LINE})`);
    await until(async () => (await report()).playhead > 1.2);
    await other.show();
    await until(async () => !(await report()).visible);
    const hidden = await report();
    await sleep(HIDDEN_SECONDS);
    const still = await report();
    expect(still.frames - hidden.frames).toBeLessThan(3); // Not drawn, and yet:
    expect(still.playhead).toBeGreaterThan(hidden.playhead + HIDDEN_SECONDS - 2);
    expect(still.words.length).toBeGreaterThan(hidden.words.length + (HIDDEN_SECONDS - 2) / WORD_SECONDS);
    await page.show();
    await until(async () => (await report()).frames > still.frames + 10);
    const back = await report();
    expect(back.gapMs).toBeGreaterThan((HIDDEN_SECONDS - 1) * 1000);
    expect(Math.abs(back.aheadMs)).toBeLessThan(20);
    expect(await page.evaluate('world.outcomes()')).toEqual(['finished']);
    const { words } = await report();
    expect(words.map(({ text }) => text)).toEqual(Array.from({ length: LONG_LINE }, (_, at) => `m${at}`));
    // Hidden pages are woken once a second.
    for (const [at, { playhead }] of words.entries()) expect(playhead - at * WORD_SECONDS).toBeLessThan(2.2);
  });

  it('ends its line, and says the next, while nobody sees it', async () => {
    await open();
    await page.evaluate('world.say(8), world.say(8)');
    await until(async () => (await report()).playhead > 0.3);
    await other.show();
    await until(async () => !(await report()).visible);
    const { frames } = await report();
    expect(await page.evaluate('world.outcomes()')).toEqual(['finished', 'finished']);
    const { visible, frames: after, words } = await report();
    expect(visible).toBe(false);
    expect(after - frames).toBeLessThan(3);
    expect(words).toHaveLength(8);
  });
});

async function until(happened: () => Promise<boolean>, seconds = 20): Promise<void> {
  const begun = performance.now();
  while (!(await happened())) {
    if (performance.now() - begun > seconds * 1000) throw new Error(`It never happened: ${happened}`);
    await sleep(0.05);
  }
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
