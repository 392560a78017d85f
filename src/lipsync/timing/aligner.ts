import { VISEME_INDEX } from '../../speech/viseme.ts';
import type { Evidence } from './evidence.ts';
import type { Script, Unit } from './script.ts';

/** How much what is heard counts against how long sounds usually last. */
const HEARD = 1;
/** Paths worse than the best by more than this are given up, natural logarithm. */
const BEAM = 60;
const NONE = Number.NEGATIVE_INFINITY;
/** A contact of lips or teeth that was decided too late to be shown where it was is still shown, so long, frames. */
const CONTACT = 3;
const CONTACTS: ReadonlySet<number> = new Set([VISEME_INDEX.PP, VISEME_INDEX.FF]);
/** What it costs, each frame, to be in a word outside the time that a service told for it. */
const OUTSIDE = 1.5;
/**
 * What it costs, each frame of speech, to hear something else than the text: between what a right text lacks against what
 * fits best, and what a wrong one lacks. These four are tuned on right, wrong, torn and swapped texts.
 */
const OTHER = 1.6;
/** What it costs to pass over a word that is not heard, while something else is. */
const PASSING = -2;
/** What it costs to come back to the text. */
const BACK = -4;

/** Paths through something else than the text are given up so much sooner. */
const OTHER_BEAM = 30;
/** Units at the end of a whole script that follow its last sound. */
const TAIL = 3;
/** How many states lie at most between one from which a path may go on and the one that it may go to. */
const REACH = 16;

/** A unit of a path, and the frame at which it begins. */
export interface Step {
  readonly unit: number;
  readonly frame: number;
}

/** When a unit began on the way to a state: a link of a path. */
interface Link extends Step {
  readonly before: Link | undefined;
}

/** Time within which a word may be heard, frames. */
export interface Anchor {
  readonly first: number;
  readonly last: number;
}

/**
 * Finds when the sounds of a script are heard: the most likely path through them (Viterbi 1967), frame by frame, decided
 * `lag` frames later and never taken back.
 */
export class Aligner {
  readonly #script: Script;
  readonly #lag: number;
  #score = new Float64Array(0);
  #next = new Float64Array(0);
  #links: (Link | undefined)[] = [];
  #nextLinks: (Link | undefined)[] = [];
  #frame = 0;
  #low = 0;
  #high = 0;
  #best = 0;
  /** Unit of each frame that is decided. */
  readonly decisions: number[] = [];
  /** Where the best path of the whole line ends. */
  #last: Link | undefined;
  /** Units of frames to come: contacts that are still to be shown. */
  readonly #owed: number[] = [];
  /** Contacts that were decided or are owed. */
  readonly #shown = new Set<number>();
  readonly #anchors: ReadonlyMap<number, Anchor>;
  /** What {@link #enter} gives, written anew by each call. */
  readonly #entry = { score: 0, from: 0 };

  /** `anchors`: by word, where a service told the times of words. */
  constructor(script: Script, lag: number, anchors: ReadonlyMap<number, Anchor> = new Map()) {
    this.#script = script;
    this.#lag = lag;
    this.#anchors = anchors;
  }

