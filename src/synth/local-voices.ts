import { cuesOfPhones, type Phone } from '../lipsync/phones.ts';
import { type CleanText, cleanText } from '../speech/clean.ts';
import { InputError, SpeechError } from '../speech/errors.ts';
import type { SpeechPart } from '../speech/part.ts';
import { type Segment, segmentText } from '../speech/segment.ts';
import type { SpeechRequest, VoiceSource } from '../speech/source.ts';
import { alignPhones } from './align.ts';
import { FliteSynth } from './flite/flite-synth.ts';
import { nodeFlite } from './flite/node-flite.ts';
import type { Synth, Utterance } from './synth.ts';
import { wordsOf } from './words.ts';

/** How local speech is made. */
export interface LocalVoicesOptions {
  /** Samples a second of the audio parts, 8,000 to 48,000. Default 44,100. */
  readonly sampleRate?: number;
  /** Most threads that make speech at the same time, at least 1. Default 2; a second one is started when it is needed. */
  readonly threads?: number;
}

const SAMPLE_RATE = 44_100;
const NAME = 'local voices';

/** Slowest and fastest rate of speaking that stays intelligible. */
const SLOWEST = 0.5;
const FASTEST = 2;

/** Silence after a clause, a sentence and the whole line, seconds at normal speed. */
const CLAUSE_TAIL = 0.1;
const SENTENCE_TAIL = 0.28;
const LINE_TAIL = 0.15;

/**
 * Speech made on this machine by CMU Flite: English, voices F1 to F5 and M1 to M5 (default F1), speed 0.5 to 2, no key
 * and no network. A line comes sentence by sentence: its words and cues first, then its sound in one part, since
 * a sentence is made as a whole in a few hundredths of its length.
 *
 * A line fails with SpeechError `refused` when its voice, language or speed is unknown or its text holds nothing
 * that can be said (white space, emoji, another script), `synthesis-failed` when Flite breaks down.
 * Throws {@link InputError} for options out of range.
 */
export function localVoices({ sampleRate = SAMPLE_RATE, threads }: LocalVoicesOptions = {}): VoiceSource {
  if (!Number.isInteger(sampleRate) || sampleRate < 8_000 || sampleRate > 48_000) {
    throw new InputError('sampleRate', 'a whole number from 8000 to 48000 (Hz)', String(sampleRate));
  }
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw new InputError('threads', 'a whole number from 1', String(threads));
  }
  const synth = new FliteSynth(nodeFlite(), threads === undefined ? {} : { threads });
  return {
    name: 'local',
    timing: { origin: 'service', confidence: 1 },
    home: 'node',
    speak: (request, signal) => speak(synth, sampleRate, request, signal),
    prepare: () => synth.prepare(),
    dispose: () => synth.dispose(),
  };
}

/** Sentence by sentence: the next one is made while the one before is taken. */
async function* speak(
  synth: Synth,
  sampleRate: number,
  request: SpeechRequest,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart> {
  const voice = voiceOf(synth, request);
  const speed = speedOf(request);
  const clean = cleanText(request.text);
  const segments = segmentText(clean.text);
  if (segments.length === 0) {
    throw SpeechError.refused(
      NAME,
      'there is nothing in this text that English voices can say; give it English words or numbers.',
    );
  }
  const make = (index: number): Promise<Utterance> | undefined => {
    const segment = segments[index];
    if (!segment) return undefined;
    const text = clean.text.slice(segment.from, segment.to);
    const tail = tailOf(segment, index === segments.length - 1) / speed;
    const made = synth.synthesize({ text, voice, speed, sampleRate, tail, urgent: index === 0 }, signal);
    made.catch(() => {}); // Awaited in its turn, or not at all when the line is left.
    return made;
  };
  let made = make(0);
  let sample = 0;
  for (const [index, segment] of segments.entries()) {
    const { samples, phones } = await made!;
    if (signal.aborted) throw SpeechError.aborted();
    made = make(index + 1);
    const placed = phonesInLine(phones, sample, sampleRate, clean, segment);
    yield { type: 'words', words: wordsOf(request.text, placed) };
    yield { type: 'cues', cues: cuesOfPhones(placed) };
    sample += samples.length;
    yield { type: 'audio', samples, sampleRate };
  }
  yield { type: 'end' };
}

function voiceOf(synth: Synth, { voice, lang }: SpeechRequest): string {
  const wanted = voice?.toLowerCase() ?? synth.voices[0]!.toLowerCase();
  const name = synth.voices.find((known) => known.toLowerCase() === wanted);
  if (name === undefined) {
    throw SpeechError.refused(
      NAME,
      `there is no voice "${voice}"; the voices are ${synth.voices.join(' ')}.`,
    );
  }
  if (lang !== undefined && !synth.languages.includes(lang.toLowerCase().split(/[-_]/)[0]!)) {
    throw SpeechError.refused(
      NAME,
      `"${lang}" is not spoken; the languages are ${synth.languages.join(' ')}.`,
    );
  }
  return name;
}

function speedOf({ speed = 1 }: SpeechRequest): number {
  if (speed >= SLOWEST && speed <= FASTEST) return speed;
  throw SpeechError.refused(NAME, `speed must be from ${SLOWEST} to ${FASTEST}, not ${speed}.`);
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
  clean: CleanText,
  segment: Segment,
): Phone[] {
  const letters = alignPhones(
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
