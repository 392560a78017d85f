import type { Field } from '../speech/field.ts';
import { sameWord, wordsOf } from './line-times.ts';
import {
  conditionOf,
  demandFields,
  namesOf,
  optional,
  pointOf,
  present,
  recordOf,
  shotOf,
  textOf,
  truthOf,
  variableOf,
} from './read-values.ts';
import {
  type Beat,
  type CameraBeat,
  type Choice,
  type ChooseBeat,
  EASES,
  END,
  type LineMoment,
  type Mark,
  type MoveBeat,
  type SayBeat,
} from './script.ts';

/** Where a row of beats stands. */
export interface RowPlace {
  /** Labels of the script's own list. */
  readonly labels: ReadonlySet<string>;
  /** Whether it is that list. */
  readonly top: boolean;
  /** Why nobody can go away from here; undefined where one can. */
  readonly stays?: string | undefined;
  /** Ids of lines so far. */
  readonly ids: Set<string>;
}

/** Longest that a beat takes, seconds: an hour. */
const LONGEST = 3_600;

type ReadBeat = (beat: Field, place: RowPlace) => Beat;

const over = (beat: Field) => ({
  over: optional(beat.get('over'), (field) => field.number(0, LONGEST)),
  ease: optional(beat.get('ease'), (field) => field.oneOf(EASES)),
  meanwhile: optional(beat.get('meanwhile'), truthOf),
});

/** By its verb: the fields of a beat besides, and how it is read. */
const BEATS: Readonly<Record<string, readonly [fields: readonly string[], read: ReadBeat]>> = {
  say: [['by', 'id', 'emotion', 'marks', 'meanwhile'], readSay],
  wait: [[], (beat) => ({ wait: readWait(beat.get('wait')) })],
  camera: [
    ['over', 'ease', 'meanwhile'],
    (beat) => {
      const camera = beat.get('camera');
      const seen = typeof camera.value === 'string' ? textOf(camera) : shotOf(camera);
      return present<CameraBeat>({ camera: seen, ...over(beat) });
    },
  ],
  move: [['to', 'turn', 'over', 'ease', 'meanwhile'], readMove],
  look: [
    ['at'],
    (beat) => {
      const at = beat.get('at');
      return { look: textOf(beat.get('look')), at: typeof at.value === 'string' ? textOf(at) : pointOf(at) };
    },
  ],
  emote: [
    ['emotion', 'strength'],
    (beat) =>
      present({
        emote: textOf(beat.get('emote')),
        emotion: textOf(beat.get('emotion')),
        strength: optional(beat.get('strength'), (field) => field.number(0, 1)),
      }),
  ],
  animate: [
    ['speed', 'loop', 'meanwhile'],
    (beat) =>
      present({
        animate: textOf(beat.get('animate')),
        speed: optional(beat.get('speed'), (field) => field.number(-100, 100)),
        loop: optional(beat.get('loop'), truthOf),
        meanwhile: optional(beat.get('meanwhile'), truthOf),
      }),
  ],
  show: [[], (beat) => ({ show: namesOf(beat.get('show')) })],
  hide: [[], (beat) => ({ hide: namesOf(beat.get('hide')) })],
  sound: [
    ['volume', 'loop'],
    (beat) =>
      present({
        sound: textOf(beat.get('sound')),
        volume: optional(beat.get('volume'), (field) => field.number(0, 1)),
        loop: optional(beat.get('loop'), truthOf),
      }),
  ],
  run: [
    ['onSkip'],
    (beat) =>
      present({
        run: textOf(beat.get('run')),
        onSkip: optional(beat.get('onSkip'), (field) => field.oneOf(['do', 'none'] as const)),
      }),
  ],
  set: [[], (beat) => ({ set: recordOf(beat.get('set'), variableOf) })],
  parallel: [
    ['meanwhile'],
    (beat, place) => {
      const inside = { ...place, top: false, stays: 'within parallel, whose rows end together' };
      const rows = beat.get('parallel').items();
      if (rows.length === 0) throw beat.get('parallel').wrong('one row of beats or more', 'none');
      return present({
        parallel: rows.map((row) => readBeats(row, inside)),
        meanwhile: optional(beat.get('meanwhile'), truthOf),
      });
    },
  ],
  choose: [[], readChoose],
  if: [
    ['beats', 'else'],
    (beat, place) => {
      const inside = { ...place, top: false };
      return present({
        if: conditionOf(beat.get('if')),
        beats: readBeats(beat.get('beats'), inside),
        else: optional(beat.get('else'), (field) => readBeats(field, inside)),
      });
    },
  ],
  label: [[], readLabel],
  goto: [[], readGoto],
};

const VERBS = Object.keys(BEATS);

