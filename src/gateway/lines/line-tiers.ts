import { SpeechError } from '../../speech/errors.ts';
import type { ManifestLine } from '../../speech/manifest.ts';
import type { Track } from '../../speech/track.ts';
import type { LineCache } from '../stores/store.ts';
import type { BakedLines } from './baked-lines.ts';
import type { DiskCache } from './disk-cache.ts';
import { packLine, unpackLine } from './line-blob.ts';

/** Where a kept line was found. */
export type LineTier = 'memory' | 'baked' | 'disk' | 'cluster';

/** Lines that are whole, beyond those in memory: nearest first. A fault of any of them is told, and costs nothing but time. */
export class LineTiers {
  readonly #baked: BakedLines | undefined;
  readonly #disk: DiskCache | undefined;
  readonly #cluster: LineCache | undefined;
  readonly #onError: (error: unknown) => void;

  constructor(
    baked: BakedLines | undefined,
    disk: DiskCache | undefined,
    cluster: LineCache | undefined,
    onError: (error: unknown) => void,
  ) {
    this.#baked = baked;
    this.#disk = disk;
    this.#cluster = cluster;
    this.#onError = onError;
  }

  /** A line by its key, or the track that it was found to have. */
  async find(
    key: string,
    baked: ManifestLine | undefined,
  ): Promise<{ readonly track: Track; readonly tier: LineTier } | undefined> {
    const tracked = baked && (await this.#ask(() => this.#baked!.load(baked)));
    if (tracked) return { track: tracked, tier: 'baked' };
    const written = await this.#ask(async () => this.#disk?.get(key));
    if (written) return { track: written, tier: 'disk' };
    const shared = await this.findShared(key);
    if (shared) this.#disk?.put(key, shared);
    return shared && { track: shared, tier: 'cluster' };
  }

  /** What others keep. */
  async findShared(key: string): Promise<Track | undefined> {
    const packed = await this.#cluster?.get(key);
    if (!packed) return undefined;
    try {
      return unpackLine(key, packed);
    } catch (error) {
      this.#onError(error);
      await this.#cluster?.drop(key);
      return undefined;
    }
  }

  /** Keeps a line; one that was spoken here for others too. Resolves once others can find it. */
  async keep(key: string, track: Track, forOthers: boolean): Promise<void> {
    this.#disk?.put(key, track);
    if (forOthers) await this.#cluster?.put(key, packLine(key, track));
  }

  /** Resolves once all is written. */
  async dispose(): Promise<void> {
    this.#baked?.dispose();
    await this.#disk?.settled();
  }

  async #ask(load: () => Promise<Track | undefined>): Promise<Track | undefined> {
    try {
      return await load();
    } catch (error) {
      if (!(error instanceof SpeechError && error.code === 'aborted')) this.#onError(error);
      return undefined;
    }
  }
}
