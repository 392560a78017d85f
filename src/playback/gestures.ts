/** What counts as the player's gesture; browsers differ in which of them lets sound begin. */
const GESTURES = ['pointerdown', 'pointerup', 'touchend', 'mousedown', 'click', 'keydown'] as const;

/** Calls `listener` at every gesture of the player until the result is called. */
export function onGesture(page: Document, listener: () => void): () => void {
  // Captured, so that no handler of the game keeps a gesture from us.
  for (const gesture of GESTURES) page.addEventListener(gesture, listener, { capture: true, passive: true });
  return () => {
    for (const gesture of GESTURES) page.removeEventListener(gesture, listener, { capture: true });
  };
}
