import { createRequire } from 'node:module';
import { nodeThreads } from '../../thread/node-threads.ts';
import type { StartThread } from '../thread.ts';
import { ESPEAK_PACKAGE } from './package.ts';

/** Threads of Node in which eSpeak NG runs. Their module lies beside this file, compiled or not as this file is. */
export function nodeEspeak(): StartThread {
  return nodeThreads(
    import.meta.url.endsWith('.ts')
      ? new URL('./node-worker.ts', import.meta.url)
      : new URL('./node-worker.js', import.meta.url),
  );
}

/** Whether its package is installed where this one can find it. */
export function espeakHere(): boolean {
  try {
    createRequire(import.meta.url).resolve(ESPEAK_PACKAGE);
    return true;
  } catch {
    return false; // Not installed: that is the question.
  }
}
