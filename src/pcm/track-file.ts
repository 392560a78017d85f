import { InputError } from '../speech/errors.ts';
import { joinTrack, parseLineJson } from '../speech/line-json.ts';
import { type Track, toLineJson } from '../speech/track.ts';
import { decodeWav, encodeWav } from './wav.ts';

/** A track in the form of two files, as `parley say` writes them. */
export interface TrackFiles {
  /** The content of `line.wav`: 16-bit PCM, mono. */
  readonly wav: Uint8Array<ArrayBuffer>;
  /** The content of `line.json`; UTF-8 when it is written. */
  readonly json: string;
}

/** How the two files are called in errors. */
export interface TrackFileNames {
  /** Default `line.wav`. */
  readonly wav?: string;
  /** Default `line.json`. */
  readonly json?: string;
}

/** The files of a track. Nothing is lost but the letters that cues belong to, which `line.json` does not name. */
export function encodeTrack(track: Track): TrackFiles {
  return { wav: encodeWav(track), json: `${JSON.stringify(toLineJson(track), undefined, 2)}\n` };
}

/**
 * The track of two files. Cues and words are put in order, cut to the sound and filled up.
 * Throws {@link InputError}, which names the file and the place in it, for what is no such file or cannot be mended,
 * and for files that do not belong together.
 */
export function decodeTrack(
  files: { readonly wav: Uint8Array; readonly json: string },
  { wav = 'line.wav', json = 'line.json' }: TrackFileNames = {},
): Track {
  const line = parseLineJson(parseJson(files.json, json), json);
  return joinTrack(line, decodeWav(files.wav, wav), wav);
}

/** Throws {@link InputError}, which names `file`, for a text that is no JSON. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(file, 'JSON', `something else (${reason})`);
  }
}
