import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { createServer } from 'vite';
import { CHROMIUM_ARGS, findChromium } from '../chromium.mjs';
import type { Sheet, Shown } from './shown.ts';

declare global {
  interface Window {
    /** Set by the page: draws a spoken line, or faces, and returns the picture as a data URL. */
    film?: (shown: Shown) => Promise<string>;
    portray?: (sheet: Sheet) => Promise<string>;
  }
}

const MINUTE = 60_000;

/** Has a page in headless Chromium draw a picture; returns the file. */
export async function drawAsync(draw: (page: Page) => Promise<string>): Promise<Uint8Array> {
  const root = join(import.meta.dirname, '../..');
  const server = await createServer({
    configFile: join(root, 'vite.config.ts'),
    root: join(import.meta.dirname, 'page'),
    cacheDir: join(root, 'node_modules/.vite/filmstrip'),
    server: { port: 0, hmr: false, watch: null, fs: { allow: [root] } },
    logLevel: 'error',
  });
  await server.listen();
  const executablePath = findChromium();
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: CHROMIUM_ARGS,
    chromiumSandbox: false,
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(5 * MINUTE);
    page.on('pageerror', (error) => console.error(`page: ${error.message}`));
    await page.goto(`http://127.0.0.1:${(server.httpServer!.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => window.film && window.portray);
    const url = await draw(page);
    return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
  } finally {
    await browser.close();
    await server.close();
  }
}
