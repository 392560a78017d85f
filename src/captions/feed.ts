import type { Observer } from '@babylonjs/core/Misc/observable.js';
import type { Line } from '../npc/line.ts';
import type { Parley } from '../npc/parley.ts';
import type { TalkingNpc } from '../npc/talking-npc.ts';
import { Caption } from './caption.ts';
import type { CaptionRoom } from './phrases.ts';
import { Viewer } from './viewer.ts';

/** What a {@link CaptionFeed} is told. */
export interface FeedOptions {
  /** How much room there is for a line of a character. */
  readonly roomOf: (npc: TalkingNpc) => CaptionRoom;
  /** Whether a line is not shown. Asked once a frame. */
  readonly leavesOut: (caption: Caption, now: number) => boolean;
  /** A line was said. */
  readonly onLine?: (npc: TalkingNpc) => void;
}

/** The lines of all characters that are under way, as captions. */
export class CaptionFeed {
  readonly #options: FeedOptions;
  readonly #captions: Caption[] = [];
  readonly #listeners = new Map<TalkingNpc, Observer<Line>>();
  readonly #viewer: Viewer;
  readonly #added: Observer<TalkingNpc>;
  readonly #removed: Observer<TalkingNpc>;
  #lines = 0;

  constructor(parley: Parley, options: FeedOptions) {
    this.#options = options;
    this.#viewer = new Viewer(parley);
    this.#added = parley.onNpcAddedObservable.add((npc) => this.#follow(npc));
    this.#removed = parley.onNpcRemovedObservable.add((npc) => this.#leave(npc));
    for (const npc of parley.npcs) this.#follow(npc);
  }

  /** In the order in which they were said. Do not change the array. */
  get captions(): readonly Caption[] {
    return this.#captions;
  }

  /** One step, at `now`, seconds. Allocates only when something new is shown. */
  update(now: number): void {
    const captions = this.#captions;
    this.#viewer.look();
    let kept = 0;
    for (let index = 0; index < captions.length; index++) {
      const caption = captions[index]!;
      caption.update(now, this.#viewer, this.#options.leavesOut);
      if (!caption.course.over) captions[kept++] = caption;
    }
    captions.length = kept;
  }

  dispose(): void {
    for (const npc of [...this.#listeners.keys()]) this.#leave(npc);
    this.#removed.remove();
    this.#added.remove();
    this.#captions.length = 0;
  }

  #follow(npc: TalkingNpc): void {
    if (this.#listeners.has(npc)) return;
    if (npc.line) this.#take(npc, npc.line);
    this.#listeners.set(
      npc,
      npc.onLineObservable.add((line) => this.#take(npc, line)),
    );
  }

  #take(npc: TalkingNpc, line: Line): void {
    this.#captions.push(new Caption(npc, line, this.#lines++, this.#options.roomOf(npc)));
    this.#options.onLine?.(npc);
  }

  #leave(npc: TalkingNpc): void {
    this.#listeners.get(npc)?.remove();
    this.#listeners.delete(npc);
  }
}
