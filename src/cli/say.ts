import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resampleAll } from '../pcm/resampler.ts';
import { encodeTrack } from '../pcm/track-file.ts';
import { collectTrack, coverWithCues, type Track } from '../speech/track.ts';
import { UsageError } from './exit.ts';
import { lexiconOption } from './lexicon-option.ts';
import { numberOption } from './numbers.ts';
import { defaultVoiceOf, openSource } from './sources/index.ts';

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
  readonly lexicon?: string;
}

/** The language that is asked for and written down where none was given. */
const DEFAULT_LANG = 'en';

/** Speaks a text into `line.wav` and `line.json`; both are written, or none. */
export async function say(text: string, options: SayOptions): Promise<void> {
  if (text.trim() === '') throw new UsageError('there is no text to say.');
  const speed = numberOption('--speed', options.speed, { min: 0.5, max: 2 }) ?? 1;
  const rate = numberOption('--rate', options.rate, { min: 8_000, max: 48_000, whole: true });
  const timeout = numberOption('--timeout', options.timeout, { min: 0.01, max: 3_600 });
  const lexicon = await lexiconOption(options.lexicon);
  const source = openSource(options.source, { url: options.url, urlOption: '--url', timeout, lexicon });
  const voice = options.voice ?? defaultVoiceOf(options.source, options.url, options.lang);
  const request = { text, voice, lang: options.lang ?? DEFAULT_LANG };
  try {
    const parts = source.speak({ ...request, speed }, new AbortController().signal);
    const track = withHonestTiming(await collectTrack(parts, request, source.timing));
    await write(rate ? atRate(track, rate) : track, options.out);
  } finally {
    source.dispose();
  }
}

/** Services that could tell the times of words do so for some voices only: without any, nothing is known of the mouth. */
function withHonestTiming(track: Track): Track {
  if (track.timing.origin !== 'words' || track.words.length > 0) return track;
  return { ...track, timing: { origin: 'audio', confidence: 0 } };
}

/** The track at another rate. Its duration is that of its samples, to which its cues and words are fitted. */
function atRate(track: Track, sampleRate: number): Track {
  if (sampleRate === track.sampleRate) return track;
  const samples = resampleAll(track.samples, track.sampleRate, sampleRate);
  const duration = samples.length / sampleRate;
  const words = track.words.map((word) => ({ ...word, end: Math.min(word.end, duration) }));
  return { ...track, samples, sampleRate, duration, cues: coverWithCues(track.cues, duration), words };
}

/** What stands in the way of a file, for people; Node's own message holds names of temporary files. */
const OBSTACLES: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file, not a folder',
  ENOTDIR: 'a part of that path is a file, not a folder',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'that disk can only be read',
  ENOSPC: 'the disk is full',
};

/** Writes beside the goal and renames, so that no reader ever sees half a file; on failure neither file is left. */
async function write(track: Track, folder: string): Promise<void> {
  const { wav, json } = encodeTrack(track);
  const files = [
    ['line.wav', wav],
    ['line.json', json],
  ] as const;
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const [name] of files) await refuseFolder(folder, name);
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
    if (error instanceof UsageError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot write to ${folder}: ${OBSTACLES[code] ?? message}.`);
  }
}

/** Checked before the first file takes its place: if the second then could not, the first would have cost an earlier line. */
async function refuseFolder(folder: string, name: string): Promise<void> {
  const there = await stat(join(folder, name)).catch(() => undefined); // Most often there is nothing yet.
  if (there?.isDirectory()) throw new UsageError(`cannot write to ${folder}: ${name} there is a folder.`);
}
