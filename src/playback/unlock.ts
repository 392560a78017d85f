import { onGesture } from './gestures.ts';

/** Time between two attempts after an interruption, milliseconds. */
const RETRY_MS = 1_000;

/** Time in which a context that says it runs must move, milliseconds: longer than any device takes to start. */
const FROZEN_MS = 1_000;

/** What {@link unlockOnGesture} can be told. */
export interface UnlockOptions {
  /** The page whose gestures count. Default: this one. */
  readonly page?: Document;
  /**
   * Whether nobody else suspends the context. One that a game suspended (its pause menu) is the game's to resume, and
   * a click must not do it. Default true.
   */
  readonly owned?: boolean;
}

/**
 * Resumes a context at the player's next gesture of any kind, and when the page comes back into view; goes on trying
 * until it runs, and again after an interruption: a phone call, a device that went away. Returns the undo.
 * The context is resumed directly: Babylon's own unlock listens to clicks alone and remembers a first refusal for ever.
 */
export function unlockOnGesture(
  context: AudioContext,
  { page = document, owned = true }: UnlockOptions = {},
): () => void {
  let ran = false;
  let interrupted = false;
  let disarm: (() => void) | undefined;
  let frozen: ReturnType<typeof setTimeout> | undefined;

  const resume = () => {
    // Refused without a gesture, or while the device is busy: the next gesture tries again.
    context.resume().catch(() => {});
  };
  const onVisible = () => {
    if (page.hidden) return;
    if (context.state === 'running') watch();
    else if (disarm) resume();
  };
  const arm = () => {
    const forget = onGesture(page, resume);
    // During an interruption iOS refuses, and a context that was refused then may never move again; only afterwards,
    // when it says `suspended`, is it asked without a gesture.
    const timer = setInterval(() => {
      if (interrupted && context.state === 'suspended' && !page.hidden) resume();
    }, RETRY_MS);
    disarm = () => {
      clearInterval(timer);
      forget();
      disarm = undefined;
    };
  };
  /** After an interruption iOS may say `running` while time stands still; to suspend and to resume it helps. */
  const watch = () => {
    clearTimeout(frozen);
    const before = context.currentTime;
    frozen = setTimeout(() => {
      if (context.state !== 'running' || context.currentTime !== before) return;
      context.suspend().then(resume, resume);
    }, FROZEN_MS);
  };
  const onState = () => {
    const { state } = context;
    if (state === 'running' || state === 'closed') {
      disarm?.();
      clearTimeout(frozen);
      if (state === 'running' && interrupted) watch();
      ran ||= state === 'running';
      interrupted = false;
      return;
    }
    interrupted ||= state !== 'suspended';
    if (owned || interrupted || !ran) {
      if (!disarm) arm();
    } else disarm?.();
  };
  const onError = () => {
    interrupted = true;
    onState();
  };

  page.addEventListener('visibilitychange', onVisible);
  context.addEventListener('statechange', onState);
  context.addEventListener('error', onError);
  onState();
  return () => {
    context.removeEventListener('error', onError);
    context.removeEventListener('statechange', onState);
    page.removeEventListener('visibilitychange', onVisible);
    clearTimeout(frozen);
    disarm?.();
  };
}
