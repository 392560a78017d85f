import { nodeThreads } from '../../thread/node-threads.ts';
import type { StartThread } from '../thread.ts';

/** Threads of Node in which Flite runs. Their module lies beside this file, compiled or not as this file is. */
export function nodeFlite(): StartThread {
  return nodeThreads(
    import.meta.url.endsWith('.ts')
      ? new URL('./node-worker.ts', import.meta.url)
      : new URL('./node-worker.js', import.meta.url),
  );
}
