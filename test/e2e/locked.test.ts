import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Gesture } from '../kit/tabs.ts';
import { sleep, type Visit, WorldSite } from './world/site.ts';

const WORDS = ['m0', 'm1', 'm2', 'm3', 'm4', 'm5'];

/** A page that may make no sound until the player has truly touched it: Chromium's own policy, nothing is pretended. */
describe('a page that is locked', () => {
  let site: WorldSite;
  let visit: Visit;

  beforeAll(async () => {
    site = await WorldSite.open({ mayPlay: false });
  }, 100_000);
  afterEach(() => visit?.tab.close());
  afterAll(() => site?.close());

  it.each<Gesture>(['click', 'key', 'tap'])('waits with its line, and speaks at a %s', async (gesture) => {
    visit = await site.visit();
    await visit.ask('world.say(6)');
    await visit.until('the line waits', ({ lines }) => lines[0]!.states.at(-1) === 'waiting');
    await sleep(1);
    const waiting = await visit.report();
    expect(waiting).toMatchObject({ context: 'suspended', audioState: 'locked', playhead: 0, open: 0 });
    expect(waiting.lines).toMatchObject([{ states: ['loading', 'waiting'], words: [] }]);
    await visit.tab.gesture(gesture);
    await visit.ask('world.ended()');
    const spoken = await visit.report();
    expect(spoken.audioStates).toEqual(['running']);
    expect(spoken.lines[0]!.states.slice(2)).toEqual(['buffering', 'speaking', 'finished']);
    expect(spoken.lines[0]!.words).toEqual(WORDS);
    expect(spoken.widest).toBeGreaterThan(0.5);
    expect(spoken.loudest).toBeGreaterThan(0.1);
  });

  it('plays silently when nobody touches it in time, and is heard from the first gesture on', async () => {
    visit = await site.visit({ whenLocked: { policy: 'wait', seconds: 1 } });
    await visit.ask('world.say(6)');
    await visit.ask('world.ended()');
    const silent = await visit.report();
    expect(silent).toMatchObject({ context: 'suspended', audioState: 'locked', loudest: 0 });
    expect(silent.lines).toMatchObject([{ words: WORDS }]);
    expect(silent.lines[0]!.states.slice(1)).toEqual(['waiting', 'buffering', 'speaking', 'finished']);
    expect(silent.widest).toBeGreaterThan(0.5);
    await visit.tab.gesture('click');
    await visit.ask('world.say(6)');
    await visit.ask('world.ended()');
    expect((await visit.report()).loudest).toBeGreaterThan(0.1);
  });

  it('plays a line silently to its end where that is the policy, and the next one with sound', async () => {
    visit = await site.visit({ whenLocked: 'silent' });
    await visit.ask('world.say(6)');
    await visit.until('it is spoken', ({ playhead }) => playhead > 0.3, 5); // No waiting.
    await visit.tab.gesture('click');
    await visit.ask('world.ended()');
    const silent = await visit.report();
    expect(silent).toMatchObject({ audioState: 'running', loudest: 0 });
    expect(silent.lines[0]!.words).toEqual(WORDS);
    expect(silent.widest).toBeGreaterThan(0.5);
    await visit.ask('world.say(6)');
    await visit.ask('world.ended()');
    expect((await visit.report()).loudest).toBeGreaterThan(0.1);
  });

  it('fails its line where that is the policy, and speaks after a gesture', async () => {
    visit = await site.visit({ whenLocked: 'fail' });
    await visit.ask('world.say(6)');
    await visit.ask('world.ended()');
    expect((await visit.report()).lines).toMatchObject([{ code: 'locked', words: [] }]);
    await visit.tab.gesture('click');
    await visit.until('sound is on', ({ audioState }) => audioState === 'running');
    await visit.ask('world.say(6)');
    await visit.ask('world.ended()');
    const { lines, loudest } = await visit.report();
    expect(lines[1]!.words).toEqual(WORDS);
    expect(loudest).toBeGreaterThan(0.1);
  });

  it('asks again at the next gesture when the device refused', async () => {
    visit = await site.visit({}, { before: REFUSING });
    await visit.ask('world.say(6)');
    await visit.until('the line waits', ({ lines }) => lines[0]!.states.at(-1) === 'waiting');
    await visit.tab.gesture('click');
    expect(await visit.tab.evaluate('refused')).toBeGreaterThan(0);
    expect(await visit.report()).toMatchObject({ audioState: 'locked', audioStates: [], playhead: 0 });
    await visit.tab.evaluate('void (refusing = false)');
    await visit.tab.gesture('click');
    await visit.ask('world.ended()');
    const { lines, loudest, audioStates } = await visit.report();
    expect(lines[0]!.words).toEqual(WORDS);
    expect(loudest).toBeGreaterThan(0.1);
    expect(audioStates).toEqual(['running']);
  });

  it('tells a game that its own unlockAsync() was refused, and is not spoilt by it', async () => {
    visit = await site.visit({}, { before: REFUSING });
    await visit.ask('world.say(6)');
    await expect(visit.ask('world.parley.unlockAsync()')).rejects.toThrow('Failed to start the audio device');
    expect(await visit.report()).toMatchObject({ audioState: 'locked' });
    await visit.tab.evaluate('void (refusing = false)');
    await visit.tab.gesture('key');
    await visit.ask('world.ended()');
    expect((await visit.report()).loudest).toBeGreaterThan(0.1);
  });
});

/** Pretended: so iOS refuses while its audio device is busy. Chromium's own context refuses in interruptions only. */
const REFUSING = `
  var refusing = true;
  var refused = 0;
  const resume = AudioContext.prototype.resume;
  AudioContext.prototype.resume = function () {
    if (!refusing) return resume.call(this);
    refused++;
    return Promise.reject(new DOMException('Failed to start the audio device', 'InvalidStateError'));
  };
`;
