import type { LineFacts } from '../../lipsync/timing/line-ear.ts';
import { nodeThreads } from '../../thread/node-threads.ts';
import { pageThreads } from '../../thread/page-threads.ts';
import type { StartThread } from '../../thread/thread.ts';
import type { EarAnswer, EarRequest } from './ear-message.ts';
import type { Ear, Ears } from './ears.ts';
import { HereEars } from './here-ears.ts';
import { ThreadEars } from './thread-ears.ts';
import { WORKER_URL } from './worker-url.ts';

/** Where the worker's file lies; false: lines are listened to in this thread. */
export type WorkerPlace = string | URL | false;

const asks = ({ type }: EarRequest): boolean => type === 'audio' || type === 'end';

/** How threads are started here; undefined where there are none. */
function threadsHere(place: string | URL | undefined): StartThread<EarRequest, EarAnswer> | undefined {
  if (typeof Worker === 'function') return pageThreads(place ?? WORKER_URL);
  if (!globalThis.process?.getBuiltinModule) return undefined;
  // In the checkout nothing is compiled, and there is no bundle beside this module.
  const own = import.meta.url.endsWith('.ts')
    ? WORKER_URL.href.replace('.worker.js', '-worker.ts')
    : WORKER_URL;
  return nodeThreads(new URL(place ?? own, import.meta.url), asks);
}

/**
 * Listens to lines in a thread that is started with the first; where none can be had (another policy of the page, a file
 * that is not where it should be), in this thread.
 */
export class OpenEars implements Ears {
  readonly #place: WorkerPlace | undefined;
  #ears: Promise<Ears> | undefined;
  #thread: ThreadEars | undefined;
  #disposed = false;

  constructor(place: WorkerPlace | undefined) {
    this.#place = place;
  }

  /** Why this thread listens itself, where that was not asked for. */
  trouble: unknown;

  async prepare(lang: string): Promise<void> {
    await (await this.#open()).prepare(lang);
  }

  async open(facts: LineFacts): Promise<Ear> {
    return (await this.#open()).open(facts);
  }

  dispose(): void {
    this.#disposed = true;
    this.#thread?.dispose();
    this.#ears?.then((ears) => ears.dispose());
  }

  #open(): Promise<Ears> {
    this.#ears ??= this.#start();
    return this.#ears;
  }

  async #start(): Promise<Ears> {
    try {
      const start = this.#place === false ? undefined : threadsHere(this.#place);
      if (!start || this.#disposed) return new HereEars();
      this.#thread = new ThreadEars(start);
      await this.#thread.started;
      return this.#thread;
    } catch (error) {
      this.trouble = error;
      return new HereEars();
    }
  }
}
