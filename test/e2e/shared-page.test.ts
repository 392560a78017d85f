/** The page for company, as two visitors meet it: windows of one browser, a room and a gateway. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type {} from '../../demo/shared/main.ts';
import { type Listening, startGateway } from '../kit/children.ts';
import { DemoSite } from './demo-site.ts';

const LINE =
  'Pepper, plum and fresh bread: five silver. Take the bench by the fire, and I will bring you soup.';

let site: DemoSite;
let gateway: Listening;
let context: BrowserContext;
const complaints: string[] = [];

beforeAll(async () => {
  [site, gateway] = await Promise.all([DemoSite.open(), startGateway()]);
  context = await (await site.browser()).newContext({ viewport: { width: 760, height: 480 } });
});
afterAll(async () => {
  gateway?.kill();
  await site?.close();
});

async function visit(): Promise<Page> {
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  const url = `${gateway.url.replace('http:', 'ws:')}/ws`;
  await page.goto(`${site.origin}/shared.html?gateway=${encodeURIComponent(url)}`);
  await page.waitForFunction(() => window.parleyShared, undefined, { timeout: 100_000 });
  return page;
}

it('has the line of one window heard in the other, at the same moment', async () => {
  const one = await visit();
  const other = await visit();
  await other.locator('#reading-people', { hasText: '2 people' }).waitFor();
  await one.fill('#line', LINE);
  await one.click('#speak');
  await other.waitForFunction(
    (line) => document.getElementById('caption-whole')!.textContent === `Mira: ${line}`,
    LINE,
  );
  const apart = await other.waitForFunction(() => window.parleyShared!.neighbours.apartMs, undefined, {
    timeout: 60_000,
  });
  if (process.env.PARLEY_SHOTS) {
    await one.screenshot({ path: `${process.env.PARLEY_SHOTS}/shared-one.png` });
    await other.screenshot({ path: `${process.env.PARLEY_SHOTS}/shared-other.png` });
  }
  expect(Math.abs((await apart.jsonValue()) ?? Number.NaN)).toBeLessThan(250); // Three frames a second, two windows.
  await other.waitForFunction(
    () => [...window.parleyShared!.npcs.values()].every(({ speaking }) => !speaking),
    undefined,
    { timeout: 60_000 },
  );
  expect(await other.locator('#notices').textContent()).toBe('');
  expect(complaints).toEqual([]);
}, 240_000);
