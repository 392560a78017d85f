import { Worker } from 'node:worker_threads';
import { SpeechError } from '../../speech/errors.ts';
import type { Synth, SynthRequest, Utterance } from '../synth.ts';
import type { FliteAnswer, FliteJob } from './messages.ts';

/** Longest time one stretch of text may take, milliseconds: a hundred times what it takes on a slow machine. */
const HUNG_AFTER_MS = 10_000;

interface Waiting {
  readonly request: SynthRequest;
  readonly resolve: (utterance: Utterance) => void;
  readonly reject: (error: SpeechError) => void;
}

/** Flite in a worker thread: one stretch at a time, in the order asked. A hung or dead worker is replaced. */
export class FliteSynth implements Synth {
  readonly #waiting: Waiting[] = [];
  #worker: Worker | undefined;
  #running: Waiting | undefined;
  #watchdog: NodeJS.Timeout | undefined;
  #jobs = 0;
  #disposed = false;

  prepare(): void {
    if (!this.#disposed) this.#worker ??= this.#start();
  }

  synthesize(request: SynthRequest, signal: AbortSignal): Promise<Utterance> {
    return new Promise((resolve, reject) => {
      if (this.#disposed || signal.aborted) return reject(SpeechError.aborted());
      const onAbort = () => {
        const index = this.#waiting.indexOf(waiting);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(SpeechError.aborted());
      };
      const waiting: Waiting = {
        request,
        resolve: (utterance) => {
          signal.removeEventListener('abort', onAbort);
          resolve(utterance);
        },
        reject: (error) => {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(SpeechError.aborted());
    this.#drop(SpeechError.aborted());
  }

  #next(): void {
    if (this.#running) return;
    const next = this.#waiting.shift();
    this.#running = next;
    if (!next) return;
    this.prepare();
    this.#worker!.ref();
    this.#watchdog = setTimeout(() => {
      this.#drop(
        SpeechError.synthesisFailed(`no answer within ${HUNG_AFTER_MS / 1000} s; its worker was replaced`),
      );
      this.#next();
    }, HUNG_AFTER_MS);
    const job: FliteJob = { id: ++this.#jobs, request: next.request };
    this.#worker!.postMessage(job);
  }

  #handle(answer: FliteAnswer): void {
    if (answer.id !== this.#jobs || !this.#running) return;
    const running = this.#running;
    this.#running = undefined;
    clearTimeout(this.#watchdog);
    this.#worker?.unref(); // An idle synth does not keep the process alive.
    if ('utterance' in answer) running.resolve(answer.utterance);
    else running.reject(SpeechError.synthesisFailed(answer.error));
    this.#next();
  }

  /** Ends the worker and with it what it was doing. */
  #drop(reason: SpeechError): void {
    clearTimeout(this.#watchdog);
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.removeAllListeners();
    worker?.on('error', () => {}); // A worker that dies while it is ended has nothing more to say.
    void worker?.terminate();
    const running = this.#running;
    this.#running = undefined;
    running?.reject(reason);
  }

  #start(): Worker {
    const worker = startWorker();
    worker.unref();
    worker.on('message', (answer: FliteAnswer) => this.#handle(answer));
    worker.on('error', (error) => {
      this.#drop(SpeechError.synthesisFailed('its worker died', error));
      this.#next();
    });
    return worker;
  }
}

function startWorker(): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./node-worker.js', import.meta.url));
  // In the checkout the worker is TypeScript, which its thread must first be taught to read.
  const file = new URL('./node-worker.ts', import.meta.url);
  const tsx = import.meta.resolve('tsx/esm/api');
  const start = `import { register } from '${tsx}'; register(); await import('${file}');`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(start)}`));
}
