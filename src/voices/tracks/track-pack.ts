import { encodeTrack } from '../../pcm/track-file.ts';
import { InputError } from '../../speech/errors.ts';
import { isPlainPath, type ManifestLine } from '../../speech/manifest.ts';
import { type Track, toLineJson } from '../../speech/track.ts';
import { hashOf } from './fetch-file.ts';

/** A track ready to be written below a manifest. */
export interface PackedTrack {
  /** Its place in the manifest. */
  readonly line: ManifestLine;
  /** Content of the file at `line.wav`. */
  readonly wav: Uint8Array<ArrayBuffer>;
  /** Content of the file at `line.json`. */
  readonly json: Uint8Array<ArrayBuffer>;
}

/**
 * The files of a track, `ID.wav` and `ID.json`, and what the manifest says of them. A `/` in the id makes a folder.
 * Throws {@link InputError} for an id that is no path below the manifest.
 */
export async function packTrackAsync(id: string, track: Track): Promise<PackedTrack> {
  if (!isPlainPath(id)) {
    throw new InputError(
      'Id of a track',
      'plain names joined by "/", such as "gate/hello"',
      JSON.stringify(id),
    );
  }
  const files = encodeTrack(track);
  const json = new TextEncoder().encode(files.json);
  const { text, voice, lang, sampleRate, duration, timing, confidence } = toLineJson(track);
  const [jsonHash, wavHash] = await Promise.all([hashOf(json), hashOf(files.wav)]);
  const line: ManifestLine = {
    id,
    text,
    voice,
    lang,
    sampleRate,
    duration,
    timing,
    confidence,
    json: `${id}.json`,
    jsonBytes: json.length,
    wav: `${id}.wav`,
    wavBytes: files.wav.length,
    ...(jsonHash && { jsonHash }),
    ...(wavHash && { wavHash }),
  };
  return { line, wav: files.wav, json };
}
