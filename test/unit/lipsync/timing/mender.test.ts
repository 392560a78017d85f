import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SoundModel } from '../../../../src/lipsync/timing/hearing.ts';
import { loadSoundModel } from '../../../../src/lipsync/timing/learned.ts';
import { Mender, type TimingRepair } from '../../../../src/lipsync/timing/mender.ts';
import type { Cue, WordMark } from '../../../../src/speech/cue.ts';
import { labels } from '../../../bench/visemes/accuracy/score.ts';
import { type Spoken, speakSentences, speakTexts } from '../../../bench/visemes/spoken.ts';

let model: SoundModel;
let spoken: Spoken[];

beforeAll(async () => {
  [model, spoken] = await Promise.all([loadSoundModel(), speakSentences(6, 1, 9)]);
});

/** What is easily misheard: little speech, and beginnings that are hardly loud. */
const SHORT = [
  'Hello Bob',
  'Papa.',
  'Help me!',
  'Who goes there?',
  'Ha ha ha.',
  'How are you?',
  'Hurry up, boy.',
  'Hm, maybe.',
  'Mum',
  'Have you been to the market by the harbour?',
  'Push harder, the boulder is about to move.',
];

/** What a service does wrong. */
interface Fault {
  /** Seconds that are added to all its times, and the silence before the sound that it does not count. */
  readonly late?: number;
  readonly silence?: number;
  /** Parts of a second that its times are told in. */
  readonly unit?: number;
  /** Sound sent before the cues that belong to it, seconds; below 0: after them. */
  readonly lag?: number;
  /** Cues that start after this never come, seconds. */
  readonly gone?: number;
  readonly chunk?: number;
}

interface Run {
  readonly cues: Cue[];
  readonly words: WordMark[];
  readonly repairs: TimingRepair[];
  /** Most by which a cue was given after the sound that it starts with had come, seconds. */
  readonly latest: number;
  readonly samples: Int16Array;
  readonly seconds: number;
}

/** Plays a line to a mender as a faulty service sends it. */
function run(line: Spoken, fault: Fault): Run {
  const { late = 0, silence = 0, unit = 1, lag = -0.3, gone = 100, chunk = 640 } = fault;
  const pad = Math.round(silence * line.sampleRate);
  const samples = new Int16Array(pad + line.samples.length);
  samples.set(line.samples, pad);
  const told = (time: number): number => (time + late) / unit;
  const coming = line.cues
    .filter(({ start }) => start < gone)
    .map((cue) => ({
      sent: cue.start + pad / line.sampleRate + lag,
      cue: { ...cue, start: told(cue.start), end: told(cue.end) },
    }));
  const mender = new Mender(model, line.sampleRate, Math.max(lag, 0));
  const run = { cues: [] as Cue[], words: [] as WordMark[], repairs: [] as TimingRepair[], latest: 0 };
  const word = { text: 'word', start: told(0.5), end: told(0.9), from: 0, to: 4 };
  mender.addWords([word]);
  let next = 0;
  const take = ({ cues, words, repairs }: ReturnType<Mender['end']>, heard: number): void => {
    for (const cue of cues) if (cue.viseme !== 'sil') run.latest = Math.max(run.latest, heard - cue.start);
    run.cues.push(...cues);
    run.words.push(...words);
    run.repairs.push(...repairs);
  };
  for (let at = 0; at < samples.length; at += chunk) {
    const heard = (at + chunk) / line.sampleRate;
    const from = next;
    while (next < coming.length && coming[next]!.sent <= heard) next++;
    if (next > from) mender.addCues(coming.slice(from, next).map(({ cue }) => cue));
    take(mender.push(samples.subarray(at, at + chunk)), heard);
  }
  mender.addCues(coming.slice(next).map(({ cue }) => cue));
  take(mender.end(), 0);
  return { ...run, samples, seconds: samples.length / line.sampleRate };
}

/** Share of frames with the right viseme, from a time on. */
function right(line: Spoken, { cues, seconds, samples }: Run, from = 0): number {
  const silence = (samples.length - line.samples.length) / line.sampleRate;
  const wanted = labels(
    line.cues.map((cue) => ({ ...cue, start: cue.start + silence, end: cue.end + silence })),
    seconds,
  );
  const got = labels(cues, seconds);
  const first = Math.round((from + silence) * 60);
  return (
    wanted.slice(first).filter((viseme, f) => viseme === got[first + f]).length / (wanted.length - first)
  );
}

const lines = (): fc.Arbitrary<Spoken> => fc.integer({ min: 0, max: 5 }).map((index) => spoken[index]!);
const chunks = fc.integer({ min: 100, max: 6000 });
const settings = { seed: 5, numRuns: process.env.PARLEY_LONG ? 200 : 12 };

