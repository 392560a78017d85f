/**
 * A spoken sentence as a strip of film: `npm run filmstrip -- "text" [--out FILE.png] [--voice F1] [--speed 1]
 * [--character mira] [--emotion neutral] [--fps 15] [--columns 12] [--from S] [--to S] [--turn RADIANS]`.
 * Local speech says it, headless Chromium draws the face at every moment with its mood and signs of life, and below stand
 * the words, the sound and the opening of the lips.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { resolveEmotion } from '../../src/pose/emotion.ts';
import { InputError } from '../../src/speech/errors.ts';
import type { SpeechPart } from '../../src/speech/part.ts';
import { createTrack, type Track } from '../../src/speech/track.ts';
import { localVoices } from '../../src/synth/local-voices.ts';
import { characterOf, numberOf, parsed, runAsync } from './command.ts';
import type { Shown } from './shown.ts';
import { drawAsync } from './studio.ts';

/** Longest line, seconds. */
const LONGEST_LINE = 600;
/** Longest film, pictures: more would take a canvas larger than Chromium has. */
const MOST_PICTURES = 600;

await runAsync(async () => {
  const { values, positionals } = parsed(() =>
    parseArgs({
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
    }),
  );
  const text = positionals.join(' ') || 'Welcome back, my friend. Would you like some soup?';
  const speed = numberOf('--speed', values.speed, 0.5, 2);
  const view = {
    character: characterOf(values.character),
    emotion: values.emotion,
    fps: numberOf('--fps', values.fps, 1, 120),
    columns: Math.round(numberOf('--columns', values.columns, 1, 60)),
    turn: numberOf('--turn', values.turn, -1.5, 1.5),
  };
  resolveEmotion('--emotion', values.emotion);
  const from = numberOf('--from', values.from, 0, LONGEST_LINE);
  const wanted = values.to === undefined ? LONGEST_LINE : numberOf('--to', values.to, from, LONGEST_LINE);

  const line = await speakAsync(text, values.voice, speed);
  const to = Math.min(wanted, line.duration);
  if (from >= to) throw new InputError('--from', `a moment before ${to.toFixed(2)} s`, `${from}`);
  const pictures = (to - from) * view.fps;
  if (pictures > MOST_PICTURES)
    throw new InputError('--fps', `at most ${MOST_PICTURES} pictures`, pictures.toFixed());
  const { samples, sampleRate, cues, words } = line;
  const shown: Shown = { text, samples: Array.from(samples), sampleRate, cues, words, from, to, ...view };
  await writeFile(values.out, await drawAsync((page) => page.evaluate((told) => window.film!(told), shown)));
  console.log(`${values.out}: ${(to - from).toFixed(2)} s at ${view.fps} frames a second`);
});

async function speakAsync(said: string, voice: string | undefined, speed: number): Promise<Track> {
  const voices = localVoices({ sampleRate: 16_000 });
  const parts: SpeechPart[] = [];
  try {
    const request = { text: said, voice, speed };
    for await (const part of voices.speak(request, new AbortController().signal)) parts.push(part);
  } finally {
    voices.dispose();
  }
  return createTrack(
    { text: said, voice: voice ?? '', lang: 'en' },
    parts.flatMap((part) => (part.type === 'audio' ? [part.samples] : [])),
    16_000,
    parts.flatMap((part) => (part.type === 'cues' ? part.cues : [])),
    parts.flatMap((part) => (part.type === 'words' ? part.words : [])),
    voices.timing,
  );
}
