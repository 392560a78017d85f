/**
 * How near each way of timing comes to the truth: the phones that synthesizers say they spoke, and human speech labelled by
 * the CMU aligner. Voices and languages that were never heard in training are marked.
 * Run: npm run bench:visemes, or npx tsx test/bench/visemes/accuracy/accuracy.bench.ts [lines of each set]
 */
import type { Cue } from '../../../../src/speech/cue.ts';
import type { SpeechSet } from '../corpus/sets.ts';
import { speechSets } from '../corpus/sets.ts';
import type { SpokenLine } from '../corpus/utterance.ts';
import { controls } from './controls.ts';
import { loudnessJaw, pocketsphinx, textAlone } from './others.ts';
import { type Accuracy, Judge } from './score.ts';
import { audioAlone, textAndAudio, type Way } from './ways.ts';

const MARK = { nothing: '  ', voices: '* ', language: '**' };
const count = Number(process.argv[2] ?? 10);
const sets = await speechSets(count);
const seconds = sets.flatMap(({ lines }) => lines).reduce((sum, { duration }) => sum + duration, 0);
console.log(
  `${sets.length} kinds of speech, ${seconds.toFixed(0)} s; * voices, ** a language that training never heard`,
);
console.log('cost: seconds of speech for each second of one core');
console.log(
  ['', 'visemes', 'groups', 'closures', 'false/min', 'r', 'lag', 'onset', 'cost'].map(cell).join(''),
);

/** What each way said of a line, and the seconds of a core that it took. */
const told = new Map<Way, Map<SpokenLine, { cues: readonly Cue[]; cost: number }>>();
let failed = false;
for (const way of [
  textAndAudio(0.12),
  textAndAudio(0.3),
  audioAlone(0.12),
  textAlone,
  loudnessJaw,
  pocketsphinx,
]) {
  console.log(way.name);
  const suited = sets.filter((set) => way.suits(set));
  for (const set of suited) await row(way, set);
  const lines = suited.flatMap((set) => set.lines);
  await row(way, { name: 'all', strange: 'nothing', lang: '', lines });
}
for (const control of controls(sets)) {
  console.log(control.name);
  for (const set of sets) {
    const wrong = control.misjudged(await row(control, set));
    if (!wrong) continue;
    failed = true;
    console.log(`    MISJUDGED: ${wrong}`);
  }
}
process.exit(failed ? 1 : 0);

async function row(way: Way, set: SpeechSet): Promise<Accuracy> {
  const judge = new Judge();
  let length = 0;
  let spent = 0;
  for (const line of set.lines) {
    const before = process.cpuUsage();
    const known = told.get(way)?.get(line);
    const cues = known?.cues ?? (await way.cues(line));
    const { user, system } = process.cpuUsage(before);
    const cost = known?.cost ?? (user + system) / 1e6;
    if (!told.has(way)) told.set(way, new Map());
    told.get(way)!.set(line, { cues, cost });
    judge.add(line, cues);
    length += line.duration;
    spent += cost;
  }
  const found = judge.accuracy();
  const name = `  ${MARK[set.strange]} ${set.name}`;
  console.log([name, ...figures(found), `${(length / spent).toFixed(0)}x`].map(cell).join(''));
  return found;
}

function figures(found: Accuracy): string[] {
  const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;
  return [
    percent(found.visemes),
    percent(found.groups),
    percent(found.closures),
    found.falsePerMinute.toFixed(1),
    found.r.toFixed(2),
    `${found.lagMs.toFixed(0)} ms`,
    `${found.onsetMs.toFixed(0)} ms`,
  ].map((figure) => (figure.startsWith('NaN') ? '–' : figure));
}

function cell(text: string, column: number): string {
  return column === 0 ? text.padEnd(26) : text.padStart(10);
}