describe('times of a service, while the line arrives', () => {
  it('are given on as they are where they fit, before the mouth needs them', () => {
    fc.assert(
      fc.property(lines(), chunks, fc.double({ min: -1, max: 0, noNaN: true }), (line, chunk, lag) => {
        const made = run(line, { chunk, lag });
        expect(made.repairs).toEqual([]);
        expect(made.cues).toEqual(line.cues);
        expect(made.words).toEqual([{ text: 'word', start: 0.5, end: 0.9, from: 0, to: 4 }]);
        expect(made.latest).toBeLessThan(0.14 + 0.01 + chunk / line.sampleRate);
      }),
      settings,
    );
  });

  it('are given on as they are where the line is short, or begins with a breath or a soft sound', async () => {
    for (const line of await speakTexts(SHORT.flatMap((text) => Array.from({ length: 3 }, () => text)))) {
      const made = run(line, { lag: -0.2, chunk: 3840 });
      expect(made.repairs, line.text).toEqual([]);
      expect(made.cues, line.text).toEqual(line.cues);
    }
  });

  it('are put into seconds', () => {
    fc.assert(
      fc.property(lines(), chunks, fc.constantFrom(1e-3, 1e-7), (line, chunk, unit) => {
        const made = run(line, { chunk, unit });
        expect(made.repairs.map(({ kind, of, amount }) => [kind, of, amount])).toEqual([
          ['unit', 'words', unit],
          ['unit', 'cues', unit],
        ]);
        expect(right(line, made)).toBeGreaterThan(0.99);
        expect(made.words[0]!.start).toBeCloseTo(0.5, 9);
      }),
      settings,
    );
  });

  it('are moved where a silence before the line was not counted: nothing is shown before there is sound', () => {
    fc.assert(
      fc.property(
        lines(),
        chunks,
        fc.double({ min: 0.15, max: 0.75, noNaN: true }),
        (line, chunk, silence) => {
          const made = run(line, { chunk, silence, lag: -2 });
          expect(made.repairs.length).toBeGreaterThan(0);
          expect(Math.abs(made.repairs.at(-1)!.amount - silence)).toBeLessThan(0.05);
          const first = made.cues.find(({ viseme }) => viseme !== 'sil')!;
          const truly = line.cues.find(({ viseme }) => viseme !== 'sil')!;
          expect(Math.abs(first.start - truly.start - silence)).toBeLessThan(0.12);
          expect(right(line, made, 0.6)).toBeGreaterThan(0.7);
        },
      ),
      settings,
    );
  });

  it('are moved where all are late or early', () => {
    fc.assert(
      fc.property(
        lines(),
        chunks,
        fc.double({ min: 0.1, max: 0.5, noNaN: true }),
        fc.boolean(),
        (line, chunk, by, early) => {
          const late = early ? -by : by;
          const made = run(line, { chunk, late, lag: -2 });
          expect(made.repairs.length).toBeGreaterThan(0);
          expect(Math.abs(made.repairs.at(-1)!.amount + late)).toBeLessThan(0.05);
          expect(right(line, made, 0.9)).toBeGreaterThan(
            right(
              line,
              {
                ...made,
                cues: line.cues.map((cue) => ({ ...cue, start: cue.start + late, end: cue.end + late })),
              },
              0.9,
            ) + 0.1,
          );
        },
      ),
      settings,
    );
  });

  it('are made by ear where they do not come', () => {
    for (const line of spoken) {
      const gone = line.seconds / 2;
      const made = run(line, { gone });
      expect(made.repairs.map(({ kind }) => kind)).toEqual(['absent']);
      expect(made.repairs[0]!.at).toBeCloseTo(gone, 0);
      expect(right(line, made)).toBeGreaterThan(
        right(line, { ...made, cues: line.cues.filter(({ start }) => start < gone) }) + 0.1,
      );
    }
  });

  it('go on from the last where they begin anew', () => {
    const line = spoken[0]!;
    const mender = new Mender(model, line.sampleRate);
    const half = line.cues.length >> 1;
    const zero = line.cues[half]!.start;
    mender.addCues(line.cues.slice(0, half));
    mender.addCues(
      line.cues.slice(half).map((cue) => ({ ...cue, start: cue.start - zero, end: cue.end - zero })),
    );
    const made = [mender.push(line.samples), mender.end()];
    expect(made.flatMap(({ repairs }) => repairs.map(({ kind }) => kind))).toEqual(['restart']);
    const cues = made.flatMap(({ cues }) => cues);
    expect(right(line, { ...run(line, {}), cues })).toBeGreaterThan(0.99);
  });

  it('never overlap nor fall back, whatever is sent', () => {
    fc.assert(
      fc.property(
        lines(),
        chunks,
        fc.double({ min: -0.8, max: 0.8, noNaN: true }),
        fc.double({ min: -0.5, max: 0.5, noNaN: true }),
        fc.double({ min: 0.5, max: 4, noNaN: true }),
        (line, chunk, late, lag, gone) => {
          let reached = Number.NEGATIVE_INFINITY;
          for (const cue of run(line, { chunk, late, lag, gone }).cues) {
            expect(cue.start).toBeGreaterThanOrEqual(reached - 1e-9);
            expect(cue.end).toBeGreaterThan(cue.start);
            reached = cue.end;
          }
        },
      ),
      settings,
    );
  });
});
