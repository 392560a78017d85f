import { describe, expect, it, onTestFinished } from 'vitest';
import { overruleRinger, ringerPlatform, SILENCE_URL } from '../../../src/playback/ringer.ts';

const OLD_IPHONE = { session: undefined, silences: true };

/** The element that the remedy makes, which is never in the page. */
function watchElement(): () => HTMLAudioElement {
  const made: HTMLAudioElement[] = [];
  const create = document.createElement.bind(document);
  document.createElement = ((name: string) => {
    const element = create(name);
    if (element instanceof HTMLAudioElement) made.push(element);
    return element;
  }) as typeof document.createElement;
  onTestFinished(() => {
    document.createElement = create;
  });
  return () => {
    expect(made).toHaveLength(1);
    return made[0]!;
  };
}

const gesture = () => document.dispatchEvent(new Event('touchend'));
const playing = (element: HTMLAudioElement) =>
  expect.poll(() => !element.paused && element.currentTime > 0, { timeout: 10_000 });

describe('the ringer switch of an iPhone', () => {
  it.each([
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 15_8 like Mac OS X) AppleWebKit/605.1.15', 5, true],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15', 5, true],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15', 0, false],
    ['Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126', 5, false],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126', 10, false],
  ])('is told from %s with %i touches', (userAgent, maxTouchPoints, silences) => {
    expect(ringerPlatform({ userAgent, maxTouchPoints })).toEqual({ session: undefined, silences });
  });

  it('is told from a session that is a getter of all navigators, as browsers have it', () => {
    const session = { type: 'auto' };
    class Safari {
      userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15';
      maxTouchPoints = 5;
      get audioSession() {
        return session;
      }
    }
    expect(ringerPlatform(new Safari()).session).toBe(session);
  });

  it('is overruled by a silent file of our own that plays while voices do, and only then', async () => {
    const element = watchElement();
    const remedy = overruleRinger(OLD_IPHONE);
    const audio = element();
    expect([audio.src, audio.loop, audio.muted]).toEqual([SILENCE_URL.href, true, false]);
    expect(SILENCE_URL.protocol).toMatch(/^http/);
    remedy.setSpeaking(true);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(audio.paused).toBe(true); // Nothing plays before the player has touched the page.
    gesture();
    await playing(audio).toBe(true);
    remedy.setSpeaking(false);
    expect(audio.paused).toBe(true);
    remedy.setSpeaking(true); // No gesture is needed any more.
    await playing(audio).toBe(true);
    remedy.dispose();
    remedy.dispose();
    expect(audio.paused).toBe(true);
    expect(audio.getAttribute('src')).toBeNull();
  });

  it('is asked for permission in a gesture while nobody speaks, without a sound that stays', async () => {
    const element = watchElement();
    const remedy = overruleRinger(OLD_IPHONE);
    const audio = element();
    gesture();
    await expect.poll(() => audio.played.length > 0 || audio.readyState > 2).toBe(true);
    await expect.poll(() => audio.paused).toBe(true);
    remedy.setSpeaking(true);
    await playing(audio).toBe(true);
    remedy.dispose();
  });

  it('is asked again at the next gesture when it refused', async () => {
    const element = watchElement();
    const remedy = overruleRinger(OLD_IPHONE);
    const audio = element();
    const play = audio.play.bind(audio);
    audio.play = () => Promise.reject(new DOMException('no gesture', 'NotAllowedError'));
    remedy.setSpeaking(true);
    gesture();
    await Promise.resolve();
    audio.play = play;
    gesture();
    await playing(audio).toBe(true);
    remedy.dispose();
  });

  it('is overruled by the audio session where there is one, which is given back', () => {
    const element = watchElement();
    const session = { type: 'auto' };
    const remedy = overruleRinger({ session, silences: true });
    expect(session.type).toBe('playback');
    remedy.dispose();
    expect(session.type).toBe('auto');
    expect(element).toThrow(); // No element was needed.
  });

  it('is not fought over with a game that has a session of its own kind', () => {
    const session = { type: 'play-and-record' };
    const remedy = overruleRinger({ session, silences: true });
    expect(session.type).toBe('play-and-record');
    remedy.dispose();
    expect(session.type).toBe('play-and-record');
  });

  it('costs nothing where there is none', () => {
    const element = watchElement();
    overruleRinger({ session: undefined, silences: false }).dispose();
    expect(element).toThrow();
  });

  it('is overruled by a silence that is silent, and large enough not to be put into a data: URL', async () => {
    const file = await (await fetch(SILENCE_URL)).arrayBuffer();
    expect(file.byteLength).toBeGreaterThan(4_096); // The limit up to which Vite inlines.
    const context = new OfflineAudioContext(1, 1, 44_100);
    const sound = (await context.decodeAudioData(file)).getChannelData(0);
    expect(sound.length).toBeGreaterThan(40_000);
    expect(sound.every((sample) => sample === 0)).toBe(true);
  });
});
