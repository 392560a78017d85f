import { cuesOfPhones, type Phone } from '../lipsync/phones.ts';
import { resampleAll } from '../pcm/resampler.ts';
import { type CleanText, cleanText } from '../speech/clean.ts';
import { InputError, SpeechError } from '../speech/errors.ts';
import type { SpeechPart } from '../speech/part.ts';
import { type Segment, segmentText } from '../speech/segment.ts';
import type { SpeechRequest, VoiceSource } from '../speech/source.ts';
import { alignPhones } from './align.ts';
import { FliteSynth } from './flite/flite-synth.ts';
import type { Synth, Utterance } from './synth.ts';
import { DEFAULT_VOICE, findVoice, LOCAL_VOICES, type LocalVoice } from './voices.ts';
import { wordsOf } from './words.ts';

/** How local speech is made. */
export interface LocalVoicesOptions {
  /** Samples a second of the audio parts, 8,000 to 48,000. Default 44,100. */
  readonly sampleRate?: number;
}

const SAMPLE_RATE = 44_100;
const NAME = 'local voices';

/** Slowest and fastest rate of speaking that stays intelligible. */
const SLOWEST = 0.5;
const FASTEST = 2;

/** Silence kept before the first sound of a stretch, and after its last within and at the end of a sentence, seconds. */
const LEAD = 0.04;
const CLAUSE_TAIL = 0.1;
const SENTENCE_TAIL = 0.28;
const LAST_TAIL = 0.15;

/** Speech made on this machine by CMU Flite: English, ten voices, no key and no network. */
export function localVoices({ sampleRate = SAMPLE_RATE }: LocalVoicesOptions = {}): VoiceSource {
  if (!Number.isInteger(sampleRate) || sampleRate < 8_000 || sampleRate > 48_000) {
    throw new InputError('sampleRate', 'a whole number from 8000 to 48000 (Hz)', String(sampleRate));
  }
  const synth = new FliteSynth();
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
  const voice = voiceOf(request);
  const speed = request.speed ?? 1;
  const clean = cleanText(request.text);
  const segments = segmentText(clean.text);
  if (segments.length === 0) throw SpeechError.empty(NAME);
  const make = (segment: Segment | undefined) =>
    segment && synthesize(synth, clean, segment, voice, speed, signal);
  let made = make(segments[0]);
  let sample = 0;
  for (const [index, segment] of segments.entries()) {
    const utterance = await made!;
    made = make(segments[index + 1]);
    made?.catch(() => {}); // Awaited in the next round, or not at all when the line is left.
    const last = index === segments.length - 1;
    const tail = last ? LAST_TAIL : segment.sentenceEnd ? SENTENCE_TAIL : CLAUSE_TAIL;
    const stretch = inVoice(utterance, tail / speed, voice, sampleRate);
    const phones = placed(stretch.phones, clean, segment, sample / sampleRate);
    yield { type: 'words', words: wordsOf(request.text, phones) };
    yield { type: 'cues', cues: cuesOfPhones(phones) };
    yield { type: 'audio', samples: stretch.samples, sampleRate };
    sample += stretch.samples.length;
  }
  yield { type: 'end' };
}

function voiceOf({ voice: name = DEFAULT_VOICE, lang = 'en', speed = 1 }: SpeechRequest): LocalVoice {
  const voice = findVoice(name);
  if (!voice) {
    const names = LOCAL_VOICES.map((known) => known.name).join(' ');
    throw SpeechError.refused(NAME, `there is no voice "${name}"; the voices are ${names}.`);
  }
  if (!/^en([-_]|$)/i.test(lang))
    throw SpeechError.refused(NAME, `only English ("en") is spoken, not "${lang}".`);
  if (!(speed >= SLOWEST && speed <= FASTEST)) {
    throw SpeechError.refused(NAME, `speed must be from ${SLOWEST} to ${FASTEST}, not ${speed}.`);
  }
  return voice;
}

function synthesize(
  synth: Synth,
  clean: CleanText,
  segment: Segment,
  voice: LocalVoice,
  speed: number,
  signal: AbortSignal,
): Promise<Utterance> {
  const text = clean.text.slice(segment.from, segment.to);
  const stretch = (voice.formants * voice.pace) / speed;
  return synth.synthesize({ text, base: voice.base, stretch, pitch: voice.pitch }, signal);
}

/** The utterance in the voice's size, loudness and rate, with its outer pauses cut to what a listener needs. */
function inVoice(utterance: Utterance, tail: number, voice: LocalVoice, sampleRate: number): Utterance {
  const rate = Math.round(utterance.sampleRate * voice.formants);
  const scale = utterance.sampleRate / rate;
  const spoken = utterance.phones.filter((phone) => phone.id !== 'pau');
  const first = spoken[0]?.start ?? 0;
  const end = spoken.at(-1)?.end ?? utterance.samples.length / utterance.sampleRate;
  const from = Math.max(0, Math.round((first - LEAD / scale) * utterance.sampleRate));
  const to = Math.round((end + tail / scale) * utterance.sampleRate);
  const cut = new Int16Array(to - from);
  cut.set(utterance.samples.subarray(from, Math.min(to, utterance.samples.length)));
  const samples = resampleAll(cut, rate, sampleRate);
  for (let index = 0; index < samples.length; index++) samples[index] = clipped(samples[index]! * voice.gain);
  const duration = samples.length / sampleRate;
  const time = (seconds: number) =>
    Math.min(duration, Math.max(0, (seconds - from / utterance.sampleRate) * scale));
  const phones = utterance.phones
    .map(({ id, start, end: until }) => ({ id, start: time(start), end: time(until) }))
    .filter((phone) => phone.end > phone.start);
  return { samples, sampleRate, phones: padded(phones, duration) };
}

function clipped(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}

/** Phones that cover the whole stretch: a pause to its end. */
function padded(phones: readonly Phone[], duration: number): Phone[] {
  const last = phones.at(-1);
  if (!last || last.end >= duration) return [...phones];
  if (last.id === 'pau') return [...phones.slice(0, -1), { ...last, end: duration }];
  return [...phones, { id: 'pau', start: last.end, end: duration }];
}

/** Phones in line time, each with its letter in the text as given. */
function placed(phones: readonly Phone[], clean: CleanText, segment: Segment, offset: number): Phone[] {
  const text = clean.text.slice(segment.from, segment.to);
  const letters = alignPhones(
    text,
    phones.map((phone) => phone.id),
  );
  return phones.map(({ id, start, end }, index) => ({
    id,
    start: start + offset,
    end: end + offset,
    from: clean.sourceIndex(segment.from + letters[index]!),
  }));
}
