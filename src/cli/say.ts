import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resampleAll } from '../pcm/resampler.ts';
import { encodeWav } from '../pcm/wav.ts';
import { collectTrack, coverWithCues, type Track, toLineJson } from '../speech/track.ts';
import { UsageError } from './exit.ts';
import { numberOption } from './numbers.ts';
import { openSource } from './sources.ts';

/** Options of `parley say`, as written. */
export interface SayOptions {
  readonly source: string;
  readonly out: string;
  readonly url?: string;
  readonly voice?: string;
  readonly lang?: string;
  readonly speed?: string;
  readonly rate?: string;
  readonly timeout?: string;
}

/** Voice and language that are written down where none was asked for: the local source's own. */
const DEFAULT_VOICE = 'F1';
const DEFAULT_LANG = 'en';

/** Speaks a text into `line.wav` and `line.json`; both are written, or none. */
export async function say(text: string, options: SayOptions): Promise<void> {
  if (text.trim() === '') throw new UsageError('there is no text to say.');
  const speed = numberOption('--speed', options.speed, { min: 0.5, max: 2 }) ?? 1;
  const rate = numberOption('--rate', options.rate, { min: 8_000, max: 48_000, whole: true });
  const timeout = numberOption('--timeout', options.timeout, { min: 0.01, max: 3_600 });
  const source = openSource(options.source, { url: options.url, timeout });
  const request = { text, voice: options.voice ?? DEFAULT_VOICE, lang: options.lang ?? DEFAULT_LANG };
  try {
    const parts = source.speak({ ...request, speed }, new AbortController().signal);
    const track = await collectTrack(parts, request, source.timing);
    await write(rate ? atRate(track, rate) : track, options.out);
  } finally {
    source.dispose();
  }
}

/** The track at another rate. Its duration is that of its samples, to which its cues and words are fitted. */
function atRate(track: Track, sampleRate: number): Track {
  if (sampleRate === track.sampleRate) return track;
  const samples = resampleAll(track.samples, track.sampleRate, sampleRate);
  const duration = samples.length / sampleRate;
  const words = track.words.map((word) => ({ ...word, end: Math.min(word.end, duration) }));
  return { ...track, samples, sampleRate, duration, cues: coverWithCues(track.cues, duration), words };
}

/** Writes beside the goal and renames, so that no reader ever sees half a file; on failure neither file is left. */
async function write(track: Track, folder: string): Promise<void> {
  const files = [
    ['line.wav', encodeWav(track)],
    ['line.json', `${JSON.stringify(toLineJson(track), undefined, 2)}\n`],
  ] as const;
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, content] of files) {
      const temporary = join(folder, `.${name}.${process.pid}.part`);
      written.push(temporary);
      await writeFile(temporary, content);
    }
    for (const [index, [name]] of files.entries()) {
      await rename(written[index]!, join(folder, name));
      written[index] = join(folder, name);
    }
  } catch (error) {
    for (const file of written) await rm(file, { force: true }).catch(() => {}); // The first error says what is wrong.
    throw new UsageError(`cannot write to ${folder}: ${error instanceof Error ? error.message : error}`);
  }
}
