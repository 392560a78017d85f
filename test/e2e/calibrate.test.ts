/** The calibration page as a visitor meets it, with hands whose delay is known. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type {} from '../../demo/calibrate/main.ts';
import { DemoSite } from './demo-site.ts';

let site: DemoSite;
let browser: Browser;

beforeAll(async () => {
  site = await DemoSite.open();
  browser = await site.browser();
});
afterAll(() => site?.close());

async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await goto(page);
  return { page, complaints };
}

async function goto(page: Page): Promise<void> {
  await page.goto(`${site.origin}/calibrate.html`);
  await page.waitForFunction(() => window.parleyCalibration, undefined, { timeout: 60_000 });
}

function untilStep(page: Page, step: string): Promise<unknown> {
  return page.waitForFunction((wanted) => window.parleyCalibration!.step === wanted, step, {
    timeout: 30_000,
  });
}

/** Taps to the end of a round as somebody does who is `lateMs` late and scatters by up to `scatterMs` either way. */
function tapAlong(page: Page, lateMs: number, scatterMs: number): Promise<void> {
  return page.evaluate(
    async ([late, scatter]) => {
      const calibration = window.parleyCalibration!;
      const pad = document.getElementById('pad')!;
      for (let tap = 0; calibration.tapping; tap++) {
        const { metronome } = calibration;
        const nowMs = performance.now();
        const off = late! + scatter! * Math.sin(tap * 2.4);
        let dueMs = nowMs - metronome!.offsetMs(nowMs) + off;
        while (dueMs < nowMs + 100) dueMs += metronome!.periodMs;
        await new Promise((resolve) => setTimeout(resolve, dueMs - nowMs));
        const event = new PointerEvent('pointerdown', { bubbles: true });
        // The system stamps a real tap when it is made; a timer on a busy machine comes late.
        Object.defineProperty(event, 'timeStamp', { value: dueMs });
        pad.dispatchEvent(event);
      }
    },
    [lateMs, scatterMs],
  );
}

function shownTrim(page: Page): Promise<string> {
  return page.locator('#trim-value').innerText();
}

describe('the calibration page', () => {
  it('finds how much later the clicks are tapped than the ring, and keeps it for the device', async () => {
    const { page, complaints } = await open();
    await page.click('#start');
    await untilStep(page, 'listen');
    await tapAlong(page, 130, 25);
    expect(await page.locator('#result-listen').innerText()).toMatch(/^1[23]\d ms ± \d+$/);
    await untilStep(page, 'watch');
    await tapAlong(page, 30, 25);
    await untilStep(page, 'check');
    const found = await page.evaluate(() => window.parleyCalibration!.trimMs);
    expect(Math.abs(found - 100)).toBeLessThanOrEqual(6);
    expect(await shownTrim(page)).toBe(`${found} ms`);

    await page.click('#save');
    expect(await page.locator('#trim-kept').innerText()).toContain('Kept');
    await goto(page);
    await page.waitForFunction((trim) => window.parleyCalibration!.trimMs === trim, found);
    await expect.poll(() => shownTrim(page)).toBe(`${found} ms`);
    expect(complaints).toEqual([]);
  });

  it('asks for a round again where the taps are far apart', async () => {
    const { page } = await open();
    await page.click('#start');
    await untilStep(page, 'listen');
    await tapAlong(page, 0, 200);
    expect(await page.locator('#pad-words').innerText()).toContain('Once more');
    await untilStep(page, 'listen');
    expect(await page.locator('#result-listen').innerText()).toBe('');
  });

  it('is worked by the keyboard alone', async () => {
    const { page } = await open();
    await page.locator('#start').focus();
    await page.keyboard.press('Enter');
    await untilStep(page, 'listen');
    for (const key of ['Space', 'Enter', 'j']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(120);
    }
    expect(await page.evaluate(() => window.parleyCalibration!.taps)).toBe(3);
    await page.keyboard.press('Escape');
    await untilStep(page, 'start');

    await page.locator('#trim').focus();
    for (let press = 0; press < 12; press++) await page.keyboard.press('ArrowRight');
    expect(await shownTrim(page)).toBe('12 ms');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.locator('#trim-kept').innerText()).toContain('Kept');
    expect(await page.evaluate(() => Object.entries(localStorage))).toEqual([
      [expect.stringContaining('parley.trim.'), '12'],
    ]);
  });

  it('is worked by a finger on a phone', async () => {
    const { page } = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await page.locator('#pad').tap();
    await untilStep(page, 'listen');
    await page.locator('#pad').tap();
    await page.locator('#pad').tap();
    expect(await page.evaluate(() => window.parleyCalibration!.taps)).toBe(2);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
  });

  it('moves its ring by the clock of the sound', async () => {
    const { page } = await open();
    await page.click('#check');
    await page.waitForFunction(
      () => (window.parleyCalibration!.metronome?.phaseAt(performance.now()) ?? -1) > 0,
    );
    const off = await page.evaluate(async () => {
      const { metronome } = window.parleyCalibration!;
      const worst: number[] = [];
      for (let frame = 0; frame < 40; frame++) {
        await new Promise(requestAnimationFrame);
        const nowMs = performance.now();
        const shown = Number(document.getElementById('ring-closing')!.getAttribute('r'));
        const phase = 1 - (shown - 64) / (118 - 64);
        const heard = metronome!.phaseAt(nowMs);
        worst.push(Math.abs(phase - heard - Math.round(phase - heard)) * metronome!.periodMs);
      }
      return worst.sort((a, b) => a - b)[20]!;
    });
    expect(off).toBeLessThan(30); // The frame before, on a machine that draws in software.
  });

  it('is found from the characters', async () => {
    const { page } = await open();
    await page.click('text=Back to the characters');
    await page.click('a[href="./calibrate.html"]');
    await page.waitForFunction(() => window.parleyCalibration, undefined, { timeout: 60_000 });
  });
});
