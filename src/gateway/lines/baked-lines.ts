import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InputError } from '../../speech/errors.ts';
import type { ManifestLine } from '../../speech/manifest.ts';
import type { SpeechRequest } from '../../speech/source.ts';
import type { Track } from '../../speech/track.ts';
import { TrackIndex } from '../../voices/tracks/track-index.ts';
import { loadTracksAsync, type TrackLibrary } from '../../voices/tracks/track-library.ts';

/** Tracks that `parley bake` made, found by text or id; they are read, never written. */
export class BakedLines {
  readonly #library: TrackLibrary;
  readonly #byId: ReadonlyMap<string, ManifestLine>;
  readonly #byText: TrackIndex<ManifestLine>;

  private constructor(library: TrackLibrary) {
    this.#library = library;
    this.#byId = new Map(library.lines.map((line) => [line.id, line]));
    this.#byText = new TrackIndex(library.lines);
  }

  /** Reads the manifest of a folder. Rejects with {@link InputError} that says what is wrong with it. */
  static async open(folder: string): Promise<BakedLines> {
    const manifest = pathToFileURL(join(folder, 'manifest.json'));
    const fetch = async (url: string) => new Response(await readFile(fileURLToPath(url)));
    try {
      // The desk keeps lines itself, all in one bound.
      return new BakedLines(await loadTracksAsync(manifest, { fetch, keepBytes: 0 }));
    } catch (cause) {
      if (cause instanceof InputError) throw cause;
      const expected = 'a folder with a manifest.json, as "parley bake" makes it';
      throw Object.assign(new InputError('Baked lines', expected, `none in ${folder}`), { cause });
    }
  }

  /** What the manifest says of a line. */
  listed(id: string): ManifestLine | undefined {
    return this.#byId.get(id);
  }

  /** The line with this text, in the voice and language where they are named. */
  find(request: SpeechRequest): ManifestLine | undefined {
    return this.#byText.find(request);
  }

  load({ id }: ManifestLine): Promise<Track> {
    return this.#library.loadAsync(id);
  }

  dispose(): void {
    this.#library.dispose();
  }
}
