import { linesOf, TEXTS } from '../accuracy/texts.ts';
import { SENTENCES } from '../sentences.ts';
import { speakEspeak } from './espeak-speech.ts';
import { speakFlite } from './flite-speech.ts';
import { humanSpeech } from './human-speech.ts';
import type { SpokenLine } from './utterance.ts';

/** Speech of one kind. */
export interface SpeechSet {
  readonly name: string;
  /** What of it training never heard: nothing, the voices, or the whole language. */
  readonly strange: 'nothing' | 'voices' | 'language';
  readonly lang: string;
  readonly lines: readonly SpokenLine[];
}

/** Language tags of text and espeak's voices for them. */
const VOICES: Readonly<Record<string, string>> = {
  es: 'es',
  fr: 'fr',
  de: 'de',
  it: 'it',
  pt: 'pt-br',
  ko: 'ko',
};
/** espeak's variants that no training hears. */
const STRANGE = ['f2', 'm5', 'f5', 'm7', 'm4', 'klatt3'];
/** Languages that nothing was tuned on. */
const STRANGE_LANGUAGES = ['pt', 'ko'];

/** Lines of the English text from `from` on. */
const english = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => SENTENCES[(from + i * 7) % SENTENCES.length]!);

async function each<T>(
  items: readonly T[],
  make: (item: T, index: number) => Promise<SpokenLine>,
): Promise<SpokenLine[]> {
  const made: SpokenLine[] = [];
  for (const [index, item] of items.entries()) made.push(await make(item, index));
  return made;
}

/** All sets of the bench; `count`: lines of each. */
export async function speechSets(count: number): Promise<SpeechSet[]> {
  const rates = [150, 125, 175, 200];
  const stretches = [1, 1.15, 0.85, 0.75];
  const sets: SpeechSet[] = [
    {
      name: 'en Flite',
      strange: 'nothing',
      lang: 'en',
      lines: await each(english(0, count), (text, i) =>
        speakFlite(text, {
          speaker: i % 2 ? 'rms' : 'slt',
          stretch: stretches[i % 4]!,
          pitch: i % 2 ? 100 : 180,
        }),
      ),
    },
    {
      name: 'en Flite awb',
      strange: 'voices',
      lang: 'en',
      lines: await each(english(3, count), (text, i) =>
        speakFlite(text, { speaker: 'awb', stretch: stretches[i % 4]! }),
      ),
    },
    {
      name: 'en espeak',
      strange: 'voices',
      lang: 'en',
      lines: await each(english(5, count), (text, i) =>
        speakEspeak(text, { voice: `en-us+${STRANGE[i % STRANGE.length]}`, rate: rates[i % 4]! }),
      ),
    },
    { name: 'en human', strange: 'voices', lang: 'en', lines: await humanSpeech() },
  ];
  for (const [lang, voice] of Object.entries(VOICES)) {
    sets.push({
      name: `${lang} espeak`,
      strange: STRANGE_LANGUAGES.includes(lang) ? 'language' : 'voices',
      lang: voice,
      lines: await each(linesOf(TEXTS[lang]!).slice(0, count), (text, i) =>
        speakEspeak(text, { voice: `${voice}+${STRANGE[i % STRANGE.length]}`, rate: rates[i % 4]! }),
      ),
    });
  }
  return sets;
}
