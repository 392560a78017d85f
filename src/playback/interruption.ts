import { isOffline } from './offline-output.ts';

/**
 * Whether nothing of a context is heard: it is suspended, interrupted or closed. An offline context stands still between
 * the frames of its scene; that is no interruption, but its end is.
 */
export function isInterrupted(context: BaseAudioContext): boolean {
  if (context.state === 'suspended') return !isOffline(context);
  return context.state !== 'running';
}
