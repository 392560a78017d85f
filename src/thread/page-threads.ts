import type { StartThread } from './thread.ts';

/** Workers of a page that run a module. Starting one throws where the page's policy forbids its address. */
export function pageThreads<Request, Answer>(module: string | URL): StartThread<Request, Answer> {
  return ({ onAnswer, onDeath }) => {
    const worker = new Worker(module, { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => onAnswer(data);
    // Also when the file is not there, or is no module.
    worker.onerror = (event) =>
      onDeath(new Error(event.message || `No worker could be started from ${module}.`));
    return {
      post: (request, moved = []) => worker.postMessage(request, [...moved]),
      end: () => {
        worker.onmessage = null;
        worker.onerror = null;
        worker.terminate();
      },
    };
  };
}
