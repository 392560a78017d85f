import { InputError } from '../speech/errors.ts';
import { BeatChanges } from './beat-changes.ts';
import { holds } from './conditions.ts';
import type { Given } from './given.ts';
import { estimateTimes, type LineTimes, startOfWord } from './line-times.ts';
import {
  type Beat,
  type ChooseBeat,
  END,
  type Mark,
  type SayBeat,
  type Script,
  type WaitBeat,
} from './script.ts';
import { type Flow, Threads } from './threads.ts';
import { type BeatStart, type Effect, type Hold, type Offer, type SpokenBeat, Timeline } from './timeline.ts';

/** Most beats of one telling: a scene that goes round without the player would have no end. */
const MOST_BEATS = 10_000;

/**
 * Lays a script out in time, as far as the player has decided. The same script and the same given are always the same time
 * line. Throws {@link InputError} for a scene that goes round for ever, and for what it names and is not there.
 */
export function layOut(script: Script, given: Given = {}): Timeline {
  return new Layout(script, given).run();
}

/** One telling of a script. */
class Layout {
  readonly #script: Script;
  readonly #given: Given;
  readonly #threads = new Threads();
  readonly #changes: BeatChanges;
  readonly #lines: SpokenBeat[] = [];
  readonly #effects: Effect[] = [];
  readonly #starts: BeatStart[] = [];
  readonly #visits = new Map<string, number>();
  #hold: Hold | undefined;
  #beats = 0;

  constructor(script: Script, given: Given) {
    this.#script = script;
    this.#given = given;
    this.#changes = new BeatChanges(script, given);
  }

  run(): Timeline {
    for (const [name, value] of Object.entries(this.#script.variables)) this.#changes.set(name, value, 0);
    const main = this.#threads.begin(0, this.#main());
    this.#threads.run();
    const ends = [main.outcome?.at ?? 0, ...this.#lines.map(({ end }) => end), this.#changes.end];
    return new Timeline({
      lines: this.#lines,
      effects: this.#effects,
      changes: this.#changes.all,
      beats: this.#starts,
      end: this.#hold?.at ?? Math.max(...ends),
      hold: this.#hold,
      initial: (channel) => this.#given.initial?.(channel),
    });
  }

  /** The list of the script itself, in which labels stand. */
  *#main(): Flow {
    const { beats } = this.#script;
    let at = 0;
    for (let index = 0; index < beats.length; index++) {
      const outcome = yield* this.#beat(beats[index]!, `beats[${index}]`, at);
      at = outcome.at;
      if (outcome.goto === END) break;
      if (outcome.goto === undefined) continue;
      const label = outcome.goto;
      index = beats.findIndex((beat) => 'label' in beat && beat.label === label);
    }
    return { at };
  }

  *#row(beats: readonly Beat[], path: string, begin: number): Flow {
    let at = begin;
    for (const [index, beat] of beats.entries()) {
      const outcome = yield* this.#beat(beat, `${path}[${index}]`, at);
      if (outcome.goto !== undefined) return outcome;
      at = outcome.at;
    }
    return { at };
  }

  /** Goes through one beat that begins at `at`. */
  *#beat(beat: Beat, path: string, at: number): Flow {
    yield { until: at };
    if (++this.#beats > MOST_BEATS)
      throw new InputError(
        `${this.#script.name}, ${path}`,
        `a scene of at most ${MOST_BEATS} beats`,
        'one that goes round without end; let the player choose, or wait, on the way',
      );
    if ('label' in beat) return { at };
    this.#starts.push({ key: this.#visit(`${path} `), at });
    if ('say' in beat) return { at: this.#say(beat, path, at) };
    if ('wait' in beat) return yield* this.#wait(beat, path, at);
    if ('choose' in beat) return yield* this.#choose(beat, path, at);
    if ('parallel' in beat) {
      const rows = beat.parallel.map((row, index) =>
        this.#threads.begin(at, this.#row(row, `${path}.parallel[${index}]`, at)),
      );
      if (beat.meanwhile) return { at };
      yield { join: rows };
      return { at: Math.max(at, ...rows.map(({ outcome }) => outcome!.at)) };
    }
    if ('if' in beat) {
      const met = holds(beat.if, this.#changes.variables);
      return yield* this.#row(met ? beat.beats : (beat.else ?? []), `${path}.${met ? 'beats' : 'else'}`, at);
    }
    if ('goto' in beat) return { at, goto: beat.goto };
    if ('run' in beat) {
      this.#effects.push({ key: this.#visit(path), beat, at });
      return { at };
    }
    const seconds = this.#changes.add(beat, path, at);
    return { at: 'meanwhile' in beat && beat.meanwhile ? at : at + seconds };
  }

  #say(beat: SayBeat, path: string, at: number): number {
    const id = beat.id ?? path;
    const times = this.#given.timesOf?.(id, beat) ?? estimateTimes(beat.say);
    const end = at + times.duration;
    this.#lines.push({ key: this.#visit(id), id, beat, start: at, end, times });
    for (const [index, mark] of (beat.marks ?? []).entries()) {
      const begin = at + markTime(mark, beat.say, times);
      this.#threads.begin(begin, this.#row(mark.beats, `${path}.marks[${index}].beats`, begin));
    }
    return beat.meanwhile ? at : end;
  }

  *#wait({ wait }: WaitBeat, path: string, at: number): Flow {
    if (typeof wait === 'number') return { at: at + wait };
    if (wait === 'player') {
      yield* this.#holdFor(path, at, undefined);
      return { at };
    }
    const line = this.#lines.findLast(({ id }) => id === wait.line);
    if (!line) {
      const place = `${this.#script.name}, ${path}.wait.line`;
      throw new InputError(place, 'a line that begins before this beat', JSON.stringify(wait.line));
    }
    const { start, times } = line;
    const moment = wait.word === undefined ? times.duration : startOfWord(times, wait.word);
    return { at: Math.max(at, start + (moment ?? times.duration)) };
  }

  *#choose({ choose }: ChooseBeat, path: string, at: number): Flow {
    const offers = choose.flatMap(({ text, if: only }, index): Offer[] =>
      !only || holds(only, this.#changes.variables) ? [{ index, text }] : [],
    );
    if (offers.length === 0) return { at };
    const index = yield* this.#holdFor(path, at, offers);
    return yield* this.#row(choose[index]!.beats, `${path}.choose[${index}].beats`, at);
  }

  /** Goes on with what was decided. */
  *#holdFor(
    path: string,
    at: number,
    offers: readonly Offer[] | undefined,
  ): Generator<{ hold: true }, number> {
    const key = this.#visit(path);
    const decided = this.#given.decisions?.get(key);
    if (decided !== undefined && (offers?.some(({ index }) => index === decided) ?? true)) return decided;
    this.#hold ??= { key, at, offers };
    yield { hold: true };
    throw new Error('A row that waits for the player is not gone on with.');
  }

  /** `path#2` the second time that the scene comes there. */
  #visit(path: string): string {
    const count = (this.#visits.get(path) ?? 0) + 1;
    this.#visits.set(path, count);
    return `${path}#${count}`;
  }
}

/** When a mark of a line comes, seconds in line time; where the service told no such word, by its place in the text. */
function markTime({ on, nth = 1 }: Mark, text: string, times: LineTimes): number {
  const told = startOfWord(times, on, nth);
  if (told !== undefined) return told;
  const guess = estimateTimes(text);
  return ((startOfWord(guess, on, nth) ?? 0) / guess.duration) * times.duration;
}
