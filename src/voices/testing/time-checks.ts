import type { WordMark } from '../../speech/cue.ts';
import { lookAheadOf } from '../../speech/source.ts';
import type { Bench } from './bench.ts';
import { demand, shown } from './conformance-error.ts';
import type { Definition } from './definition.ts';
import { lagOf, loudnessOf, openingOf, STEP } from './likeness.ts';
import { readLine, type SpokenLine } from './spoken-line.ts';

/** How far times may be from the truth where nobody says, seconds. */
const TOLERANCE = 0.06;

/** How far the first and the last word may be from where sound begins and ends: breath and reverberation, seconds. */
const EDGE = 0.15;

/** Part of the loudest step above which there is speech. */
const SPEECH = 0.05;

/** How far the mouth may lag behind the true one, seconds: more than a service rounds, less than a chunk. */
const LAG = 0.08;

/** Below this likeness nothing can be said about a lag. */
const ALIKE = 0.3;

/** What is not counted: sound comes in pieces, seconds. */
const SLACK = 0.02;

const ZERO =
  'Times count from the first sample of the line: take away where the service counts from (chunk, request, context, stream, the last line of the same socket).';

/** Whether times are where the sound is. */
export const TIME_CHECKS: readonly Definition[] = [
  {
    name: 'words are where the sound is',
    async run(bench) {
      const line = await bench.reference(bench.texts.line);
      if (line.words.length === 0) return;
      if (bench.subject.truth) demandWordTimes(line.words, (await truthOf(bench)).words, bench);
      else demandWithinSound(line);
    },
  },
  {
    name: 'the mouth is where the sound is',
    async run(bench) {
      const line = await bench.reference(bench.texts.line);
      if (!line.cues.some(({ viseme }) => viseme !== 'sil')) return;
      const opening = openingOf(line.cues, line.seconds + 1);
      const truth = bench.subject.truth && (await truthOf(bench));
      const known = truth
        ? openingOf(truth.cues, truth.seconds + 1)
        : loudnessOf(line.samples, line.sampleRate);
      const { seconds, r } = lagOf(known, opening);
      demand(
        r > ALIKE,
        `a mouth that opens where ${truth ? 'the true one does' : 'the sound is loud'}`,
        `a likeness of ${r.toFixed(2)} at best`,
        'Look at which sound becomes which viseme, and at the unit of times (ticks, ms, s).',
      );
      demand(
        Math.abs(seconds) <= LAG,
        `a mouth at most ${LAG} s from the sound`,
        `one ${Math.abs(seconds).toFixed(2)} s too ${seconds > 0 ? 'late' : 'early'}`,
        ZERO,
      );
    },
  },
  {
    name: 'times come no later than its look-ahead allows',
    async run(bench) {
      demandLookAhead(await bench.reference(bench.texts.line), bench);
    },
  },
];

async function truthOf(bench: Bench): Promise<SpokenLine> {
  const request = bench.request(bench.texts.line);
  const truth = await readLine(bench.subject.truth!.speak(request, new AbortController().signal));
  demand(
    !truth.failed,
    'the truth to speak',
    shown(truth.error),
    'Mend the subject: its truth does not work.',
  );
  return truth;
}

/** Demands that words are where the truth has them: each word that begins at the same place in the text. */
function demandWordTimes(words: readonly WordMark[], truth: readonly WordMark[], { subject }: Bench): void {
  const { toleranceSeconds = TOLERANCE } = subject;
  let known = 0;
  for (const { text, from, start, end } of words) {
    const right = truth.find((word) => word.from === from);
    if (!right) continue;
    known++;
    const off = Math.max(Math.abs(start - right.start), Math.abs(end - right.end));
    demand(
      off <= toleranceSeconds,
      `${JSON.stringify(text)} from ${right.start.toFixed(3)} to ${right.end.toFixed(3)} s`,
      `${start.toFixed(3)} to ${end.toFixed(3)} s`,
      ZERO,
    );
  }
  demand(
    known * 2 >= truth.length,
    `at least half of the ${truth.length} words of the truth`,
    `${known}`,
    'Words that the service tells must be found in the text.',
  );
}

/** Without a truth, sound must begin with the first word, end with the last, and be heard during each. */
function demandWithinSound({ words, samples, sampleRate, seconds }: SpokenLine): void {
  const loudness = loudnessOf(samples, sampleRate);
  const floor = SPEECH * loudness.reduce((most, step) => Math.max(most, step), 0);
  const begins = loudness.findIndex((step) => step > floor) * STEP;
  const ends = (loudness.findLastIndex((step) => step > floor) + 1) * STEP;
  const [first, last] = [words[0]!, words.at(-1)!];
  demand(
    Math.abs(first.start - begins) <= EDGE,
    `the first word at ${begins.toFixed(2)} s, where the sound begins`,
    `${first.start.toFixed(2)} s`,
    ZERO,
  );
  demand(
    Math.abs(last.end - ends) <= EDGE,
    `the last word to end at ${ends.toFixed(2)} s, where the sound does`,
    `${last.end.toFixed(2)} s of ${seconds.toFixed(2)} s`,
    ZERO,
  );
  for (const { text, start, end } of words) {
    const run = loudness.subarray(Math.floor(start / STEP), Math.ceil(end / STEP) + 1);
    demand(
      run.some((step) => step > floor),
      `sound during ${JSON.stringify(text)}`,
      `silence from ${start.toFixed(2)} to ${end.toFixed(2)} s`,
      ZERO,
    );
  }
}

/**
 * Demands that each cue came before it starts, and each word before it ends, for services tell a word when it is over: a
 * player whose sound is `lookAheadSeconds` ahead of what is heard has heard, when a part comes, at most all the sound
 * before the newest piece less that.
 */
function demandLookAhead(line: SpokenLine, bench: Bench): void {
  const source = bench.open();
  const ahead = lookAheadOf(source);
  const declared = source.lookAheadSeconds;
  demand(
    declared === undefined || (declared >= 0 && declared < 10),
    'lookAheadSeconds from 0 to 10',
    String(declared),
    'It is how much sound must be ahead of what is heard.',
  );
  let worst = { late: Number.NEGATIVE_INFINITY, what: '' };
  let before = 0;
  let newest = 0;
  for (const part of line.parts) {
    if (part.type === 'audio') {
      before += newest;
      newest = part.samples.length / part.sampleRate;
    }
    if (part.type !== 'cues' && part.type !== 'words') continue;
    const marks = part.type === 'cues' ? part.cues : part.words;
    for (const mark of marks) {
      const late = before - ('viseme' in mark ? mark.start : mark.end);
      if (late > worst.late)
        worst = {
          late,
          what:
            'viseme' in mark
              ? `the cue ${mark.viseme} at ${mark.start.toFixed(2)} s`
              : JSON.stringify(mark.text),
        };
    }
  }
  demand(
    worst.late <= ahead + SLACK,
    `cues and words at most ${ahead} s behind their sound, as the source declares`,
    `${worst.what}, ${worst.late.toFixed(2)} s late`,
    'Give times as soon as they come; where the service sends them late, declare lookAheadSeconds accordingly.',
  );
}
