import { readScript } from './read-script.ts';
import { present } from './read-values.ts';
import type {
  AnimateBeat,
  Beat,
  CameraBeat,
  CastMember,
  Choice,
  Condition,
  EmoteBeat,
  Mark,
  MoveBeat,
  Point,
  RunBeat,
  SayBeat,
  Script,
  Shot,
  SoundBeat,
  Variable,
} from './script.ts';

/** Writes the beats of a row. */
export type WriteRow = (row: RowWriter) => unknown;

/** What a line may have. */
export interface SayManner extends Omit<SayBeat, 'say' | 'by' | 'marks'> {
  /** Beats that begin with a word of the line: by the word, or `dragon#2` for the second of them. */
  readonly on?: Readonly<Record<string, WriteRow>>;
}

/** A row of beats in code: each call is one beat, and gives the row. */
export class RowWriter {
  /** The row so far, in the form that is kept. */
  readonly beats: Beat[] = [];

  /** `by`: one, or several who say it together. */
  say(by: string | readonly string[], text: string, { on = {}, ...manner }: SayManner = {}): this {
    const marks = Object.entries(on).map(([word, write]): Mark => {
      const [, spelled = word, nth] = /^(.+)#(\d+)$/.exec(word) ?? [];
      return present<Mark>({ on: spelled, nth: nth ? Number(nth) : undefined, beats: rowOf(write) });
    });
    return this.#add({ say: text, by, ...manner, ...(marks.length > 0 && { marks }) });
  }

  /** Seconds. */
  wait(seconds: number): this {
    return this.#add({ wait: seconds });
  }

  waitForPlayer(): this {
    return this.#add({ wait: 'player' });
  }

  /** For the end of a line that has begun, by its id, or for a word of it. */
  waitFor(line: string, word?: string): this {
    return this.#add({ wait: present({ line, word }) });
  }

  camera(camera: string | Shot, manner: Omit<CameraBeat, 'camera'> = {}): this {
    return this.#add({ camera, ...manner });
  }

  move(name: string, manner: Omit<MoveBeat, 'move'>): this {
    return this.#add({ move: name, ...manner });
  }

  look(name: string, at: string | Point): this {
    return this.#add({ look: name, at });
  }

  emote(name: string, emotion: string, strength?: number): this {
    return this.#add(present<EmoteBeat>({ emote: name, emotion, strength }));
  }

  animate(name: string, manner: Omit<AnimateBeat, 'animate'> = {}): this {
    return this.#add({ animate: name, ...manner });
  }

  show(...names: string[]): this {
    return this.#add({ show: names });
  }

  hide(...names: string[]): this {
    return this.#add({ hide: names });
  }

  sound(name: string, manner: Omit<SoundBeat, 'sound'> = {}): this {
    return this.#add({ sound: name, ...manner });
  }

  run(name: string, onSkip?: RunBeat['onSkip']): this {
    return this.#add(present<RunBeat>({ run: name, onSkip }));
  }

  set(variables: Readonly<Record<string, Variable>>): this {
    return this.#add({ set: variables });
  }

  /** Rows that go on side by side. */
  parallel(...rows: WriteRow[]): this {
    return this.#add({ parallel: rows.map(rowOf) });
  }

  /** By the text of each choice: how it goes on. */
  choose(
    choices: Readonly<Record<string, WriteRow | { readonly if: Condition; readonly do: WriteRow }>>,
  ): this {
    const read = ([text, choice]: [string, (typeof choices)[string]]): Choice =>
      typeof choice === 'function'
        ? { text, beats: rowOf(choice) }
        : { text, if: choice.if, beats: rowOf(choice.do) };
    return this.#add({ choose: Object.entries(choices).map(read) });
  }

  /** One row or the other, by a variable. */
  when(condition: Condition, met: WriteRow, otherwise?: WriteRow): this {
    return this.#add({ if: condition, beats: rowOf(met), ...(otherwise && { else: rowOf(otherwise) }) });
  }

  /** To go to a label, or to `end`. */
  goto(label: string): this {
    return this.#add({ goto: label });
  }

  label(label: string): this {
    return this.#add({ label });
  }

  #add(beat: Beat): this {
    this.beats.push(beat);
    return this;
  }
}

/** A cutscene in code. */
export class SceneWriter extends RowWriter {
  readonly #name: string;
  readonly #cast: Record<string, CastMember> = {};
  readonly #shots: Record<string, Shot> = {};
  readonly #variables: Record<string, Variable> = {};

  constructor(name: string) {
    super();
    this.#name = name;
  }

  /** Who takes part, by the names that beats use. */
  cast(members: Readonly<Record<string, CastMember>>): this {
    Object.assign(this.#cast, members);
    return this;
  }

  /** What the camera sees, by the names that beats use. */
  shots(shots: Readonly<Record<string, Shot>>): this {
    Object.assign(this.#shots, shots);
    return this;
  }

  /** Variables, with their values at the start. */
  variables(variables: Readonly<Record<string, Variable>>): this {
    Object.assign(this.#variables, variables);
    return this;
  }

  /** The script, in the form that is kept. Throws `InputError` for what cannot be played. */
  toScript(): Script {
    const { beats } = this;
    const name = this.#name;
    const script = {
      version: 1,
      name,
      cast: this.#cast,
      shots: this.#shots,
      variables: this.#variables,
      beats,
    };
    return readScript(structuredClone(script), name);
  }
}

/** Begins a cutscene in code; the JSON form of it is `toScript()`. */
export function cutscene(name: string): SceneWriter {
  return new SceneWriter(name);
}

function rowOf(write: WriteRow): Beat[] {
  const row = new RowWriter();
  write(row);
  return row.beats;
}
