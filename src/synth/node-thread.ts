import { Worker } from 'node:worker_threads';
import type { StartThread, ThreadAnswer } from './thread.ts';

/**
 * Threads of Node that run a worker module. An idle thread does not keep the process alive.
 * `module` is a compiled file or, in the checkout, TypeScript.
 */
export function nodeThreads(module: URL): StartThread {
  return ({ onAnswer, onDeath }) => {
    const worker = startWorker(module);
    worker.unref();
    worker.on('message', (answer: ThreadAnswer) => {
      worker.unref();
      onAnswer(answer);
    });
    worker.on('error', onDeath);
    worker.on('exit', (code) => onDeath(new Error(`The worker thread left with exit code ${code}.`)));
    return {
      post: (request) => {
        worker.ref();
        worker.postMessage(request);
      },
      end: () => {
        worker.removeAllListeners();
        worker.on('error', () => {}); // A worker that fails while it is ended has nothing more to say.
        void worker.terminate();
      },
    };
  };
}

function startWorker(module: URL): Worker {
  if (!module.pathname.endsWith('.ts')) return new Worker(module);
  // A thread must first be taught to read TypeScript; what taught the main thread does not reach here.
  const tsx = import.meta.resolve('tsx/esm/api');
  const start = `import { register } from '${tsx}'; register(); await import('${module}');`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(start)}`));
}
