import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Profile } from 'wlipsync';
import type { Viseme } from '../../../../../src/speech/viseme.ts';
import { speakFlite } from '../../corpus/flite-speech.ts';
import { SENTENCES } from '../../sentences.ts';

/** Names in the profile, as its own example has them, with what each shows. */
export const WLIPSYNC_NAMES: Readonly<Record<string, Viseme>> = {
  A: 'aa',
  I: 'I',
  U: 'U',
  E: 'E',
  O: 'O',
  N: 'nn',
  '-': 'sil',
};

/** Settings of uLipSync's profiles, from which it is ported; 32 recordings of each sound, as there. */
const SETTINGS = {
  targetSampleRate: 16_000,
  sampleCount: 1024,
  melFilterBankChannels: 30,
  compareMethod: 1,
  mfccNum: 12,
  mfccDataCount: 32,
  useStandardization: false,
} as const;

const PHONES: Readonly<Record<string, readonly string[]>> = {
  A: ['aa', 'ae'],
  I: ['iy'],
  U: ['uw'],
  E: ['eh'],
  O: ['ao', 'ow'],
  N: ['n'],
  '-': ['pau'],
};

interface Exports {
  load_profile(...settings: number[]): number;
  precompute_profile(): void;
  set_input(sampleRate: number): void;
  get_input_buffer(): number;
  get_input_buffer_size(): number;
  execute(index: number): number;
  readonly mfccOut: WebAssembly.Global;
}

/**
 * The profile without which `wlipsync` does nothing, calibrated as its README asks: by its own code, on vowels of two voices that
 * the bench speaks with. It has twelve entries, since of fewer the package (1.3.1) compares only as many coefficients.
 */
export async function wlipsyncProfile(): Promise<Profile> {
  const mfccs: { name: string; mfccCalibrationDataList: { array: number[] }[] }[] = [];
  for (const speaker of ['slt', 'rms']) {
    const found = new Map<string, number[][]>();
    for (let i = 0; i < 24; i++) {
      const line = await speakFlite(SENTENCES[(2 + i * 5) % SENTENCES.length]!, { speaker });
      const mfccOf = await cepstra(line.sampleRate);
      for (const { id, start, end } of line.phones) {
        const name = Object.keys(PHONES).find((key) => PHONES[key]!.includes(id));
        if (!name || end - start < 0.05) continue;
        const list = found.get(name) ?? [];
        found.set(name, list);
        list.push(mfccOf(line.samples, Math.round(((start + end) / 2) * line.sampleRate)));
      }
    }
    for (const [name, list] of found) {
      if (speaker === 'rms' && 'N-'.includes(name)) continue;
      // Where a sound is rare, its recordings count several times.
      const arrays = Array.from({ length: SETTINGS.mfccDataCount }, (_, i) => list[i % list.length]!);
      mfccs.push({ name, mfccCalibrationDataList: arrays.map((array) => ({ array })) });
    }
  }
  return { ...SETTINGS, mfccs };
}

/** What the package's own code makes of the sound around a sample. */
async function cepstra(sampleRate: number): Promise<(samples: Int16Array, centre: number) => number[]> {
  const path = createRequire(import.meta.url).resolve('wlipsync/wlipsync.wasm');
  const memory = new WebAssembly.Memory({ initial: 4 });
  const { instance } = await WebAssembly.instantiate(await readFile(path), { env: { memory } });
  const code = instance.exports as unknown as Exports;
  const { targetSampleRate, sampleCount, melFilterBankChannels, compareMethod } = SETTINGS;
  code.load_profile(targetSampleRate, sampleCount, melFilterBankChannels, compareMethod, 12, 1, 0);
  code.precompute_profile();
  code.set_input(sampleRate);
  const input = new Float32Array(memory.buffer, code.get_input_buffer(), code.get_input_buffer_size());
  const length = Math.ceil((sampleCount * sampleRate) / targetSampleRate);
  return (samples, centre) => {
    input.fill(0);
    for (let i = 0; i < length; i++) input[i] = (samples[centre - (length >> 1) + i] ?? 0) / 32_768;
    code.execute(length);
    return Array.from(new Float32Array(memory.buffer, code.mfccOut.value, 12));
  };
}
