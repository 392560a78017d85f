import { cuesOfPhones, type Phone } from '../lipsync/phones.ts';
import { cleanText } from '../speech/clean.ts';
import { InputError, SpeechError } from '../speech/errors.ts';
import { type MappedText, throughBoth } from '../speech/index-map.ts';
import type { Lexicon } from '../speech/lexicon.ts';
import { parseMarkup } from '../speech/markup.ts';
import type { SpeechPart } from '../speech/part.ts';
import type { Segment } from '../speech/segment.ts';
import type { SourceTraits, SpeechRequest } from '../speech/source.ts';
import { spokenText } from '../speech/spoken-text.ts';
import { alignPhones } from './align.ts';
import { emphasise } from './emphasis.ts';
import { soundsWithin, stretchesOf } from './stretches.ts';
import type { Synth, Utterance } from './synth.ts';
import { wordsOf } from './words.ts';

/** Slowest and fastest rate of speaking that stays intelligible. */
const SLOWEST = 0.5;
const FASTEST = 2;

/** Silence after a clause, a sentence and the whole line, seconds at normal speed. */
const CLAUSE_TAIL = 0.1;
const SENTENCE_TAIL = 0.28;
const LINE_TAIL = 0.15;

/** How local speech is made. */
export interface SynthOptions {
  /** Samples a second of the audio parts, 8,000 to 48,000. Default 44,100. */
  readonly sampleRate?: number;
  /** Most threads that make speech at the same time, at least 1. Default 2; a second one is started when it is needed. */
  readonly threads?: number | undefined;
  /** How words of the game are said. Default: as the synth has it. */
  readonly lexicon?: Lexicon | undefined;
}

const SAMPLE_RATE = 44_100;

/** Throws {@link InputError} for options out of range; fills in the sample rate. */
export function checkSynthOptions({ sampleRate = SAMPLE_RATE, threads }: SynthOptions): number {
  if (!Number.isInteger(sampleRate) || sampleRate < 8_000 || sampleRate > 48_000) {
    throw new InputError('sampleRate', 'a whole number from 8000 to 48000 (Hz)', String(sampleRate));
  }
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw new InputError('threads', 'a whole number from 1', String(threads));
  }
  return sampleRate;
}

/** How a synth is used. */
export interface SentenceOptions {
  readonly synth: Synth;
  readonly sampleRate: number;
  readonly lexicon?: Lexicon | undefined;
}

/**
 * Speaks a line sentence by sentence: the next one is made while the one before is taken. Of each come its words and
 * cues first, then its sound in one part. Mark-up is read: see {@link parseMarkup}; emphasis is loudness alone, emotion is not heard.
 */
export async function* speakSentences(
  { synth, sampleRate, lexicon }: SentenceOptions,
  request: SpeechRequest,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart> {
  const voice = voiceOf(synth, request);
  const lang = languageOf(synth, request);
  const speed = speedOf(synth, request);
  const spoken = spokenText(parseMarkup(request.text), { lang: request.lang, lexicon });
  const clean = throughBoth(spoken, cleanText(spoken.text, synth.script));
  const { lead, stretches } = stretchesOf(clean, spoken.pauses);
  if (stretches.length === 0) throw SpeechError.refused(synth.name, synth.nothing);
  const make = (index: number): Promise<Utterance> | undefined => {
    const stretch = stretches[index];
    if (!stretch) return undefined;
    const text = clean.text.slice(stretch.from, stretch.to);
    const said = soundsWithin(spoken.sounds, clean, stretch);
    const tail = stretch.pauseAfter ?? tailOf(stretch, index === stretches.length - 1) / speed;
    const urgent = index === 0;
    const made = synth.synthesize({ text, voice, lang, said, speed, sampleRate, tail, urgent }, signal);
    made.catch(() => {}); // Awaited in its turn, or not at all when the line is left.
    return made;
  };
  let made = make(0);
  let sample = Math.round(lead * sampleRate);
  if (sample > 0) yield { type: 'audio', samples: new Int16Array(sample), sampleRate };
  for (const [index, stretch] of stretches.entries()) {
    const { samples, phones } = await made!;
    if (signal.aborted) throw SpeechError.aborted();
    made = make(index + 1);
    const placed = phonesInLine(phones, sample, sampleRate, clean, stretch);
    yield { type: 'words', words: wordsOf(request.text, placed) };
    yield { type: 'cues', cues: cuesOfPhones(placed) };
    emphasise(samples, sampleRate, sample / sampleRate, placed, spoken.emphasis);
    sample += samples.length;
    yield { type: 'audio', samples, sampleRate };
  }
  yield { type: 'end' };
}

function voiceOf({ name, voices }: Synth, { voice }: SpeechRequest): string {
  const wanted = voice?.toLowerCase() ?? voices[0]!.toLowerCase();
  const known = voices.find((each) => each.toLowerCase() === wanted);
  if (known !== undefined) return known;
  throw SpeechError.refused(name, `there is no voice "${voice}"; the voices are ${voices.join(' ')}.`);
}

function languageOf(synth: Synth, { lang }: SpeechRequest): string {
  const own = synth.languageOf(lang);
  if (own !== undefined) return own;
  throw SpeechError.refused(synth.name, `"${lang}" is not spoken; the languages are ${synth.languages}.`);
}

function speedOf({ name }: Synth, { speed = 1 }: SpeechRequest): number {
  if (speed >= SLOWEST && speed <= FASTEST) return speed;
  throw SpeechError.refused(name, `speed must be from ${SLOWEST} to ${FASTEST}, not ${speed}.`);
}

function tailOf(segment: Segment, last: boolean): number {
  if (last) return LINE_TAIL;
  return segment.sentenceEnd ? SENTENCE_TAIL : CLAUSE_TAIL;
}

/** Phones in line time, each with its letter in the text as given. */
function phonesInLine(
  phones: Utterance['phones'],
  firstSample: number,
  sampleRate: number,
  clean: MappedText,
  segment: Segment,
): Phone[] {
  const known = phones.every((phone) => phone.from !== undefined);
  const letters = known
    ? phones.map((phone) => phone.from!)
    : alignPhones(
        clean.text.slice(segment.from, segment.to),
        phones.map((phone) => phone.id),
      );
  return phones.map(({ id, end }, index) => ({
    id,
    start: (firstSample + (phones[index - 1]?.end ?? 0)) / sampleRate,
    end: (firstSample + end) / sampleRate,
    from: clean.sourceIndex(segment.from + letters[index]!),
  }));
}

/** What voices of this machine are able to do. */
export function synthTraits(sampleRate: number): SourceTraits {
  return {
    gives: ['phones', 'words'],
    timesFrom: 'request',
    textIn: 'whole',
    cancel: 'message',
    sampleRates: [sampleRate],
  };
}
