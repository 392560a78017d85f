/** A worker thread that does as the text says; the length of what it makes is the length of the text. */
import { parentPort } from 'node:worker_threads';

if (!parentPort) throw new Error('This file is a worker thread.');
const port = parentPort;

port.on('message', (/** @type {import('../../../src/synth/synth.ts').SynthRequest} */ { text }) => {
  if (text === 'hang') for (;;);
  if (text === 'throw') throw new Error('thrown on purpose');
  if (text === 'leave') process.exit(0);
  const slow = /^slow (\d+)/.exec(text);
  if (slow) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(slow[1]));
  if (text === 'fail') port.postMessage({ error: 'failed on purpose' });
  else port.postMessage({ utterance: { samples: new Int16Array(text.length), phones: [] } });
});
