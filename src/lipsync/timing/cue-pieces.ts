import type { Cue } from '../../speech/cue.ts';
import { VISEMES } from '../../speech/viseme.ts';

/** What is shown: a shape, how strongly, and the letter that asks for it; -1 where none does. */
interface Shown {
  readonly viseme: number;
  readonly weight: number;
  readonly from: number;
}

/** Makes cues of shapes that are told frame by frame: one that goes on is told in pieces, so that nothing waits for its end. */
export class CuePieces {
  readonly #length: number;
  #open: (Shown & { readonly start: number }) | undefined;

  /** `seconds`: the length of a piece. */
  constructor(seconds: number) {
    this.#length = seconds - 1e-6;
  }

  /** From `time` on this is shown: appends what is over by that to `cues`. */
  show(cues: Cue[], { viseme, weight, from }: Shown, time: number): void {
    const open = this.#open;
    if (open && open.viseme === viseme && open.weight === weight && open.from === from) {
      if (time - open.start < this.#length) return;
    }
    this.close(cues, time);
    this.#open = { viseme, weight, from, start: time };
  }

  /** What is shown ends. */
  close(cues: Cue[], end: number): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open || end <= open.start) return;
    const { viseme, weight, from, start } = open;
    const cue = { viseme: VISEMES[viseme]!, start, end, weight };
    cues.push(from >= 0 ? { ...cue, from } : cue);
  }
}

/** Joins cues of one shape that follow each other, as they come from a line that is still arriving. */
export function joinCues(cues: readonly Cue[]): Cue[] {
  const joined: Cue[] = [];
  for (const cue of cues) {
    const last = joined.at(-1);
    if (
      last &&
      last.viseme === cue.viseme &&
      last.weight === cue.weight &&
      last.from === cue.from &&
      last.end === cue.start
    ) {
      joined[joined.length - 1] = { ...last, end: cue.end };
    } else joined.push(cue);
  }
  return joined;
}