  /** Takes what the next frame says, and decides the frame `lag` before it. */
  push(evidence: Evidence): void {
    this.#reserve();
    if (this.#frame === 0) this.#begin(evidence);
    else this.#step(evidence);
    this.#frame++;
    if (this.#frame > this.#lag) this.#decide(this.#links[this.#best], this.#frame - this.#lag);
  }

  /** The line is whole: decides the frames that are left, by the best path to the end of the script, if one is near. */
  end(): void {
    const { units } = this.#script;
    let end = -1;
    for (let u = Math.max(units.length - 1 - TAIL, 0); u < units.length; u++) {
      const state = units[u]!.state + units[u]!.states - 1;
      // What lies below the beam is left from earlier frames.
      if (state < this.#low || state > this.#high) continue;
      if (this.#score[state]! > (end < 0 ? this.#score[this.#best]! - BEAM : this.#score[end]!)) end = state;
    }
    const best = end < 0 ? this.#best : end;
    this.#last = this.#links[best];
    this.#decide(this.#last, this.#frame);
  }

  /** The most likely path through the whole line; empty before its end. Not bound by what was decided on the way. */
  get path(): Step[] {
    const path: Step[] = [];
    for (let link = this.#last; link; link = link.before) path.push(link);
    return path.reverse();
  }

  /** The path that was decided on the way. */
  get decided(): Step[] {
    const { decisions } = this;
    return decisions.flatMap((unit, frame) => (unit === decisions[frame - 1] ? [] : { unit, frame }));
  }

  #reserve(): void {
    const count = this.#script.states;
    if (this.#score.length >= count) return;
    const grow = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(2 * count).fill(NONE);
      grown.set(old);
      return grown;
    };
    this.#score = grow(this.#score);
    this.#next = grow(this.#next);
  }

  #begin(evidence: Evidence): void {
    const { units } = this.#script;
    // The first pause may be left out.
    for (const u of [0, 1, 2]) {
      const unit = units[u];
      if (!unit) continue;
      this.#score[unit.state] = this.#emission(evidence, unit, 0);
      this.#links[unit.state] = { unit: u, frame: 0, before: undefined };
      this.#high = unit.state;
      if (unit.other) this.#score[unit.state] = this.#score[unit.state]! + (unit.optional ?? 0);
      if (this.#score[unit.state]! > this.#score[this.#best]!) this.#best = unit.state;
    }
  }

  #step(evidence: Evidence): void {
    const { units, unitOf, states, others } = this.#script;
    const [score, next, links, nextLinks] = [this.#score, this.#next, this.#links, this.#nextLinks];
    const limit = score[this.#best]! - BEAM;
    let low = this.#low;
    while (low < this.#high && score[low]! < limit) low++;
    // A unit may be entered from the one before and, past a pause, from the one before that.
    let other = lastBefore(others, low);
    const top = Math.min(
      Math.max(this.#high + REACH, others[lastBefore(others, this.#high + 1) + 1] ?? 0),
      states - 1,
    );
    for (let s = low; s <= Math.min(top + REACH, next.length - 1); s++) next[s] = NONE;
    let best = low;
    let high = low;
    for (let s = low; s <= top; s++) {
      const u = unitOf[s]!;
      const unit = units[u]!;
      let most = NONE;
      let link: Link | undefined;
      const last = s === unit.state + unit.states - 1;
      if (last && score[s]! > NONE) {
        most = score[s]! + unit.stay;
        link = links[s];
      }
      if (last && unit.other) {
        const from = others[other++] ?? -1;
        if (from >= low && score[from]! + PASSING > most) {
          most = score[from]! + PASSING;
          link = { unit: u, frame: this.#frame, before: links[from] };
        }
      }
      if (s > unit.state) {
        if (s - 1 >= low && score[s - 1]! > most) {
          most = score[s - 1]!;
          link = links[s - 1];
        }
      } else {
        const entered = this.#enter(u, low);
        if (entered && entered.score > most) {
          most = entered.score;
          link = { unit: u, frame: this.#frame, before: links[entered.from] };
        }
      }
      if (most < (unit.other ? limit + OTHER_BEAM : limit - BEAM)) continue;
      next[s] = most + this.#emission(evidence, unit, this.#frame);
      nextLinks[s] = link;
      if (next[s]! > next[best]! || next[best] === NONE) best = s;
      high = s;
    }
    for (let s = this.#low; s < low; s++) score[s] = NONE;
    this.#low = low;
    this.#high = high;
    this.#best = best;
    this.#score = next;
    this.#next = score;
    this.#links = nextLinks;
    this.#nextLinks = links;
  }

  /** The best way into a unit. */
  #enter(u: number, low: number): { score: number; from: number } | undefined {
    const { units } = this.#script;
    const entry = this.#entry;
    entry.score = NONE;
    const cost = units[u]!.optional ?? 0;
    for (let back = 1; back <= 3 && u - back >= 0; back++) {
      const before = units[u - back]!;
      const state = before.state + before.states - 1;
      if (state < low) break;
      const score = this.#score[state]! + before.leave + cost + (before.other ? BACK : 0);
      if (score > entry.score) {
        entry.score = score;
        entry.from = state;
      }
      if (before.optional === undefined) break;
    }
    return entry.score > NONE ? entry : undefined;
  }

  #emission(evidence: Evidence, unit: Unit, frame: number): number {
    if (unit.other) return HEARD * evidence.best - OTHER * (1 - evidence.visemes[VISEME_INDEX.sil]!);
    const heard = HEARD * evidence.sounds[unit.sound]!;
    const anchor = unit.word >= 0 ? this.#anchors.get(unit.word) : undefined;
    return anchor && (frame < anchor.first || frame > anchor.last) ? heard - OUTSIDE : heard;
  }

  /** Decides all frames before `until`, by the path that ends in `link`. What is decided is not taken back. */
  #decide(link: Link | undefined, until: number): void {
    const path: Link[] = [];
    const frontier = this.decisions.length;
    let one = link;
    for (; one && one.frame > frontier; one = one.before) path.push(one);
    // `one` is what the path has at the frontier itself.
    if (one) path.push(one);
    const first = path.at(-1);
    const last = this.decisions.at(-1) ?? -1;
    if (first && first.unit > last + 1) this.#owe(last, first.unit);
    while (this.#owed.length > 0 && this.decisions.length < until) this.decisions.push(this.#owed.shift()!);
    for (const [index, { unit }] of path.reverse().entries()) {
      this.#fill(Math.min(path[index + 1]?.frame ?? until, until), unit);
    }
  }

  /** Shows the contacts between two units that were passed without being seen, a little late. */
  #owe(from: number, to: number): void {
    for (let u = from + 1; u < to; u++) {
      const unit = this.#script.units[u]!;
      if (!CONTACTS.has(unit.viseme) || unit.word < 0 || this.#shown.has(u)) continue;
      this.#shown.add(u);
      for (let frame = 0; frame < CONTACT; frame++) this.#owed.push(u);
    }
  }

  #fill(until: number, unit: number): void {
    if (this.decisions.length < until && CONTACTS.has(this.#script.units[unit]!.viseme))
      this.#shown.add(unit);
    while (this.decisions.length < until) this.decisions.push(unit);
  }
}

/** Index of the last number below `limit` in a rising row; -1 where there is none. */
function lastBefore(row: readonly number[], limit: number): number {
  let [low, high] = [0, row.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
