import { access, constants } from 'node:fs/promises';
import cacache from 'cacache';
import { LRUCache } from 'lru-cache';
import { InputError } from '../../speech/errors.ts';
import type { Track } from '../../speech/track.ts';
import { packLine, unpackLine } from './line-blob.ts';
import { makeFolder } from './make-folder.ts';

/** How lines are kept on disk. */
export interface DiskCacheOptions {
  /** A folder of its own, made where it is not there. For one process at a time. */
  readonly folder: string;
  /** Most bytes of lines; those unused for longest go first. Default 1 GiB: some three hours at 44.1 kHz. */
  readonly maxBytes?: number | undefined;
  /** Told of faults of the disk; lines are spoken all the same. */
  readonly onError: (error: unknown) => void;
}

const DEFAULT_BYTES = 1024 ** 3;

/** Its types lack the options, without which an index only grows. */
const removeEntry: (folder: string, key: string, options: { removeFully: true }) => Promise<unknown> =
  cacache.rm.entry;

async function checkFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    const got = `${folder} (${code})`;
    throw Object.assign(new InputError('Folder of kept lines', 'a folder to write to', got), { cause });
  }
}

/** Lines on disk, which outlast the process. Every one is checked when it is read; a damaged one is removed. */
export class DiskCache {
  readonly #folder: string;
  readonly #onError: (error: unknown) => void;
  /** Bytes of each line, in the order of their last use. */
  readonly #sizes: LRUCache<string, number>;
  /** What happens to files happens one after another. */
  #work: Promise<void> = Promise.resolve();

  private constructor({ folder, maxBytes = DEFAULT_BYTES, onError }: DiskCacheOptions) {
    this.#folder = folder;
    this.#onError = onError;
    this.#sizes = new LRUCache<string, number>({
      maxSize: maxBytes,
      sizeCalculation: (bytes) => bytes,
      dispose: (_, key, reason) => {
        if (reason !== 'set') this.#do(() => this.#remove(key));
      },
    });
  }

  /** Opens a folder with what it holds; what is too much goes. Rejects with {@link InputError} when it cannot be used. */
  static async open(options: DiskCacheOptions): Promise<DiskCache> {
    await checkFolder(options.folder);
    const cache = new DiskCache(options);
    const there = Object.values(await cacache.ls(options.folder)).sort((a, b) => a.time - b.time);
    for (const { key, size } of there) cache.#sizes.set(key, Math.max(1, size));
    await cache.#work;
    return cache;
  }

  /** Bytes of lines that are kept. */
  get bytes(): number {
    return this.#sizes.calculatedSize;
  }

  /** The track of a line; undefined where there is none, or a damaged one, which is removed. */
  async get(key: string): Promise<Track | undefined> {
    if (this.#sizes.get(key) === undefined) return undefined;
    try {
      const { data } = await cacache.get(this.#folder, key, { memoize: false });
      return unpackLine(key, data);
    } catch (error) {
      this.#onError(error);
      this.#sizes.delete(key);
      return undefined;
    }
  }

  /** Keeps a line, later on: nobody waits for a disk. */
  put(key: string, track: Track): void {
    this.#do(async () => {
      if (this.#sizes.has(key)) return;
      const packed = packLine(key, track);
      if (packed.length > this.#sizes.maxSize) return;
      await cacache.put(this.#folder, key, packed);
      this.#sizes.set(key, packed.length);
    });
  }

  /** Resolves once all is written. */
  async settled(): Promise<void> {
    for (let work: Promise<void> | undefined; work !== this.#work; await work) work = this.#work;
  }

  async #remove(key: string): Promise<void> {
    const entry = await cacache.get.info(this.#folder, key);
    await removeEntry(this.#folder, key, { removeFully: true });
    if (entry && !this.#sizes.has(key)) await cacache.rm.content(this.#folder, entry.integrity);
  }

  #do(task: () => Promise<void>): void {
    this.#work = this.#work.then(task).catch(this.#onError);
  }
}
