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
    const undo = unlockOnGesture(context, { page });
    page.body.dispatchEvent(new Event(gesture, { bubbles: true }));
    await expect.poll(() => context.state).toBe('running');
    undo();
  });

  it('listens only while it is locked, and again after an interruption', async () => {
    const { context, page, listening } = await lockedPage();
    const undo = unlockOnGesture(context, { page });
    expect([...listening].sort()).toEqual([...GESTURES, 'visibilitychange'].sort());
    await context.resume();
    await expect.poll(() => [...listening]).toEqual(['visibilitychange']);
    await context.suspend();
    await expect.poll(() => listening.size).toBe(GESTURES.length + 1);
    undo();
    undo();
    expect(listening.size).toBe(0);
  });

  it('tries again at the next gesture when the browser refused', async () => {
    const { context, page } = await lockedPage();
    vi.spyOn(context, 'resume').mockRejectedValueOnce(new Error('Failed to start the audio device'));
    const undo = unlockOnGesture(context, { page });
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
    const undo = unlockOnGesture(context, { page });
    expect([...listening]).toEqual(['visibilitychange']);
    undo();
  });

  it('lets go of a page whose context is closed', async () => {
    const { context, page, listening } = await lockedPage();
    unlockOnGesture(context, { page });
    await context.close();
    await expect.poll(() => [...listening]).toEqual(['visibilitychange']);
  });

  it('does not resume what a game suspended in a context of its own', async () => {
    const { context, page } = await lockedPage();
    const undo = unlockOnGesture(context, { page, owned: false });
    page.dispatchEvent(new Event('click'));
    await expect.poll(() => context.state).toBe('running');
    await context.suspend(); // The pause menu.
    page.dispatchEvent(new Event('click'));
    page.dispatchEvent(new Event('visibilitychange'));
    await pause(100);
    expect(context.state).toBe('suspended');
    undo();
  });
});

/**
 * What an iPhone does to a context, which no browser here can: states are set by the test, and `resume` answers as the
 * test says.
 */
class PhoneContext extends EventTarget {
  state = 'running';
  currentTime = 1;
  asked = 0;
  suspended = 0;
  refuse = false;

  turn(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  async resume(): Promise<void> {
    this.asked++;
    if (this.refuse) throw new DOMException('Failed to start the audio device', 'InvalidStateError');
    this.turn('running');
  }

  async suspend(): Promise<void> {
    this.suspended++;
    this.turn('suspended');
  }
}

describe('a phone call', () => {
  function onPhone(owned = true) {
    const phone = new PhoneContext();
    const page = document.implementation.createHTMLDocument();
    Object.defineProperty(page, 'hidden', { value: false, configurable: true });
    onTestFinished(unlockOnGesture(phone as unknown as AudioContext, { page, owned }));
    return { phone, page };
  }

  it.each([true, false])(
    'is waited for, then sound comes back without a gesture (own context: %s)',
    async (owned) => {
      const { phone } = onPhone(owned);
      phone.turn('interrupted');
      await pause(1_300);
      expect(phone.asked).toBe(0); // To ask during the call would leave it dead for ever.
      phone.refuse = true;
      phone.turn('suspended');
      await expect.poll(() => phone.asked, { timeout: 3_000 }).toBeGreaterThan(1);
      phone.refuse = false;
      await expect.poll(() => phone.state, { timeout: 3_000 }).toBe('running');
    },
  );

  it('ends early when the player taps', async () => {
    const { phone, page } = onPhone(false);
    phone.turn('interrupted');
    page.dispatchEvent(new Event('touchend'));
    await expect.poll(() => phone.state).toBe('running');
  });

  it('that leaves a context which says it runs, but stands still, is got over', async () => {
    const { phone } = onPhone();
    phone.turn('interrupted');
    phone.turn('running');
    await expect.poll(() => phone.suspended, { timeout: 3_000 }).toBe(1);
    expect(phone.asked).toBe(1);
    expect(phone.state).toBe('running');
  });

  it('that ends well is left alone', async () => {
    const { phone } = onPhone();
    phone.turn('interrupted');
    phone.turn('running');
    phone.currentTime = 1.5;
    await pause(1_300);
    expect([phone.suspended, phone.asked]).toEqual([0, 0]);
  });

  it('is over for us when the undo is called', async () => {
    const phone = new PhoneContext();
    const page = document.implementation.createHTMLDocument();
    const undo = unlockOnGesture(phone as unknown as AudioContext, { page });
    phone.turn('interrupted');
    phone.turn('suspended');
    undo();
    page.dispatchEvent(new Event('click'));
    await pause(1_300);
    expect(phone.asked).toBe(0);
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
