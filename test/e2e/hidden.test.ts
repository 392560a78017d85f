import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Tab } from '../kit/tabs.ts';
import type { Report, Return } from './world/page.ts';
import { sleep, type Visit, WorldSite } from './world/site.ts';

/** How long the tab is hidden, seconds, and a line that is longer. */
const [HIDDEN_SECONDS, LONG_LINE] = process.env.PARLEY_LONG ? [60, 280] : [10, 64];

/** Hidden pages are woken once a second. */
const WAKE_SECONDS = 1;

const WORD_SECONDS = 0.25;

describe('a tab that is hidden while somebody speaks', () => {
  let site: WorldSite;
  let other: Tab;
  let visit: Visit;

  beforeAll(async () => {
    site = await WorldSite.open();
    other = await site.tabs.tab('about:blank');
  }, 100_000);
  afterEach(() => visit?.tab.close());
  afterAll(() => site?.close());

  async function hide(): Promise<Report> {
    await other.show();
    return visit.until('the tab is hidden', ({ visible }) => !visible);
  }

  it('goes on to speak, tells its words, and shows the right mouth in the first frame when it is seen again', async () => {
    visit = await site.visit();
    await visit.ask(`world.say(${LONG_LINE})`);
    await visit.until('two seconds are spoken', ({ playhead }) => playhead > 2);
    const hidden = await hide();
    await sleep(HIDDEN_SECONDS);
    const still = await visit.report();
    expect(still.frames - hidden.frames).toBeLessThan(3); // Not drawn, and yet:
    expect(still.playhead).toBeGreaterThan(hidden.playhead + HIDDEN_SECONDS - 2);
    expect(still.lines[0]!.words.length).toBeGreaterThan((still.playhead - WAKE_SECONDS) / WORD_SECONDS);
    await visit.tab.show();
    await visit.until('it is drawn again', ({ frames }) => frames > still.frames + 10);
    const { gapMs, aheadMs, mouthError } = await visit.ask<Return>('world.return()');
    expect(gapMs).toBeGreaterThan((HIDDEN_SECONDS - 1) * 1000);
    expect(Math.abs(aheadMs)).toBeLessThan(20);
    expect(mouthError).toBeLessThan(0.05);
    await visit.ask('world.ended()', 30);
    const [line] = (await visit.report()).lines;
    expect(line!.states.at(-1)).toBe('finished');
    expect(line!.states).not.toContain('stalled');
    expect(line!.words).toEqual(Array.from({ length: LONG_LINE }, (_, at) => `m${at}`)); // Each once, in order.
  });

  it.each([
    ['heard', {}],
    ['silent', { audioContext: 'none' }],
  ])('ends its line and says the next while nobody sees it (%s)', async (_, options) => {
    visit = await site.visit(options);
    await visit.ask('(world.say(6), world.say(6))');
    await visit.until('the first one is spoken', ({ lines }) => lines[0]!.words.length > 0);
    const { frames } = await hide();
    await visit.ask('world.ended()', 20);
    const after = await visit.report();
    expect(after.visible).toBe(false);
    expect(after.frames - frames).toBeLessThan(3);
    for (const { states, words } of after.lines) {
      expect(states.at(-1)).toBe('finished');
      expect(words).toHaveLength(6);
    }
  });
});
