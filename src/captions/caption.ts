import type { Line } from '../npc/line.ts';
import type { TalkingNpc } from '../npc/talking-npc.ts';
import type { BoardEntry } from './board.ts';
import { CaptionCourse } from './course.ts';
import type { Direction } from './direction.ts';
import type { CaptionRoom } from './phrases.ts';
import type { Viewer } from './viewer.ts';

/** From which priority on a line is of the story, as for a director. */
export const STORY_PRIORITY = 1;

/** A line of a character, as captions and bubbles show it. */
export class Caption implements BoardEntry {
  readonly speaker: TalkingNpc;
  readonly line: Line;
  readonly order: number;
  readonly course: CaptionCourse;
  /** Whether the player is meant: it is said to the player, or of the story. */
  readonly story: boolean;
  slot = -1;
  sharedWith: BoardEntry | undefined;
  weight = 0;
  /** Where the speaker is, and how far from the player, metres. */
  direction: Direction = 'here';
  distance = 0;
  #leftOut = false;

  constructor(speaker: TalkingNpc, line: Line, order: number, room: CaptionRoom) {
    this.speaker = speaker;
    this.line = line;
    this.order = order;
    this.course = new CaptionCourse(line, room);
    this.story = line.priority >= STORY_PRIORITY || line.to === 'player';
  }

  get shows(): boolean {
    return this.course.phrase >= 0 && !this.#leftOut;
  }

  get lingers(): boolean {
    return this.course.lingers;
  }

  get shownAt(): number {
    return this.course.shownAt;
  }

  get phrase(): string {
    return this.course.shown.text;
  }

  /** One step, at `now`, seconds; `leavesOut`: whether the line is not to be shown. */
  update(now: number, viewer: Viewer, leavesOut: (caption: Caption, now: number) => boolean): void {
    this.course.update(now);
    if (this.course.phrase < 0) return;
    this.direction = viewer.find(this.speaker, this.direction);
    if (this.speaker.person) {
      this.distance = viewer.distance;
      this.weight = viewer.weight;
    }
    this.#leftOut = leavesOut(this, now);
  }
}
