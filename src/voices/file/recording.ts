import type { Wav } from '../../pcm/wav.ts';
import { InputError, SpeechError } from '../../speech/errors.ts';
import { Field } from '../../speech/field.ts';
import type { Lexicon } from '../../speech/lexicon.ts';
import { readShapes } from '../../speech/shapes-json.ts';
import type { Track } from '../../speech/track.ts';
import { trackOf } from '../../speech/track-of.ts';
import type { WorkerPlace } from '../timed/open-ears.ts';
import { type FetchOptions, fetchFile, shownUrl } from '../tracks/fetch-file.ts';
import { readCueFile } from './cue-file.ts';
import { decodeSound, soundOfBuffer } from './sound-file.ts';
import { timeRecording } from './time-recording.ts';

/** A sound file: its address, its content, or what a page has decoded of it. */
export type SoundFile = string | URL | Blob | ArrayBuffer | Uint8Array | AudioBuffer;

/** A line that somebody has recorded. */
export interface Recording {
  readonly audio: SoundFile;
  /** What is said. Default: what `cues` says, else unknown; the mouth is then made of the sound alone. */
  readonly text?: string;
  /** Who speaks; compared where a line is looked up. Default: an empty name. */
  readonly voice?: string;
  /** BCP 47. Default `en`. */
  readonly lang?: string;
  /**
   * The address or content of a file with mouth shapes: `line.json`, or JSON or TSV of Rhubarb Lip Sync. Default: none, they
   * are made of the sound, and the text where there is one.
   */
  readonly cues?: string | URL | Blob;
}

/** How recordings are loaded. */
export interface LoadRecordingOptions extends FetchOptions {
  readonly signal?: AbortSignal;
  /** How words of the game are said. */
  readonly lexicon?: Lexicon | undefined;
  /** Where the worker lies that listens, as for `timedVoices`; false: none. Default: the file beside the module. */
  readonly worker?: WorkerPlace | undefined;
}

/** How sure shapes are that Rhubarb found. */
const RHUBARB_CONFIDENCE = 0.5;

/**
 * Loads a recording and gives it a mouth: as a track, to be said, kept, exported. WAV is read anywhere, other files in
 * pages, by what their browser decodes.
 * Throws {@link InputError} for what cannot be decoded, is silent of samples, or does not belong together, and
 * {@link SpeechError} where a file cannot be fetched.
 */
export async function loadRecordingAsync(
  recording: Recording,
  options: LoadRecordingOptions = {},
): Promise<Track> {
  const { signal = new AbortController().signal } = options;
  const { audio, cues: cueFile } = recording;
  const name = nameOf(audio, 'the audio');
  const [sound, cues] = await Promise.all([
    soundOf(audio, name, signal, options),
    cueFile === undefined ? undefined : cuesOf(cueFile, signal, options),
  ]);
  if (signal.aborted) throw SpeechError.aborted();
  const { voice, lang } = recording;
  if (cues?.type === 'line') {
    const { line } = cues;
    const { text = line.text } = recording;
    if (text !== line.text) {
      throw new InputError(nameOf(cueFile!, 'the cues'), `the text ${quoted(text)}`, quoted(line.text));
    }
    const timing = { origin: line.timing, confidence: line.confidence };
    const own = { voice: voice ?? line.voice, lang: lang ?? line.lang };
    const shapes = line.shapes && {
      shapes: readShapes(new Field(line.shapes, nameOf(cueFile!, 'the cues'))),
    };
    return trackOf({ text, ...own, ...sound, cues: line.cues, words: line.words, timing, ...shapes });
  }
  const { text = '' } = recording;
  const told = { text, ...(voice !== undefined && { voice }), ...(lang !== undefined && { lang }) };
  if (cues && text === '') return trackOf({ ...told, ...sound, cues: cues.cues, timing: RHUBARB });
  const timed = await timeRecording(told, sound, options);
  if (signal.aborted) throw SpeechError.aborted();
  return cues ? trackOf({ ...timed, cues: cues.cues, timing: RHUBARB }) : timed;
}

const RHUBARB = { origin: 'audio', confidence: RHUBARB_CONFIDENCE } as const;

async function soundOf(
  audio: SoundFile,
  name: string,
  signal: AbortSignal,
  options: FetchOptions,
): Promise<Wav> {
  if (typeof audio === 'string' || audio instanceof URL) {
    return decodeSound((await fetchFile(String(audio), signal, options)).bytes, name);
  }
  if (audio instanceof Blob) return decodeSound(new Uint8Array(await audio.arrayBuffer()), name);
  if (audio instanceof ArrayBuffer) return decodeSound(new Uint8Array(audio), name);
  if (audio instanceof Uint8Array) return decodeSound(new Uint8Array(audio), name);
  if (typeof audio?.getChannelData === 'function') return soundOfBuffer(audio, name);
  throw new InputError('audio', 'an address, a Blob, an ArrayBuffer, bytes or an AudioBuffer', typeof audio);
}

async function cuesOf(cues: string | URL | Blob, signal: AbortSignal, options: FetchOptions) {
  const content =
    cues instanceof Blob
      ? await cues.text()
      : new TextDecoder().decode((await fetchFile(String(cues), signal, options)).bytes);
  return readCueFile(content, nameOf(cues, 'the cues'));
}

function nameOf(file: unknown, other: string): string {
  return typeof file === 'string' || file instanceof URL ? shownUrl(String(file)) : other;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
