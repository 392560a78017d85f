import { cuesOfPhones } from '../../../../src/lipsync/phones.ts';
import type { SpeechSet } from '../corpus/sets.ts';
import type { Accuracy } from './score.ts';
import { textAndAudio, type Way } from './ways.ts';

/** A way whose result is known beforehand: the judge must find it so. */
export interface Control extends Way {
  /** Why the judge is wrong about it; nothing where it is right. */
  misjudged(found: Accuracy): string | undefined;
}

const everywhere = (): boolean => true;

/** Ways that must score as expected, or the bench itself is at fault. */
export function controls(sets: readonly SpeechSet[]): Control[] {
  return [
    {
      name: 'control: the truth',
      suits: everywhere,
      cues: async ({ phones }) => cuesOfPhones(phones),
      misjudged: (found) =>
        found.visemes === 1 &&
        found.closures === 1 &&
        found.falsePerMinute === 0 &&
        found.r > 0.999 &&
        found.onsetMs === 0
          ? undefined
          : 'the truth is not found true',
    },
    {
      name: 'control: 100 ms late',
      suits: everywhere,
      cues: async ({ phones }) =>
        cuesOfPhones(phones).map((cue) => ({ ...cue, start: cue.start + 0.1, end: cue.end + 0.1 })),
      misjudged: (found) =>
        Math.abs(found.lagMs - 100) < 1 && found.visemes < 0.6 && found.r < 0.7
          ? undefined
          : 'a delay of 100 ms is not seen',
    },
    {
      name: 'control: silence',
      suits: everywhere,
      cues: async () => [],
      misjudged: (found) =>
        found.visemes < 0.35 && found.closures === 0 && found.falsePerMinute === 0
          ? undefined
          : 'silence is taken for speech',
    },
    {
      name: 'control: wrong sentence',
      suits: everywhere,
      cues: async (line) => {
        const all = sets.find((set) => set.lines.includes(line))!.lines;
        return cuesOfPhones(all[(all.indexOf(line) + 1) % all.length]!.phones);
      },
      misjudged: (found) =>
        found.visemes < 0.35 && found.r < 0.4 ? undefined : 'a wrong sentence is taken for the right one',
    },
    {
      name: 'control: text + audio, 120 ms, with the text of another line',
      suits: everywhere,
      cues: async (line) => {
        const all = sets.find((set) => set.lines.includes(line))!.lines;
        const { text } = all[(all.indexOf(line) + 1) % all.length]!;
        return textAndAudio(0.12).cues({ ...line, text });
      },
      // Sound alone finds 63 to 82 %; a text that is followed though it is wrong 36 to 46 %.
      misjudged: (found) => (found.visemes > 0.52 && found.r > 0.6 ? undefined : 'a wrong text is followed'),
    },
  ];
}
