import type { TurnLine } from './turn-line.ts';

/** How much softer a line is made before it is paused, decibels: it fades within half a second. */
export const HOLD_DECIBELS = 40;

/** Pauses the line of one character while the story speaks, and lets it go on after that. */
export class StoryHold {
  /** The line that was paused here: one that the game has paused is none of ours. */
  #line: TurnLine | undefined;

  /** One frame: the line whose turn it is, and whether it is to stand. Allocates nothing. */
  step(line: TurnLine | undefined, holds: boolean): void {
    const held = this.#line;
    if (holds && line && line !== held && line.state === 'speaking') {
      this.#line = line;
      line.pause();
    }
    if (holds || !held) return;
    this.#line = undefined;
    if (held.state === 'paused') held.resume();
  }
}
