import { readFile, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseJson } from '../../pcm/track-file.ts';
import { InputError } from '../../speech/errors.ts';
import { type ManifestLine, parseManifest } from '../../speech/manifest.ts';
import type { Track } from '../../speech/track.ts';
import { checkFile } from '../../voices/tracks/fetch-file.ts';
import { packTrackAsync } from '../../voices/tracks/track-pack.ts';
import { UnreadableError } from '../exit.ts';
import { writeTogether } from '../write-together.ts';

const MANIFEST = 'manifest.json';

/** While lines are spoken the manifest is written no more often than this, milliseconds: so much a crash may cost. */
const SAVE_MS = 1_000;

/** A folder of tracks with its manifest. */
export class BakedFolder {
  readonly #folder: string;
  readonly #lines: Map<string, ManifestLine>;
  readonly #order: readonly string[];
  #saved: string | undefined;
  #savedMs = 0;
  #saving: Promise<void> = Promise.resolve();

  private constructor(folder: string, lines: readonly ManifestLine[], order: readonly string[]) {
    this.#folder = folder;
    this.#order = order;
    this.#lines = new Map(lines.map((line) => [line.id, line]));
  }

  /**
   * What a folder holds by now; nothing, where it is not there. `order` is that of the lines in the manifest, by their
   * ids; others follow. Throws {@link UnreadableError} for a manifest that is none.
   */
  static async open(folder: string, order: readonly string[]): Promise<BakedFolder> {
    const file = join(folder, MANIFEST);
    try {
      const text = await readFile(file, 'utf8');
      const opened = new BakedFolder(folder, parseManifest(parseJson(text, file), file).lines, order);
      opened.#saved = text;
      return opened;
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return new BakedFolder(folder, [], order);
      throw new UnreadableError(
        error instanceof InputError ? message : `cannot read ${file}: ${message}`,
        error,
      );
    }
  }

  /** Names of all tracks in the manifest. */
  get ids(): string[] {
    return [...this.#lines.keys()];
  }

  find(id: string): ManifestLine | undefined {
    return this.#lines.get(id);
  }

  /** Whether the files of a track are there, as the manifest says. */
  async isWhole({ json, jsonBytes, jsonHash, wav, wavBytes, wavHash }: ManifestLine): Promise<boolean> {
    try {
      await checkFile(await this.#read(json), json, jsonBytes, jsonHash);
      await checkFile(await this.#read(wav), wav, wavBytes, wavHash);
      return true;
    } catch {
      return false; // Whatever is the matter, it is made anew.
    }
  }

  /** Writes a track, and the manifest if that was long ago. */
  async put(id: string, track: Track, more: Pick<ManifestLine, 'bakedFrom' | 'emotion'>): Promise<void> {
    const { line, wav, json } = await packTrackAsync(id, track);
    await writeTogether(join(this.#folder, dirname(line.wav)), [
      [basename(line.wav), wav],
      [basename(line.json), json],
    ]);
    this.#lines.set(id, { ...line, ...more });
    if (performance.now() - this.#savedMs >= SAVE_MS) await this.save();
  }

  /** Changes what the manifest says of a track, not the track. */
  describe(id: string, emotion: string | undefined): void {
    const line = this.#lines.get(id);
    if (!line || line.emotion === emotion) return;
    const { emotion: _, ...rest } = line;
    this.#lines.set(id, { ...rest, ...(emotion !== undefined && { emotion }) });
  }

  /** Removes a track, and the folder that it leaves empty. */
  async remove(id: string): Promise<void> {
    const line = this.#lines.get(id);
    if (!line) return;
    this.#lines.delete(id);
    await this.save(); // First, so that nothing is named that is gone.
    for (const path of [line.wav, line.json]) await rm(join(this.#folder, path), { force: true });
    for (let folder = dirname(line.wav); folder !== '.'; folder = dirname(folder)) {
      try {
        await rmdir(join(this.#folder, folder));
      } catch {
        return; // Others live there.
      }
    }
  }

  /** Writes the manifest, if anything in it has changed. */
  save(): Promise<void> {
    this.#savedMs = performance.now();
    this.#saving = this.#saving.then(async () => {
      const text = this.#manifest();
      if (text === this.#saved) return;
      await writeTogether(this.#folder, [[MANIFEST, text]]);
      this.#saved = text;
    });
    return this.#saving;
  }

  #manifest(): string {
    const listed = this.#order.flatMap((id) => this.#lines.get(id) ?? []);
    const known = new Set(this.#order);
    const others = [...this.#lines.values()].filter(({ id }) => !known.has(id));
    return `${JSON.stringify({ version: 1, lines: [...listed, ...others] }, undefined, 1)}\n`;
  }

  async #read(path: string): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await readFile(join(this.#folder, path)));
  }
}