/** Reads a row of beats. */
export function readBeats(row: Field, place: RowPlace): Beat[] {
  return row.items().map((beat) => {
    if (typeof beat.value !== 'object' || beat.value === null) throw beat.wrong('a beat');
    const verbs = VERBS.filter((verb) => Object.hasOwn(beat.value as object, verb));
    const [verb] = verbs;
    if (!verb || verbs.length > 1) {
      const got = verbs.length > 1 ? `${verbs.join(' and ')} in one` : shownFields(beat.value);
      throw beat.wrong(`one of ${VERBS.join(', ')}`, got);
    }
    const [fields, read] = BEATS[verb]!;
    demandFields(beat, [verb, ...fields]);
    return read(beat, place);
  });
}

/** The labels of a script's own list. Throws for two of one name. */
export function labelsOf(beats: Field): Set<string> {
  const labels = new Set<string>();
  for (const beat of beats.items()) {
    if (typeof beat.value !== 'object' || beat.value === null || !Object.hasOwn(beat.value, 'label'))
      continue;
    const label = textOf(beat.get('label'));
    if (labels.has(label) || label === END)
      throw beat.get('label').wrong(`a label of its own, other than "${END}"`);
    labels.add(label);
  }
  return labels;
}

function shownFields(value: object): string {
  return Object.keys(value).join(', ') || 'nothing';
}

function readSay(beat: Field, place: RowPlace): SayBeat {
  const say = textOf(beat.get('say'));
  const id = optional(beat.get('id'), textOf);
  if (id !== undefined && place.ids.has(id)) throw beat.get('id').wrong('an id of its own', `"${id}" again`);
  if (id !== undefined) place.ids.add(id);
  return present<SayBeat>({
    say,
    by: namesOf(beat.get('by')),
    id,
    emotion: optional(beat.get('emotion'), textOf),
    marks: optional(beat.get('marks'), (marks) => marks.items().map((mark) => readMark(mark, say, place))),
    meanwhile: optional(beat.get('meanwhile'), truthOf),
  });
}

function readMark(mark: Field, text: string, place: RowPlace): Mark {
  demandFields(mark, ['on', 'nth', 'beats']);
  const on = textOf(mark.get('on'));
  const nth = optional(mark.get('nth'), (field) => field.whole(1));
  const there = wordsOf(text).filter(([word]) => sameWord(word, on)).length;
  if (there < (nth ?? 1)) {
    const field = mark.get(there === 0 ? 'on' : 'nth');
    throw field.wrong(there === 0 ? `a word of ${JSON.stringify(text)}` : `at most ${there}`);
  }
  const inside = { ...place, top: false, stays: 'within a mark, which goes on beside its line' };
  return present<Mark>({ on, nth, beats: readBeats(mark.get('beats'), inside) });
}

function readWait(wait: Field): number | 'player' | LineMoment {
  if (typeof wait.value === 'number') return wait.number(0, LONGEST);
  if (typeof wait.value === 'string') return wait.oneOf(['player'] as const);
  demandFields(wait, ['line', 'word']);
  return present<LineMoment>({ line: textOf(wait.get('line')), word: optional(wait.get('word'), textOf) });
}

function readMove(beat: Field): MoveBeat {
  const to = optional(beat.get('to'), pointOf);
  const turn = optional(beat.get('turn'), (field) => field.number());
  if (!to && turn === undefined) throw beat.wrong('a place in "to", an angle in "turn", or both', 'neither');
  return present<MoveBeat>({ move: textOf(beat.get('move')), to, turn, ...over(beat) });
}

function readChoose(beat: Field, place: RowPlace): ChooseBeat {
  const choices = beat.get('choose').items();
  if (choices.length === 0) throw beat.get('choose').wrong('one choice or more', 'none');
  return {
    choose: choices.map((choice) => {
      demandFields(choice, ['text', 'if', 'beats']);
      return present<Choice>({
        text: textOf(choice.get('text')),
        if: optional(choice.get('if'), conditionOf),
        beats: readBeats(choice.get('beats'), { ...place, top: false }),
      });
    }),
  };
}

function readLabel(beat: Field, { top }: RowPlace): Beat {
  if (!top) throw beat.wrong("labels in the script's own list alone", 'one in another row');
  return { label: textOf(beat.get('label')) };
}

function readGoto(beat: Field, { labels, stays }: RowPlace): Beat {
  const goal = beat.get('goto');
  if (stays) throw beat.wrong('no goto here', `one ${stays}`);
  const label = textOf(goal);
  if (label !== END && !labels.has(label)) {
    throw goal.wrong(`a label of the script (${[...labels, END].join(', ')})`);
  }
  return { goto: label };
}
