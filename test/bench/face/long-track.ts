/** A long line that nobody has to hear. */
import type { Cue, WordMark } from '../../../src/speech/cue.ts';
import type { Track } from '../../../src/speech/track.ts';
import { VISEMES } from '../../../src/speech/viseme.ts';

const RATE = 8_000;
/** Length of a sound and of a word, seconds: those of fluent speech. */
const SOUND = 0.075;
const WORD = 0.33;
const WORDS_OF_A_PHRASE = 8;

/** A hum of `seconds` in which all visemes follow each other; other numbers give other orders. */
export function longTrack(seconds: number, number: number): Track {
  const count = Math.floor(seconds / SOUND);
  const cues: Cue[] = Array.from({ length: count }, (_, i) => ({
    viseme: VISEMES[(i * (7 + 2 * number) + (i >> 3)) % VISEMES.length]!,
    start: i * SOUND,
    end: i === count - 1 ? seconds : (i + 1) * SOUND,
    weight: 1,
  }));
  const words: WordMark[] = [];
  let text = '';
  for (let i = 0; i < seconds / WORD - 1; i++) {
    const word = ['the', 'mountain', 'of', 'silver', 'stood', 'by', 'a', 'village'][i % WORDS_OF_A_PHRASE]!;
    words.push({
      text: word,
      start: i * WORD,
      end: (i + 0.8) * WORD,
      from: text.length,
      to: text.length + word.length,
    });
    text += word + (i % WORDS_OF_A_PHRASE === WORDS_OF_A_PHRASE - 1 ? '. ' : ' ');
  }
  const samples = Int16Array.from({ length: seconds * RATE }, (_, i) => 6_000 * Math.sin(i / 9));
  return {
    text,
    voice: '',
    lang: 'en',
    samples,
    sampleRate: RATE,
    duration: seconds,
    timing: { origin: 'service', confidence: 1 },
    cues,
    words,
  };
}
