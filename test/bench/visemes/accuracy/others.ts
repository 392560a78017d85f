import { pathToFileURL } from 'node:url';
import { cuesOfPhones } from '../../../../src/lipsync/phones.ts';
import { loadReader } from '../../../../src/lipsync/timing/learned.ts';
import { spreadText } from '../../../../src/lipsync/timing/spread.ts';
import { resampleAll } from '../../../../src/pcm/resampler.ts';
import type { Cue } from '../../../../src/speech/cue.ts';
import { benchPackage } from '../corpus/bench-packages.ts';
import { alignPhones } from '../corpus/human-speech.ts';
import type { SpokenLine } from '../corpus/utterance.ts';
import type { Way } from './ways.ts';

/** Frames of 20 ms by their level, dB below the loudest. */
function levels({ samples, sampleRate }: SpokenLine): number[] {
  const step = Math.round(0.02 * sampleRate);
  const powers = Array.from({ length: Math.ceil(samples.length / step) }, (_, f) => {
    const run = samples.subarray(f * step, (f + 1) * step);
    return run.reduce((sum, sample) => sum + sample * sample, 1) / run.length;
  });
  const loudest = powers.reduce((most, power) => Math.max(most, power), 1);
  return powers.map((power) => 10 * Math.log10(power / loudest));
}

/** What a jaw driven by loudness shows: closed, half open, open. */
export const loudnessJaw: Way = {
  name: 'loudness jaw',
  suits: () => true,
  cues: async (line) =>
    levels(line).map((level, f) => ({
      viseme: level < -32 ? 'sil' : level < -12 ? 'E' : 'aa',
      start: f * 0.02,
      end: (f + 1) * 0.02,
      weight: 1,
    })),
};

/** The text over the part of the sound that is not silent, without listening to it. */
export const textAlone: Way = {
  name: 'text alone, silence trimmed',
  suits: () => true,
  async cues(line) {
    const loud = levels(line).map((level) => level > -35);
    const [start, end] = [loud.indexOf(true) * 0.02, (loud.lastIndexOf(true) + 1) * 0.02];
    const { text, lang } = line;
    return spreadText({ text, lang, read: (await loadReader(lang))!, start, end }).cues;
  },
};

let dictionary: Readonly<Record<string, string>> | undefined;

/** The CMU aligner with the whole line before it: an independent opinion on both the truth and us. English alone. */
export const pocketsphinx: Way = {
  name: 'pocketsphinx + text, offline',
  suits: ({ name, lang }) => lang.startsWith('en') && name !== 'en human', // There it is the judge itself.
  async cues(line): Promise<readonly Cue[]> {
    dictionary ??= (
      (await import(pathToFileURL(benchPackage('cmu-pronouncing-dictionary', '3.0.0')).href)) as {
        dictionary: Record<string, string>;
      }
    ).dictionary;
    const samples = resampleAll(line.samples, line.sampleRate, 16_000);
    return cuesOfPhones(alignPhones(samples, line.text, dictionary) ?? []);
  },
};
