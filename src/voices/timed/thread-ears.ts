import { isEnglish, loadPackedEnglish, loadPackedSounds } from '../../lipsync/timing/learned.ts';
import type { LineFacts, Told } from '../../lipsync/timing/line-ear.ts';
import { SpeechError } from '../../speech/errors.ts';
import type { StartThread, Thread } from '../../thread/thread.ts';
import type { EarAnswer, EarRequest } from './ear-message.ts';
import type { Ear, Ears } from './ears.ts';

/** A thread that is not there by then counts as one that cannot be started, ms. */
const LATEST_MS = 5_000;

interface Asked {
  resolve(told: Told): void;
  reject(error: unknown): void;
}

/** Listens to lines in one thread. */
export class ThreadEars implements Ears {
  readonly #thread: Thread<EarRequest>;
  /** Resolves once the thread runs; rejects where it cannot be had. */
  readonly started: Promise<void>;
  readonly #settle: (error?: unknown) => void;
  readonly #asked = new Map<number, Asked>();
  #line = 0;
  #sounds: Promise<void> | undefined;
  #english: Promise<void> | undefined;
  #gone: unknown;

  /** Throws where a thread cannot even be asked for. */
  constructor(start: StartThread<EarRequest, EarAnswer>) {
    let settle: (error?: unknown) => void = () => {};
    this.started = new Promise((resolve, reject) => {
      settle = (error) => (error === undefined ? resolve() : reject(error));
    });
    this.started.catch(() => {}); // Whoever waits is told.
    const late = setTimeout(() => this.#leave(new Error('The worker did not start in time.')), LATEST_MS);
    this.#settle = (error) => {
      clearTimeout(late);
      settle(error);
    };
    this.#thread = start({
      onAnswer: (answer) => this.#take(answer),
      onDeath: (cause) => this.#leave(cause ?? new Error('The worker is gone.')),
    });
  }

  prepare(lang: string): Promise<void> {
    this.#sounds ??= loadPackedSounds().then((packed) => this.#post({ type: 'sounds', packed }));
    const own = this.#sounds;
    if (!isEnglish(lang)) return own;
    this.#english ??= loadPackedEnglish().then((packed) => this.#post({ type: 'english', packed }));
    return Promise.all([own, this.#english]).then(() => {});
  }

  async open(facts: LineFacts): Promise<Ear> {
    await this.prepare(facts.lang);
    const line = ++this.#line;
    this.#post({ type: 'open', line, facts });
    return {
      addCues: (cues) => this.#post({ type: 'cues', line, cues }),
      addText: (text, known, whole) => this.#post({ type: 'text', line, text, known, whole }),
      addWords: (words) => this.#post({ type: 'words', line, words }),
      push: (samples) => {
        const own = samples.slice();
        return this.#ask(line, { type: 'audio', line, samples: own }, [own.buffer]);
      },
      end: () => this.#ask(line, { type: 'end', line }),
      close: () => {
        this.#asked.delete(line);
        this.#post({ type: 'close', line });
      },
    };
  }

  dispose(): void {
    this.#leave(SpeechError.aborted());
  }

  #ask(line: number, request: EarRequest, moved: ArrayBuffer[] = []): Promise<Told> {
    return new Promise((resolve, reject) => {
      if (this.#gone) return reject(this.#gone);
      this.#asked.set(line, { resolve, reject });
      this.#post(request, moved);
    });
  }

  #post(request: EarRequest, moved: ArrayBuffer[] = []): void {
    if (!this.#gone) this.#thread.post(request, moved);
  }

  #take(answer: EarAnswer): void {
    if (answer.type === 'ready') {
      this.#settle();
      return;
    }
    const asked = this.#asked.get(answer.line);
    this.#asked.delete(answer.line);
    if (answer.type === 'told') asked?.resolve(answer.told);
    else asked?.reject(new Error(answer.error));
  }

  #leave(cause: unknown): void {
    if (this.#gone) return;
    this.#gone = cause;
    this.#settle(cause);
    for (const asked of this.#asked.values()) asked.reject(cause);
    this.#asked.clear();
    this.#thread.end();
  }
}
