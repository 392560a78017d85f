import type { Worker } from 'node:worker_threads';
import type { StartThread } from './thread.ts';

/**
 * Threads of Node that run a worker module: a compiled file or, in the checkout, TypeScript. A thread keeps the process
 * alive only while one of its answers is awaited: one for each request of which `answered` is true (default: all).
 */
export function nodeThreads<Request, Answer>(
  module: URL,
  answered: (request: Request) => boolean = () => true,
): StartThread<Request, Answer> {
  return ({ onAnswer, onDeath }) => {
    let awaited = 0;
    const worker = startWorker(module);
    worker.unref();
    worker.on('message', (answer: Answer) => {
      if (awaited > 0) awaited--;
      if (awaited === 0) worker.unref();
      onAnswer(answer);
    });
    worker.on('error', onDeath);
    worker.on('exit', (code) => onDeath(new Error(`The worker thread left with exit code ${code}.`)));
    return {
      post: (request, moved = []) => {
        if (answered(request) && awaited++ === 0) worker.ref();
        worker.postMessage(request, moved);
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
  // Asked for at run time: code for games holds this file too, and no bundler may look for Node's modules there.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  if (!module.pathname.endsWith('.ts')) return new Worker(module);
  // A thread must first be taught to read TypeScript; what taught the main thread does not reach here.
  const tsx = import.meta.resolve('tsx/esm/api');
  const start = `import { register } from '${tsx}'; register(); await import('${module}');`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(start)}`));
}
