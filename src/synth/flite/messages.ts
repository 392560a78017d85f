import type { SynthRequest, Utterance } from '../synth.ts';

/** To the worker: one request at a time. */
export interface FliteJob {
  readonly id: number;
  readonly request: SynthRequest;
}

/** From the worker. */
export type FliteAnswer =
  | { readonly id: number; readonly utterance: Utterance }
  | { readonly id: number; readonly error: string };
