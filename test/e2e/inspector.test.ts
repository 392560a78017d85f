/** The panel of voices, in Babylon's own Inspector and over a page without it. */
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs';
import type {} from './inspector/page.ts';

const root = join(import.meta.dirname, '../..');

/** Time that a page may take to be there, ms: the Inspector is bundled at the first visit. */
const OPEN_MS = 150_000;

let server: ViteDevServer;
let browser: Browser;
let page: Page;
let complaints: string[];
let asked: string[];

beforeAll(async () => {
  server = await createServer({
    configFile: join(root, 'vite.config.ts'),
    root,
    cacheDir: join(root, 'node_modules/.vite/inspector'),
    optimizeDeps: { entries: ['test/e2e/inspector/page.ts'] },
    server: { port: 0, hmr: false, watch: null },
    logLevel: 'error',
  });
  await server.listen();
  const executablePath = findChromium();
  browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    chromiumSandbox: false,
    args: CHROMIUM_ARGS,
  });
}, 60_000);
afterEach(() => page?.close());
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function visit(panel: 'inspector' | 'overlay'): Promise<void> {
  page = await browser.newPage({ viewport: { width: 1_100, height: 700 } });
  complaints = [];
  asked = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('request', (request) => asked.push(request.url()));
  const { port } = server.httpServer!.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/test/e2e/inspector/index.html?panel=${panel}`, {
    waitUntil: 'commit',
    timeout: OPEN_MS,
  });
  await page.waitForFunction(() => window.panelPage, undefined, { timeout: OPEN_MS });
}

/** What the panel says of Mira, who speaks, and that it moves with her. */
async function expectSpeaking(): Promise<void> {
  const mira = page.locator('details.npc', { hasText: 'Mira' });
  await mira.locator('.state', { hasText: 'speaking' }).waitFor({ timeout: 60_000 });
  await page.locator('details.npc', { hasText: 'Tomas' }).locator('.state', { hasText: 'idle' }).waitFor();
  const text = await mira.textContent();
  for (const shown of ['near', 'm0 m1', 'buffered', 'held back', 'mouth ahead', 'PP', 'aa'])
    expect(text).toContain(shown);
  const heard = () => mira.locator('dd').first().textContent();
  const weights = () =>
    mira
      .locator('.visemes i')
      .evaluateAll((bars) => bars.map((bar) => (bar as HTMLElement).style.transform).join());
  const [before, mouth] = [await heard(), await weights()];
  await expect.poll(heard, { timeout: 20_000 }).not.toBe(before);
  await expect.poll(weights, { timeout: 20_000 }).not.toBe(mouth);
}

async function shoot(name: string): Promise<void> {
  if (process.env.PARLEY_SHOTS) await page.screenshot({ path: `${process.env.PARLEY_SHOTS}/${name}.png` });
}

describe('the panel of voices', () => {
  it('is a pane of the Inspector, and shows who speaks', async () => {
    await visit('inspector');
    await shoot('inspector-closed');
    await page.locator('button:has(path[d^="M2 10q8"])').click(); // Its tab bears a mouth, and no name.
    await page.getByText('Parley', { exact: true }).first().waitFor();
    await expectSpeaking();
    await shoot('inspector-pane');
    expect(complaints).toEqual([]);
    await page.evaluate(() => window.panelPage!.close());
    await expect.poll(() => page.locator('details.npc').count()).toBe(0);
  }, 300_000);

  it('lies over a page without the Inspector, is used by keyboard, and closes', async () => {
    await visit('overlay');
    await expectSpeaking();
    await shoot('overlay');
    expect(asked.filter((url) => /react|inspector(?!\/)|fluent/.test(new URL(url).pathname))).toEqual([]);
    const tomas = page.locator('details.npc', { hasText: 'Tomas' });
    const isFocused = () => tomas.locator('summary').evaluate((row) => row.matches(':focus'));
    for (let tabs = 0; tabs < 6 && !(await isFocused()); tabs++) await page.keyboard.press('Tab');
    expect(await isFocused()).toBe(true);
    expect(await tomas.evaluate((card: HTMLDetailsElement) => card.open)).toBe(true);
    await page.keyboard.press('Enter');
    await expect.poll(() => tomas.evaluate((card: HTMLDetailsElement) => card.open)).toBe(false);
    await page.evaluate(() => window.panelPage!.parley.npcs[1]!.attachedNode!.dispose());
    await expect.poll(() => page.locator('details.npc').count()).toBe(1);
    await page.locator('summary').first().focus();
    await page.keyboard.press('Escape');
    expect(await page.locator('aside').count()).toBe(0);
    await page.evaluate(() => window.panelPage!.close()); // A second time.
    expect(complaints).toEqual([]);
  }, 300_000);
});
