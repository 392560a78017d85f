import { decodeWav } from '../../pcm/wav.ts';
import type { Sound } from '../sound.ts';
import type { UtterancePhone } from '../synth.ts';
import { FOLDER_NAME, INPUT_NAME, runWasi } from './wasi.ts';

const OUT = `${FOLDER_NAME}/o.wav`;

/** What Flite is asked for, in its own terms. */
export interface FliteRequest {
  readonly text: string;
  /** Words and their phones, as `-add_lex` reads them; empty for none. */
  readonly addenda: string;
  /** Name of one of its built-in speakers. */
  readonly speaker: string;
  /** How much longer than normal the speech is made; 1 is normal. */
  readonly stretch: number;
  /** Mean pitch, Hz; undefined leaves the speaker's own. */
  readonly pitch: number | undefined;
}

/**
 * Speaks one stretch of text with CMU Flite, in this thread. `-ssml` is never passed: `<prosody>` makes Flite hang.
 * Throws when the program fails or prints something else than phones.
 */
export async function runFlite(module: WebAssembly.Module, request: FliteRequest): Promise<Sound> {
  const { exitCode, output, file } = await runWasi(module, argumentsOf(request), request.addenda);
  if (exitCode !== 0) throw new Error(`flite ended with ${exitCode}: ${output.trim().slice(0, 200)}`);
  const { samples, sampleRate } = decodeWav(file);
  return { samples, sampleRate, phones: phonesOf(output, samples.length, sampleRate) };
}

function argumentsOf({ text, addenda, speaker, stretch, pitch }: FliteRequest): string[] {
  const features = ['--setf', `duration_stretch=${stretch.toFixed(4)}`];
  if (pitch !== undefined) features.push('--setf', `int_f0_target_mean=${pitch.toFixed(1)}`);
  if (addenda !== '') features.push('-add_lex', `${FOLDER_NAME}/${INPUT_NAME}`);
  return ['flite', '-voice', speaker, ...features, '-psdur', '-t', text, '-o', OUT];
}

/** Reads `pau:0.164 hh:0.233 …`, each phone with its end in seconds. The last one ends with the sound. */
function phonesOf(output: string, length: number, sampleRate: number): UtterancePhone[] {
  const phones: UtterancePhone[] = [];
  let reached = 0;
  for (const entry of output.trim().split(/\s+/)) {
    const [id, time] = entry.split(':');
    const end = Math.round(Number(time) * sampleRate);
    if (!id || !Number.isFinite(end)) throw new Error(`flite printed "${entry}" where a phone was expected`);
    reached = Math.max(reached, Math.min(end, length));
    phones.push({ id, end: reached });
  }
  phones.push({ ...phones.pop()!, end: length });
  return phones;
}
