import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from './world/page.ts';
import { sleep, type Visit, WorldSite } from './world/site.ts';

/**
 * A context that the browser itself interrupts: Chromium does so to a frame that is not seen and may then not sound.
 * It is the one interruption that can be had without a telephone; nothing is pretended.
 */
describe('a page that is interrupted', () => {
  let site: WorldSite;
  let visit: Visit;

  beforeAll(async () => {
    const features = 'AudioContextInterruptedState,MediaPlaybackWhileNotVisiblePermissionPolicy';
    site = await WorldSite.open({ flags: [`--enable-blink-features=${features}`] });
  }, 100_000);
  afterEach(() => visit?.tab.close());
  afterAll(() => site?.close());

  const see = (visibility: 'hidden' | 'visible') =>
    visit.tab.evaluate(`void (document.querySelector('iframe').style.visibility = '${visibility}')`);

  it('stalls with its mouth closed, and goes on by itself, in time, when it is over', async () => {
    visit = await site.visit({}, { page: 'framed.html' });
    await visit.ask('world.say(64)');
    await visit.until('two seconds are spoken', ({ playhead }) => playhead > 2);
    await see('hidden');
    await visit.until('the context is interrupted', ({ context }) => context === 'interrupted');
    await sleep(1.5);
    const during = await visit.report();
    expect(during).toMatchObject({ context: 'interrupted', audioState: 'locked' });
    expect(during.open).toBeLessThan(0.001);
    expect(during.lines[0]!.states.at(-1)).toBe('stalled');
    await see('visible');
    const { playhead } = await visit.until('sound is back', ({ audioState }) => audioState === 'running');
    expect(playhead - during.playhead).toBeLessThan(0.3);
    await visit.ask('world.ended()', 30);
    const { lines, audioStates } = await visit.report();
    expect(audioStates.slice(-2)).toEqual(['locked', 'running']);
    expect(lines[0]!.states.slice(-3)).toEqual(['stalled', 'speaking', 'finished']);
    expect(lines[0]!.words).toHaveLength(64);
    const verdicts = await visit.ask<Verdict[]>(`world.judge(${playhead + 0.5}, ${during.playhead - 0.2})`);
    expect(verdicts.length).toBeGreaterThan(20);
    expect(Math.abs(median(verdicts.map(({ aheadMs }) => aheadMs)))).toBeLessThan(15);
    expect(median(verdicts.map(({ mouthError }) => mouthError))).toBeLessThan(0.05);
  });
});

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}
