import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, startGateway } from '../kit/children.ts';
import { DemoSite, freePort, NO_WEBGL, type Visit } from './demo-site.ts';
import { chinOnPage, startWatching, untilEnded } from './watch.ts';

const DESKTOP = { viewport: { width: 900, height: 560 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };
/** Long enough that a machine that draws one frame a second still shows a few of it. */
const LINE =
  'Pepper, plum and fresh bread: five silver. Take the bench by the fire, and I will bring you soup, cheese and a cup of something warm.';
const WORDS = LINE.match(/\w+/g)!;

let site: DemoSite;
let browser: Browser;
let gateway: Listening;
let gatewayUrl: string;
let visit: Visit | undefined;

beforeAll(async () => {
  [site, gateway] = await Promise.all([DemoSite.open(), startGateway()]);
  browser = await site.browser();
  gatewayUrl = `${gateway.url.replace('http:', 'ws:')}/ws`;
});

afterEach(async () => {
  await visit?.page.context().close();
  visit = undefined;
});

afterAll(async () => {
  gateway.kill();
  await site.close();
});

describe('the demo page', () => {
  it('speaks a line typed with the keyboard alone, marks its words and brings the mouth to rest', async () => {
    visit = await site.visit(browser, gatewayUrl, DESKTOP);
    const { page, complaints, strangers } = visit;
    await startWatching(page);

    await page.keyboard.type(LINE); // The text box has the focus from the start.
    await page.keyboard.press('Enter');
    const seen = await untilEnded(page, 1);

    expect(seen.outcomes).toEqual(['finished']);
    expect(seen.marked.length).toBeGreaterThan(0);
    expect(inOrder(seen.marked, WORDS)).toBe(true);
    expect(Math.max(...Object.values(seen.furthest))).toBeGreaterThan(0.2);
    expect(seen.now).toBe(0);
    expect(LINE).toContain(await page.locator('#caption-line').textContent()); // Its last page.
    expect(await page.locator('#caption-whole').textContent()).toBe(`Mira: ${LINE}`);

    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('voice');
    expect(complaints).toEqual([]);
    expect([...strangers]).toEqual([new URL(gatewayUrl).host]);
  });

  it('lets the arrow keys choose the other character, and Escape stop a line', async () => {
    visit = await site.visit(browser, gatewayUrl, DESKTOP);
    const { page } = visit;
    await startWatching(page);

    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    await page.keyboard.type(
      'Five boats went out this morning, and only four of them came back to us. '.repeat(4),
    );
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('mark')?.textContent, undefined, {
      timeout: 60_000,
    });
    await page.keyboard.press('Escape');
    const seen = await untilEnded(page, 1);

    expect(seen.outcomes).toEqual(['stopped']);
    expect(seen.now).toBe(0);
    expect(await page.locator('#caption-name').textContent()).toBe('Tomas');
    expect(await page.locator('#voice').inputValue()).toBe('M1');
    expect(await page.locator('#stop').isDisabled()).toBe(true);
  });

  it('gives each character the mood that is chosen, which its face takes on at once', async () => {
    visit = await site.visit(browser, gatewayUrl, DESKTOP);
    const { page } = visit;
    /** How far each of the characters lowers a brow. */
    const brows = (): Promise<number[]> =>
      page.evaluate(() =>
        window.parleyDemo!.npcs.map(({ attachedNode }) => {
          const meshes = attachedNode!.getChildMeshes(false);
          const targets = meshes.map((mesh) => mesh.morphTargetManager?.getTargetByName('browDownLeft'));
          return Math.max(...targets.map((target) => target?.influence ?? 0));
        }),
      );
    const mood = page.locator('#moods');

    expect(await mood.getByRole('radio', { name: 'warm' }).isChecked()).toBe(true);
    await mood.getByText('angry').click();
    await expect.poll(async () => (await brows())[0], { timeout: 30_000 }).toBeGreaterThan(0.8);
    expect((await brows())[1]).toBeLessThan(0.3);

    await page.locator('#cast').getByText('Tomas').click();
    expect(await mood.getByRole('radio', { name: 'calm' }).isChecked()).toBe(true);
    await page.locator('#cast').getByText('Mira').click();
    expect(await mood.getByRole('radio', { name: 'angry' }).isChecked()).toBe(true);
  });

  it('says what to do while the gateway is down, keeps the line, and speaks it once the gateway is there', async () => {
    const port = await freePort();
    const url = `ws://127.0.0.1:${port}/ws`;
    visit = await site.visit(browser, url, DESKTOP);
    const { page } = visit;
    await startWatching(page);

    await page.keyboard.type(LINE);
    await page.keyboard.press('Enter');
    const notice = page.getByRole('alert');
    await notice.waitFor({ timeout: 60_000 });
    expect(await notice.textContent()).toContain('npm start');
    expect(await notice.textContent()).toContain(url);
    expect(await page.locator('#line').inputValue()).toBe(LINE);

    const late = await startGateway(port);
    try {
      const seen = await untilEnded(page, 2);
      expect(seen.outcomes).toEqual(['failed', 'finished']);
      expect(await notice.count()).toBe(0);

      await page.locator('#line').fill('And once more.');
      await page.keyboard.press('Enter');
      expect((await untilEnded(page, 3)).outcomes).toEqual(['failed', 'finished', 'finished']);
    } finally {
      late.kill();
    }
  });

  it('fits a phone: face, caption and controls one below the other, nothing cut off', async () => {
    visit = await site.visit(browser, gatewayUrl, PHONE);
    const { page } = visit;
    await startWatching(page);
    await page.locator('#chips button').first().tap();
    await page.waitForFunction(() => document.querySelector('mark')?.textContent, undefined, {
      timeout: 60_000,
    });

    const box = async (selector: string) => (await page.locator(selector).boundingBox())!;
    const [stage, caption, desk, speak] = await Promise.all(
      ['.stage', '.caption', '.desk', '#speak'].map(box),
    );
    const chin = await chinOnPage(page);
    expect(chin).toBeGreaterThan(stage!.height * 0.3);
    expect(caption!.y).toBeGreaterThan(chin);
    expect(caption!.y + caption!.height).toBeLessThanOrEqual(stage!.y + stage!.height);
    expect(desk!.y).toBeGreaterThanOrEqual(stage!.y + stage!.height);
    expect(speak!.y + speak!.height).toBeLessThanOrEqual(PHONE.viewport.height);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.viewport.width);
  });

  it('speaks and captions without WebGL, and says why there is no picture', async () => {
    visit = await site.visit(await site.browser(NO_WEBGL), gatewayUrl, DESKTOP);
    const { page, complaints } = visit;
    await startWatching(page);

    expect(await page.getByRole('alert').textContent()).toContain('WebGL');
    await page.keyboard.type(LINE);
    await page.keyboard.press('Enter');
    const seen = await untilEnded(page, 1);

    expect(seen.outcomes).toEqual(['finished']);
    expect(seen.marked).toEqual(WORDS);
    expect(complaints).toEqual([]);
  });
});

/** Whether `some` comes out of `all` by leaving words out. */
function inOrder(some: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  for (const word of some) {
    at = all.indexOf(word, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
