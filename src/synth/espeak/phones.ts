import { ARPABET_VOWELS, soundsOfIpa } from '../../speech/ipa.ts';
import { alignPhones } from '../align.ts';
import type { UtterancePhone } from '../synth.ts';
import type { EspeakEvent } from './package.ts';

/** Silence within a word that is the hold of a sound and no pause, seconds. */
const SHORTEST_PAUSE = 0.05;

/**
 * The engine dates voiceless stops at their burst; the lips or tongue have been closed for this long then, seconds.
 * Measured after vowels, in six languages and two voices: silence of 37 to 52 ms, 39 in the middle.
 */
const CLOSURE = 0.04;
const CLOSED = new Set(['p', 't', 'k', 'ch']);

/** Part of a sound with several phones that the first vowel of two takes, as in diphthongs. */
const FIRST_PART = 0.6;

/** A phone by its start. */
interface Start {
  readonly id: string;
  readonly start: number;
  /** Place of its word in the text, UTF-16. */
  readonly word: number;
}

/**
 * The phones of what the engine said, end to end, each with its letter. `seconds`: length of the sound.
 * Languages share one set of shapes: see {@link soundsOfIpa}.
 */
export function phonesOfEvents(
  events: readonly EspeakEvent[],
  text: string,
  seconds: number,
  sampleRate: number,
): UtterancePhone[] {
  const starts = withClosures(startsOf(events, text, seconds));
  const letters = lettersOf(starts, text);
  const length = Math.round(seconds * sampleRate);
  let reached = 0;
  return starts.map(({ id }, index) => {
    const end = Math.round((starts[index + 1]?.start ?? seconds) * sampleRate);
    reached = Math.max(reached, Math.min(end, length));
    return { id, end: reached, from: letters[index]! };
  });
}

/**
 * The word of a phone is told by the word event before it. Its own `text_position` is left over from another text
 * until the first of those comes.
 */
function startsOf(events: readonly EspeakEvent[], text: string, seconds: number): Start[] {
  const places = placesOf(text);
  const told = events.filter(({ type }) => type === 'phoneme' || type === 'word');
  const starts: Start[] = [{ id: 'pau', start: 0, word: 0 }];
  let word = 0;
  for (const [index, event] of told.entries()) {
    if (event.type === 'word') {
      word = Math.max(word, places[event.text_position - 1] ?? text.length);
      continue;
    }
    const start = event.audio_position / 1000;
    const next = told.find((later, at) => at > index && later.type === 'phoneme');
    const end = next ? next.audio_position / 1000 : seconds;
    const name = String(event.id ?? '');
    const sounds = soundsOfIpa(name.replace(/\([^)]*\)/g, ''));
    if (sounds.length === 0) {
      const last = starts.at(-1);
      const pause = name === '' && end - start >= SHORTEST_PAUSE;
      if (pause && last && last.id !== 'pau') starts.push({ id: 'pau', start, word: last.word });
      continue;
    }
    if (starts.length === 1 && start < SHORTEST_PAUSE) starts.pop();
    for (const [at, part] of partsOf(sounds.map((sound) => sound.id)).entries()) {
      starts.push({ id: sounds[at]!.id, start: start + part * (end - start), word });
    }
  }
  return starts;
}

/** Where each of several sounds begins within their time, 0 to 1. */
function partsOf(ids: readonly string[]): number[] {
  const glide = ids.length === 2 && ids.every((id) => ARPABET_VOWELS.has(id));
  return ids.map((_, index) => (glide ? index * FIRST_PART : index / ids.length));
}

/** Stops begin when the mouth closes, at the cost of what is before them, of which half stays. */
function withClosures(starts: readonly Start[]): Start[] {
  return starts.map((phone, index) => {
    const before = starts[index - 1];
    if (!before || !CLOSED.has(phone.id)) return phone;
    return { ...phone, start: Math.max(phone.start - CLOSURE, (before.start + phone.start) / 2) };
  });
}

/** UTF-16 index of each character of a text. */
function placesOf(text: string): number[] {
  const places: number[] = [];
  for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) places.push(at);
  return places;
}

/** The letter of each phone: those of a word are aligned with its letters. Pauses lie at the end of the word before. */
function lettersOf(starts: readonly Start[], text: string): number[] {
  const letters: number[] = [];
  for (let first = 0; first < starts.length; ) {
    const { word } = starts[first]!;
    const next = starts.findIndex((phone, index) => index > first && phone.word !== word);
    const last = next < 0 ? starts.length : next;
    const stretch = text.slice(word, starts[last]?.word ?? text.length);
    const ids = starts.slice(first, last).map((phone) => phone.id);
    for (const at of alignWord(stretch, ids)) letters.push(Math.max(letters.at(-1) ?? 0, word + at));
    first = last;
  }
  return letters;
}

/** Latin letters are aligned by what they write, others evenly. */
function alignWord(word: string, ids: readonly string[]): number[] {
  const plain = Array.from({ length: word.length }, (_, at) => word[at]!.normalize('NFD')[0]!).join('');
  if (/[a-z]/i.test(plain)) return alignPhones(plain, ids);
  const places = [...word.matchAll(/[\p{L}\p{N}]/gu)].map((match) => match.index);
  const spoken = ids.filter((id) => id !== 'pau').length;
  let count = 0;
  return ids.map((id) => {
    const at = places[Math.min(places.length - 1, Math.floor((count * places.length) / Math.max(1, spoken)))];
    if (id !== 'pau') count++;
    return at ?? 0;
  });
}
