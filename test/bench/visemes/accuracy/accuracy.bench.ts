/**
 * How near each way of timing comes to the truth: the phones that synthesizers say they spoke, and human speech labelled by
 * the CMU aligner. Voices and languages that were never heard in training are marked.
 * Run: npm run bench:visemes, or npx tsx test/bench/visemes/accuracy/accuracy.bench.ts [lines of each set] [--docs]
 */
import { join } from 'node:path';
import type { Cue } from '../../../../src/speech/cue.ts';
import { type SpeechSet, speechSets } from '../corpus/sets.ts';
import type { SpokenLine } from '../corpus/utterance.ts';
import { controls } from './controls.ts';
import { loudnessJaw, pocketsphinx, textAlone } from './others.ts';
import { Peers } from './peers/peers.ts';
import { type Accuracy, Judge } from './score.ts';
import { cellsOf, HEAD, line, markdown, type Row, writeInto } from './table.ts';
import { AUDIO_ALONE, missed, type Targets, TEXT_AND_AUDIO } from './targets.ts';
import { audioAlone, textAndAudio, type Way } from './ways.ts';

const MARK = { nothing: '', voices: '* ', language: '** ' };
const DOCS = join(import.meta.dirname, '../../../../docs/timing.md');
const args = process.argv.slice(2);
const sets = await speechSets(Number(args.find((arg) => /^\d+$/.test(arg)) ?? 10));
const seconds = sets.flatMap(({ lines }) => lines).reduce((sum, { duration }) => sum + duration, 0);
const nameOf = (set: SpeechSet): string => `${MARK[set.strange]}${set.name}`;
console.log(
  `${sets.length} kinds of speech, ${seconds.toFixed(0)} s; * voices, ** a language that training never heard`,
);
console.log(
  'speed: seconds of speech for each second of one core; live: its own code goes as fast as the sound',
);
console.log(line(HEAD));

/** What each way said of a line, and the seconds of a core that it took. */
const told = new Map<Way, Map<SpokenLine, { cues: readonly Cue[]; cost: number }>>();
const rows: Row[] = [];
const wrong: string[] = [];
const peers = await Peers.open();
try {
  const judged: [Way, ((set: SpeechSet) => Targets | undefined)?][] = [
    [textAndAudio(0.12), ({ lang }) => (lang.startsWith('en') ? TEXT_AND_AUDIO : undefined)],
    [textAndAudio(0.3)],
    [audioAlone(0.12), () => AUDIO_ALONE],
    [textAlone],
    [loudnessJaw],
    ...peers.ways.map((way): [Way] => [way]),
    [pocketsphinx],
  ];
  for (const [way, targetsOf] of judged) await judge(way, targetsOf);
} finally {
  await peers.close();
}
for (const control of controls(sets)) {
  console.log(control.name);
  for (const set of sets) {
    const { found } = await row(control, set);
    const why = control.misjudged(found);
    if (why) wrong.push(`${control.name}, ${set.name}: ${why}`);
  }
}
const table = markdown(rows, sets.map(nameOf));
console.log(`\n${table}\n`);
if (args.includes('--docs')) writeInto(DOCS, table);
for (const { way, set, must } of rows)
  if (must?.length) console.log(`short of a must: ${way}, ${set}: ${must.join(' ')}`);
for (const text of wrong) console.log(`MISSED: ${text}`);
console.log(
  wrong.length === 0
    ? 'Musts are reached over all speech and over all English; all controls are judged rightly.'
    : '',
);
process.exit(wrong.length === 0 ? 0 : 1);

async function judge(way: Way, targetsOf?: (set: SpeechSet) => Targets | undefined): Promise<void> {
  console.log(way.name);
  const suited = sets.filter((set) => way.suits(set));
  for (const set of suited) rows.push(await row(way, set, targetsOf?.(set)));
  const together = (name: string, some: readonly SpeechSet[]): SpeechSet => ({
    name,
    strange: 'nothing',
    lang: some.every(({ lang }) => lang.startsWith('en')) ? 'en' : '',
    lines: some.flatMap(({ lines }) => lines),
  });
  const english = together(
    'en',
    suited.filter(({ lang }) => lang.startsWith('en')),
  );
  const all = together('all', suited);
  for (const set of [english, all]) {
    const found = await row(way, set, targetsOf?.(set));
    rows.push(found);
    if (found.must?.length) wrong.push(`${way.name}, ${set.name}: ${found.must.join(' ')}`);
  }
}

async function row(way: Way, set: SpeechSet, targets?: Targets): Promise<Row> {
  const judge = new Judge();
  let length = 0;
  let spent = 0;
  if (!told.has(way)) told.set(way, new Map());
  const known = told.get(way)!;
  for (const spoken of set.lines) {
    const before = process.cpuUsage();
    const cues = known.get(spoken)?.cues ?? (await way.cues(spoken));
    const { user, system } = process.cpuUsage(before);
    const cost = known.get(spoken)?.cost ?? (user + system) / 1e6;
    known.set(spoken, { cues, cost });
    judge.add(spoken, cues);
    length += spoken.duration;
    spent += cost;
  }
  const found: Accuracy = judge.accuracy();
  const people = set.name.includes('human');
  const made: Row = {
    way: way.name,
    set: set.name === 'all' || set.name === 'en' ? set.name : nameOf(set),
    found,
    speed: way.live ? undefined : length / spent,
    must: targets && missed(found, targets.must, people),
    aim: targets && missed(found, targets.aim, people),
  };
  console.log(line([`  ${made.set}`, ...cellsOf(made)]));
  return made;
}
