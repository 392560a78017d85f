import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Visit, WorldSite } from './world/site.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 15_8 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Mobile/15E148 Safari/604.1';

/** Notes what media elements do; `session` is what an older iPhone lacks. */
const watching = (session: string) => `
  Object.defineProperty(Navigator.prototype, 'audioSession', { value: ${session}, configurable: true });
  window.media = [];
  for (const deed of ['play', 'pause']) {
    const own = HTMLMediaElement.prototype[deed];
    HTMLMediaElement.prototype[deed] = function () {
      window.media.push(this);
      return own.call(this);
    };
  }
`;

/** What is heard of the silent file, if there is one. */
const ELEMENT = `(([element]) => element && {
  playing: !element.paused,
  silent: element.src.endsWith('silence.wav'),
  volume: element.muted ? 0 : element.volume,
})(window.media)`;

/**
 * The remedy against an iPhone's ringer switch, through a whole Parley in a locked page. Pretended: the name of the
 * browser and the audio session. Real: the policy, the tap, the element. What the switch then does, no Chromium shows.
 */
describe('a page that takes itself to be on an iPhone', () => {
  let site: WorldSite;
  let visit: Visit;

  beforeAll(async () => {
    site = await WorldSite.open({ mayPlay: false });
  }, 100_000);
  afterEach(() => visit?.tab.close());
  afterAll(() => site?.close());

  it('plays a silent file beside the voice, from the tap to the end of the line', async () => {
    visit = await site.visit({}, { userAgent: IPHONE, before: watching('undefined') });
    await visit.ask('world.say(6)');
    await visit.until('the line waits', ({ lines }) => lines[0]!.states.at(-1) === 'waiting');
    expect(await visit.ask(`${ELEMENT}?.playing ?? false`)).toBe(false);
    await visit.tab.gesture('tap');
    await visit.until('it is heard', ({ loudest }) => loudest > 0.1);
    expect(await visit.ask(ELEMENT)).toEqual({ playing: true, silent: true, volume: 1 });
    await visit.ask('world.ended()');
    await expect.poll(() => visit.ask(`${ELEMENT}.playing`)).toBe(false);
    await visit.ask('world.say(6)'); // No gesture this time.
    await expect.poll(() => visit.ask(`${ELEMENT}.playing`)).toBe(true);
    await visit.ask('world.parley.dispose()');
    await expect.poll(() => visit.ask(`${ELEMENT}.playing`)).toBe(false);
  });

  it('turns its audio session to playback where there is one, and back', async () => {
    visit = await site.visit({}, { userAgent: IPHONE, before: watching("{ type: 'auto' }") });
    expect(await visit.ask('navigator.audioSession.type')).toBe('playback');
    await visit.ask('world.say(6)');
    await visit.tab.gesture('tap');
    await visit.ask('world.ended()');
    expect((await visit.report()).loudest).toBeGreaterThan(0.1);
    expect(await visit.ask('window.media.length')).toBe(0);
    await visit.ask('world.parley.dispose()');
    await expect.poll(() => visit.ask('navigator.audioSession.type')).toBe('auto');
  });

  it('does neither where the switch is to be obeyed', async () => {
    const before = watching("{ type: 'auto' }");
    visit = await site.visit({ ringerSwitch: 'obey' }, { userAgent: IPHONE, before });
    await visit.ask('world.say(6)');
    await visit.tab.gesture('tap');
    await visit.ask('world.ended()');
    expect(await visit.ask('navigator.audioSession.type')).toBe('auto');
    expect(await visit.ask('window.media.length')).toBe(0);
  });
});
