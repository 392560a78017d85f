/**
 * A spoken sentence as a strip of film: `npm run filmstrip -- "text" [--out FILE.png] [--voice F1] [--speed 1]
 * [--character mira] [--emotion neutral] [--fps 15] [--columns 12] [--from S] [--to S] [--turn RADIANS]`.
 * Local speech says it, headless Chromium draws the face at every moment with its mood and signs of life, and below stand
 * the words, the sound and the opening of the lips.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { SpeechPart } from '../../src/speech/part.ts';
import { createTrack, type Track } from '../../src/speech/track.ts';
import { localVoices } from '../../src/synth/local-voices.ts';
import type { Shown } from './shown.ts';
import { drawAsync } from './studio.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'filmstrip.png' },
    voice: { type: 'string' },
    speed: { type: 'string', default: '1' },
    character: { type: 'string', default: 'mira' },
    emotion: { type: 'string', default: 'neutral' },
    fps: { type: 'string', default: '15' },
    columns: { type: 'string', default: '12' },
    from: { type: 'string', default: '0' },
    to: { type: 'string' },
    turn: { type: 'string', default: '0.2' },
  },
});
const text = positionals.join(' ') || 'Welcome back, my friend. Would you like some soup?';

const line = await speakAsync(text);
const shown: Shown = {
  text,
  samples: Array.from(line.samples),
  sampleRate: line.sampleRate,
  cues: line.cues,
  words: line.words,
  character: options.character,
  emotion: options.emotion,
  from: Number(options.from),
  to: Math.min(Number(options.to ?? line.duration), line.duration),
  fps: Number(options.fps),
  columns: Number(options.columns),
  turn: Number(options.turn),
};
await writeFile(options.out, await drawAsync((page) => page.evaluate((told) => window.film!(told), shown)));
console.log(`${options.out}: ${(shown.to - shown.from).toFixed(2)} s at ${shown.fps} frames a second`);

async function speakAsync(said: string): Promise<Track> {
  const voices = localVoices({ sampleRate: 16_000 });
  const parts: SpeechPart[] = [];
  try {
    const request = { text: said, voice: options.voice, speed: Number(options.speed) };
    for await (const part of voices.speak(request, new AbortController().signal)) parts.push(part);
  } finally {
    voices.dispose();
  }
  return createTrack(
    { text: said, voice: options.voice ?? '', lang: 'en' },
    parts.flatMap((part) => (part.type === 'audio' ? [part.samples] : [])),
    16_000,
    parts.flatMap((part) => (part.type === 'cues' ? part.cues : [])),
    parts.flatMap((part) => (part.type === 'words' ? part.words : [])),
    voices.timing,
  );
}
