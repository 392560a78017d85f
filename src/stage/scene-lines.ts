import type { SpokenBeat, Timeline } from '../cutscene/timeline.ts';
import type { Line } from '../npc/line.ts';
import type { TalkingNpc } from '../npc/talking-npc.ts';
import type { LineTracks } from './line-tracks.ts';

/** Speeds at which lines are heard; a scene that is faster or slower than that is silent meanwhile. */
const SLOWEST = 0.5;
const FASTEST = 2;

/** Fade of a line that the playhead has left, milliseconds. */
const FADE_MS = 30;

/** A line closer to its end than this is over, seconds: it is not begun again for a last sample. */
const OVER = 0.02;

/** A line of the scene while it is spoken. */
interface Spoken {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly line: Line;
}

/** What the scene's time is by the lines that are heard. */
export type Lead =
  /** No line is heard: time passes as it does. */
  | 'free'
  /** A line is on its way to the ear: the scene waits for it. */
  | 'waits'
  /** Seconds of the scene, by what is heard. */
  | number;

/** Has the lines of a scene spoken where the playhead is. */
export class SceneLines {
  readonly #tracks: LineTracks;
  readonly #npcOf: (name: string) => TalkingNpc;
  readonly #onLine: (npc: TalkingNpc, line: Line) => void;
  readonly #spoken: Spoken[] = [];
  /** Those that were heard to their end, by key, until the playhead goes elsewhere. */
  readonly #over = new Set<string>();
  #rate = 1;
  #paused = false;

  constructor(
    tracks: LineTracks,
    npcOf: (name: string) => TalkingNpc,
    onLine: (npc: TalkingNpc, line: Line) => void,
  ) {
    this.#tracks = tracks;
    this.#npcOf = npcOf;
    this.#onLine = onLine;
  }

  /** The time of the scene by what is heard. */
  lead(timeline: Timeline, seconds: number): Lead {
    for (let index = 0; index < this.#spoken.length; index++) {
      const { start, line } = this.#spoken[index]!;
      if (line.ended) continue;
      return line.state === 'speaking' && line.playhead > 0 ? start + line.playhead : 'waits';
    }
    return this.#audible && this.#isDue(timeline, seconds) ? 'waits' : 'free';
  }

  /** Begins the lines at the playhead, and stops those that it has left. */
  update(timeline: Timeline, seconds: number, playing: boolean): void {
    for (let index = this.#spoken.length - 1; index >= 0; index--) {
      const { key, start, end, line } = this.#spoken[index]!;
      if (line.ended) this.#over.add(key);
      else if (this.#audible && seconds >= start && seconds <= end) continue;
      else void line.stop({ fadeMs: FADE_MS });
      this.#spoken.splice(index, 1);
    }
    if (playing && this.#audible) this.#begin(timeline, seconds);
    if (playing === this.#paused) {
      this.#paused = !playing;
      for (const { line } of this.#spoken) this.#paused ? line.pause() : line.resume();
    }
  }

  /** The playhead is elsewhere, at once: lines go there with it, or stop. */
  jump(timeline: Timeline, seconds: number): void {
    this.#over.clear();
    for (const { key, line } of this.#spoken) {
      const there = timeline.lines.find((each) => each.key === key);
      if (there && seconds >= there.start && seconds < there.end - OVER) line.seek(seconds - there.start);
      else void line.stop({ fadeMs: FADE_MS });
    }
  }

  set rate(rate: number) {
    this.#rate = rate;
    if (this.#audible) for (const { line } of this.#spoken) line.rate = rate;
  }

  /** Stops all of them. */
  stop(): void {
    for (const { line } of this.#spoken.splice(0)) void line.stop({ fadeMs: FADE_MS });
  }

  get #audible(): boolean {
    return this.#rate >= SLOWEST && this.#rate <= FASTEST;
  }

  #isDue({ lines }: Timeline, seconds: number): boolean {
    for (let index = 0; index < lines.length; index++) if (this.#isAt(lines[index]!, seconds)) return true;
    return false;
  }

  #isAt({ key, start, end }: SpokenBeat, seconds: number): boolean {
    return seconds >= start && seconds < end - OVER && !this.#over.has(key);
  }

  #isSpoken(key: string): boolean {
    for (let index = 0; index < this.#spoken.length; index++)
      if (this.#spoken[index]!.key === key) return true;
    return false;
  }

  #begin({ lines }: Timeline, seconds: number): void {
    for (let index = 0; index < lines.length; index++) {
      const spoken = lines[index]!;
      if (!this.#isAt(spoken, seconds) || this.#isSpoken(spoken.key)) continue;
      const { id, key, start, end, beat } = spoken;
      const speakers = [beat.by].flat();
      const tracks = speakers.map((who) => this.#tracks.trackOf(id, who));
      if (!tracks.every((track) => track !== undefined)) continue;
      const npcs = speakers.map(this.#npcOf);
      // Several begin together: none while one of them still speaks.
      if (npcs.some((npc) => npc.speaking)) continue;
      for (const [nth, npc] of npcs.entries()) {
        const emotion = beat.emotion && { emotion: beat.emotion };
        const line = npc.say(tracks[nth]!, { rate: this.#rate, ...emotion });
        if (seconds - start > OVER) line.seek(seconds - start);
        this.#spoken.push({ key, start, end, line });
        this.#onLine(npc, line);
      }
    }
  }
}
