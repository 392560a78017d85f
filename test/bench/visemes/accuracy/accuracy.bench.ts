/**
 * How near each way of timing comes to the truth: the phones that synthesizers say they spoke, and human speech labelled by
 * the CMU aligner. Voices and languages that were never heard in training are marked.
 * Run: npm run bench:visemes, or npx tsx test/bench/visemes/accuracy/accuracy.bench.ts [lines of each set]
 */
import type { SpeechSet } from '../corpus/sets.ts';
import { speechSets } from '../corpus/sets.ts';
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
  for (const set of sets) if (way.speaks(set.lang)) await row(way, set);
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
  const before = process.cpuUsage();
  let length = 0;
  for (const line of set.lines) {
    judge.add(line, await way.cues(line));
    length += line.duration;
  }
  const { user, system } = process.cpuUsage(before);
  const found = judge.accuracy();
  const cost = length / ((user + system) / 1e6);
  console.log(
    [`  ${MARK[set.strange]} ${set.name}`, ...figures(found), `${cost.toFixed(0)}x`].map(cell).join(''),
  );
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
  ];
}

function cell(text: string, column: number): string {
  return column === 0 ? text.padEnd(26) : text.padStart(10);
}
