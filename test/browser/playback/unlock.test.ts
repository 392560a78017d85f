import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { unlockOnGesture } from '../../../src/playback/unlock.ts';

const GESTURES = ['pointerdown', 'pointerup', 'touchend', 'mousedown', 'click', 'keydown'];

/** A suspended context and a page of its own, with a count of the page's listeners. */
async function lockedPage() {
  const context = new AudioContext();
  await context.suspend();
  onTestFinished(() => (context.state === 'closed' ? undefined : context.close()));
  const page = document.implementation.createHTMLDocument();
  const listening = new Set<string>();
  const [add, remove] = [page.addEventListener.bind(page), page.removeEventListener.bind(page)];
  page.addEventListener = (type: string, ...rest: [EventListener, AddEventListenerOptions?]) => {
    listening.add(type);
    add(type, ...rest);
  };
  page.removeEventListener = (type: string, ...rest: [EventListener, AddEventListenerOptions?]) => {
    listening.delete(type);
    remove(type, ...rest);
  };
  return { context, page, listening };
}

describe('unlocking', () => {
  it.each(GESTURES)('lets sound begin at %s', async (gesture) => {
    const { context, page } = await lockedPage();
    const undo = unlockOnGesture(context, page);
    page.body.dispatchEvent(new Event(gesture, { bubbles: true }));
    await expect.poll(() => context.state).toBe('running');
    undo();
  });

  it('listens only while it is locked, and again after an interruption', async () => {
    const { context, page, listening } = await lockedPage();
    const undo = unlockOnGesture(context, page);
    expect([...listening].sort()).toEqual([...GESTURES, 'visibilitychange'].sort());
    await context.resume();
    await expect.poll(() => listening.size).toBe(0);
    await context.suspend();
    await expect.poll(() => listening.size).toBe(GESTURES.length + 1);
    undo();
    undo();
    expect(listening.size).toBe(0);
  });

  it('tries again at the next gesture when the browser refused', async () => {
    const { context, page } = await lockedPage();
    vi.spyOn(context, 'resume').mockRejectedValueOnce(new Error('Failed to start the audio device'));
    const undo = unlockOnGesture(context, page);
    page.dispatchEvent(new Event('click'));
    await Promise.resolve();
    expect(context.state).toBe('suspended');
    page.dispatchEvent(new Event('click'));
    await expect.poll(() => context.state).toBe('running');
    undo();
  });

  it('leaves a running context alone', async () => {
    const { context, page, listening } = await lockedPage();
    await context.resume();
    const undo = unlockOnGesture(context, page);
    expect(listening.size).toBe(0);
    undo();
  });

  it('lets go of a page whose context is closed', async () => {
    const { context, page, listening } = await lockedPage();
    unlockOnGesture(context, page);
    await context.close();
    await expect.poll(() => listening.size).toBe(0);
  });
});
