/** What counts as the player's gesture; browsers differ in which of them lets sound begin. */
const GESTURES = ['pointerdown', 'pointerup', 'touchend', 'mousedown', 'click', 'keydown'] as const;

/**
 * Resumes a context at the player's next gesture of any kind, and when the page comes back into view; goes on trying
 * until it runs, and again after an interruption (a phone call). Returns the undo.
 * The context is resumed directly: Babylon's own unlock listens to clicks alone and remembers a first refusal for ever.
 */
export function unlockOnGesture(context: AudioContext, page: Document = document): () => void {
  let armed = false;

  const resume = () => {
    // Refused without a gesture, or while the device is busy: the next gesture tries again.
    context.resume().catch(() => {});
  };
  const onVisible = () => {
    if (!page.hidden) resume();
  };
  const arm = () => {
    if (armed) return;
    armed = true;
    for (const gesture of GESTURES) page.addEventListener(gesture, resume, { capture: true, passive: true });
    page.addEventListener('visibilitychange', onVisible);
  };
  const disarm = () => {
    if (!armed) return;
    armed = false;
    page.removeEventListener('visibilitychange', onVisible);
    for (const gesture of GESTURES) page.removeEventListener(gesture, resume, { capture: true });
  };
  const onState = () => {
    if (context.state === 'running' || context.state === 'closed') disarm();
    else arm();
  };

  context.addEventListener('statechange', onState);
  onState();
  return () => {
    context.removeEventListener('statechange', onState);
    disarm();
  };
}
