import { checkText } from '../../speech/check-text.ts';
import { InputError } from '../../speech/errors.ts';
import type { Lexicon } from '../../speech/lexicon.ts';
import { parseMarkup } from '../../speech/markup.ts';
import type { SpeechRequest } from '../../speech/source.ts';
import { type SpokenText, spokenSlice, spokenText } from '../../speech/spoken-text.ts';
import { placesInSsml, ssmlText } from '../ssml.ts';
import { textPieces } from '../text-pieces.ts';

/** How a voice is made. Not every voice has every engine. */
export type PollyEngine = 'standard' | 'neural' | 'long-form' | 'generative';
export const POLLY_ENGINES: readonly PollyEngine[] = ['neural', 'standard', 'long-form', 'generative'];

/** Keys of an account, where they do not come from the surroundings. */
export interface PollyCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Rates at which the service sends raw sound, Hz, the default first. */
export const POLLY_RATES = [16_000, 8_000] as const;

/** Voices of requests that name none, by language: each speaks by the neural engine. */
const VOICES: Readonly<Record<string, string>> = {
  en: 'Joanna',
  'en-gb': 'Amy',
  es: 'Lucia',
  'es-mx': 'Mia',
  'es-us': 'Lupe',
  fr: 'Lea',
  de: 'Vicki',
  it: 'Bianca',
  pt: 'Camila',
  'pt-pt': 'Ines',
  ko: 'Seoyeon',
  ja: 'Kazuha',
  nl: 'Laura',
  pl: 'Ola',
  zh: 'Zhiyu',
  hi: 'Kajal',
};

/** Voices of the service that stand for the ten by which clients of a gateway ask: women for F, men for M. */
export const POLLY_STAND_INS: Readonly<Record<string, string>> = {
  F1: 'Joanna',
  F2: 'Ruth',
  F3: 'Kendra',
  F4: 'Salli',
  F5: 'Amy',
  M1: 'Matthew',
  M2: 'Stephen',
  M3: 'Joey',
  M4: 'Gregory',
  M5: 'Brian',
};

/** The voice for a language: one of its region where there is one. */
export function pollyVoiceFor(lang = 'en'): string {
  const code = lang.toLowerCase().replaceAll('_', '-');
  const known = [code, code.split('-')[0]!].find((each) => Object.hasOwn(VOICES, each)) ?? 'en';
  return VOICES[known]!;
}

/** Slowest and fastest rate of speaking; the service takes 20 to 200 %. */
const SLOWEST = 0.5;
const FASTEST = 2;

/** Most characters of a request, without its tags and with them, as the service documents them. */
const MOST_SAID = 3_000;
const MOST_SENT = 6_000;

/** A line, or a piece of it, as it is asked for, and the way from what is sent back to what is said. */
export interface PollyAsk {
  readonly spoken: SpokenText;
  /** Index of its first UTF-16 unit in what the whole line says. */
  readonly from: number;
  readonly input: {
    readonly Engine: PollyEngine;
    readonly VoiceId: string;
    readonly Text: string;
    readonly TextType: 'text' | 'ssml';
    readonly SampleRate: string;
  };
  /** Index in `spoken.text` of each UTF-16 unit of what is sent. */
  readonly places: Uint32Array;
}

/**
 * What is asked for a line: plain text, or SSML where it has pauses, sounds, emphasis or a rate; in pieces of whole sentences
 * where it is longer than a request may be. Throws {@link InputError} for a text with nothing to say and a rate of speaking
 * that the service does not have.
 */
export function pollyAsks(
  { text, lang, voice = pollyVoiceFor(lang), speed = 1 }: SpeechRequest,
  { engine, sampleRate, lexicon }: { engine: PollyEngine; sampleRate: number; lexicon?: Lexicon | undefined },
): { readonly spoken: SpokenText; readonly asks: readonly PollyAsk[] } {
  checkText(text);
  const whole = spokenText(parseMarkup(text), { lang, lexicon });
  checkText(whole.text); // Of mark-up alone nothing is left.
  if (!(speed >= SLOWEST && speed <= FASTEST)) {
    throw new InputError('speed', `a number from ${SLOWEST} to ${FASTEST} for Amazon Polly`, String(speed));
  }
  const ask = (spoken: SpokenText, from: number): PollyAsk => {
    const sent = sentText(spoken, engine, speed);
    const [Text, TextType] =
      sent === undefined ? ([spoken.text, 'text'] as const) : ([sent, 'ssml'] as const);
    const input = { Engine: engine, VoiceId: voice, Text, TextType, SampleRate: String(sampleRate) };
    return { spoken, from, input, places: sent === undefined ? own(Text) : placesInSsml(sent) };
  };
  /** Escaped letters and tags make more of a text than it says: then it is cut finer. */
  const asks = (from: number, to: number, longest: number): PollyAsk[] => {
    const one = ask(from === 0 && to === whole.text.length ? whole : spokenSlice(whole, from, to), from);
    if (fits(one) || longest < SHORTEST) return [one];
    let at = from;
    return textPieces(one.spoken.text, longest, lang).flatMap((piece) => {
      const begin = at;
      at += piece.length;
      return asks(begin, at, Math.floor(longest / 2));
    });
  };
  return { spoken: whole, asks: asks(0, whole.text.length, MOST_SAID) };
}

/** A text is not cut finer than this, UTF-16 units: the service will say what is wrong with it. */
const SHORTEST = 50;

function fits({ input: { Text, TextType } }: PollyAsk): boolean {
  const said = TextType === 'ssml' ? Text.replace(/<[^>]*>/g, '') : Text;
  return said.length <= MOST_SAID && Text.length <= MOST_SENT;
}

/** The places of a text that is sent as it is. */
function own(text: string): Uint32Array {
  return Uint32Array.from({ length: text.length + 1 }, (_, at) => at);
}

/** The text in SSML; undefined where there is nothing that plain text could not say. */
function sentText(spoken: SpokenText, engine: PollyEngine, speed: number): string | undefined {
  // Tags that an engine does not have are errors: emphasis in all but the oldest, sounds in part of the newest.
  const tags = { emphasis: engine === 'standard', phoneme: engine !== 'generative' };
  const marked =
    spoken.pauses.length > 0 ||
    (tags.phoneme && spoken.sounds.length > 0) ||
    (tags.emphasis && spoken.emphasis.length > 0);
  if (!marked && speed === 1) return undefined;
  const said = ssmlText(spoken, tags);
  const paced = speed === 1 ? said : `<prosody rate="${Math.round(speed * 100)}%">${said}</prosody>`;
  return `<speak>${paced}</speak>`;
}
