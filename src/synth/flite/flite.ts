import type { Phone } from '../../lipsync/phones.ts';
import { decodeWav } from '../../pcm/wav.ts';
import type { SynthRequest, Utterance } from '../synth.ts';
import { FOLDER_NAME, runWasi } from './wasi.ts';

const OUT = `${FOLDER_NAME}/o.wav`;

/**
 * Speaks one stretch of text with CMU Flite, in this thread. `-ssml` is never passed: `<prosody>` makes Flite hang.
 * Throws when the program fails or prints something else than phones.
 */
export async function runFlite(module: WebAssembly.Module, request: SynthRequest): Promise<Utterance> {
  const { exitCode, output, file } = await runWasi(module, argumentsOf(request));
  if (exitCode !== 0) throw new Error(`flite ended with ${exitCode}: ${output.trim().slice(0, 200)}`);
  const { samples, sampleRate } = decodeWav(file);
  return { samples, sampleRate, phones: phonesOf(output, samples.length / sampleRate) };
}

function argumentsOf({ text, base, stretch, pitch }: SynthRequest): string[] {
  const features = ['--setf', `duration_stretch=${stretch.toFixed(4)}`];
  if (pitch !== undefined) features.push('--setf', `int_f0_target_mean=${pitch.toFixed(1)}`);
  return ['flite', '-voice', base, ...features, '-psdur', '-t', text, '-o', OUT];
}

/** Reads `pau:0.164 hh:0.233 …`, each phone with its end in seconds. The last one ends with the sound. */
function phonesOf(output: string, duration: number): Phone[] {
  const phones: Phone[] = [];
  let start = 0;
  for (const entry of output.trim().split(/\s+/)) {
    const [id, time] = entry.split(':');
    const end = Math.min(Number(time), duration);
    if (!id || !Number.isFinite(end)) throw new Error(`flite printed "${entry}" where a phone was expected`);
    phones.push({ id, start, end: Math.max(start, end) });
    start = Math.max(start, end);
  }
  const last = phones.at(-1);
  if (last) phones[phones.length - 1] = { ...last, end: duration };
  return phones;
}
