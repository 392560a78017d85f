import { joinCues } from '../../../../src/lipsync/timing/cue-pieces.ts';
import { loadReader, loadSoundModel } from '../../../../src/lipsync/timing/learned.ts';
import { TimingMaker, type TimingOptions } from '../../../../src/lipsync/timing/timing-maker.ts';
import type { Cue } from '../../../../src/speech/cue.ts';
import type { SpeechSet } from '../corpus/sets.ts';
import type { SpokenLine } from '../corpus/utterance.ts';

/** A way of timing: what it makes of a line. */
export interface Way {
  readonly name: string;
  /** Whether it can be judged on a set. */
  suits(set: SpeechSet): boolean;
  /** It can only follow the sound in real time: its cost on a core is not known. */
  readonly live?: boolean;
  cues(line: SpokenLine): Promise<readonly Cue[]>;
}

/** Samples come in pieces of this length, seconds: a service's frames. */
const CHUNK = 0.04;

async function streamed(
  line: SpokenLine,
  options: Omit<TimingOptions, 'sampleRate'>,
): Promise<readonly Cue[]> {
  const maker = new TimingMaker(await loadSoundModel(), { ...options, sampleRate: line.sampleRate });
  const cues: Cue[] = [];
  const chunk = Math.round(CHUNK * line.sampleRate);
  for (let at = 0; at < line.samples.length; at += chunk)
    cues.push(...maker.push(line.samples.subarray(at, at + chunk)));
  cues.push(...maker.end());
  return joinCues(cues);
}

const texted = async (line: SpokenLine, lookAheadSeconds: number): Promise<readonly Cue[]> =>
  streamed(line, { text: line.text, lang: line.lang, read: await loadReader(line.lang), lookAheadSeconds });

/** Text and sound, decided with so much look-ahead. */
export const textAndAudio = (lookAheadSeconds: number): Way => ({
  name: `text + audio, ${Math.round(lookAheadSeconds * 1000)} ms`,
  suits: () => true,
  cues: (line) => texted(line, lookAheadSeconds),
});

/** Sound alone, decided with so much look-ahead. */
export const audioAlone = (lookAheadSeconds: number): Way => ({
  name: `audio alone, ${Math.round(lookAheadSeconds * 1000)} ms`,
  suits: () => true,
  cues: (line) => streamed(line, { lookAheadSeconds }),
});
