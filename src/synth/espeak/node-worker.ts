/** The thread in which eSpeak NG runs, in Node. */
import { parentPort } from 'node:worker_threads';
import type { SynthRequest } from '../synth.ts';
import type { ThreadAnswer } from '../thread.ts';
import { MnemonicWriter } from './mnemonics.ts';
import { loadEspeak } from './package.ts';
import { speakWithEspeak } from './speak.ts';

if (!parentPort) throw new Error('This file is a worker thread.');
const port = parentPort;

const desk = loadEspeak().then((engine) => ({ engine, writer: new MnemonicWriter(engine) }));
desk.catch(() => {}); // Told to whoever asks.

async function answer(request: SynthRequest): Promise<void> {
  try {
    const utterance = speakWithEspeak(await desk, request);
    const done: ThreadAnswer = { utterance };
    port.postMessage(done, [utterance.samples.buffer]);
  } catch (error) {
    const failed: ThreadAnswer = { error: error instanceof Error ? error.message : String(error) };
    port.postMessage(failed);
  }
}

port.on('message', (request: SynthRequest) => void answer(request));
