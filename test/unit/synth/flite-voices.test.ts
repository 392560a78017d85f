import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLITE_VOICES } from '../../../src/synth/flite/voices.ts';
import { localVoices } from '../../../src/synth/local-voices.ts';
import { collect } from '../../kit/collect.ts';
import { formantRatio, levelOf, medianPitch, spectrumOf } from '../../kit/voice-measures.ts';

const TEXT =
  'Hello traveller, welcome to the village. We have been waiting for you all morning, and the bread is still warm. ' +
  'Put your sword beside the door and sit down by the fire.';
const RATE = 16_000;

interface Measured {
  readonly rms: number;
  readonly peak: number;
  readonly pitch: number;
  readonly spectrum: readonly number[];
  readonly seconds: number;
}

const voices = localVoices({ sampleRate: RATE });
const measured = new Map<string, Measured>();

beforeAll(async () => {
  for (const { name } of FLITE_VOICES) {
    const line = await collect(voices.speak({ text: TEXT, voice: name }, new AbortController().signal));
    const samples = Int16Array.from(line.samples);
    measured.set(name, {
      ...levelOf(samples, RATE),
      pitch: medianPitch(samples, RATE),
      spectrum: spectrumOf(samples, RATE),
      seconds: samples.length / RATE,
    });
  }
}, 60_000);
afterAll(() => voices.dispose());

/** How many times the larger is the smaller, less one. */
function apart(a: number, b: number): number {
  return Math.max(a, b) / Math.min(a, b) - 1;
}

describe('the ten voices', () => {
  it('are five women and five men', () => {
    expect(FLITE_VOICES.map((voice) => voice.name).join(' ')).toBe('F1 F2 F3 F4 F5 M1 M2 M3 M4 M5');
  });

  it.each(['F', 'M'])('can be told apart, any two of %s', (sex) => {
    const names = FLITE_VOICES.map((voice) => voice.name).filter((name) => name.startsWith(sex));
    const alike: string[] = [];
    for (const [index, one] of names.entries()) {
      for (const other of names.slice(index + 1)) {
        const [a, b] = [measured.get(one)!, measured.get(other)!];
        const formants = formantRatio(b.spectrum, a.spectrum);
        if (apart(a.pitch, b.pitch) < 0.12 && apart(formants, 1) < 0.06) alike.push(`${one} ${other}`);
      }
    }
    expect(alike).toEqual([]);
  });

  it('have the formants that they are made for, where the same speaker at the same pitch can be compared', () => {
    const rms = FLITE_VOICES.filter((voice) => voice.speaker === 'rms');
    expect(rms.length).toBeGreaterThan(2);
    for (const voice of rms.slice(1)) {
      const ratio = formantRatio(measured.get(voice.name)!.spectrum, measured.get(rms[0]!.name)!.spectrum);
      expect(apart(ratio, voice.playRate / rms[0]!.playRate)).toBeLessThan(0.02);
    }
  });

  it('speak at the pitch of their sex', () => {
    for (const [name, { pitch }] of measured) {
      expect(pitch, name).toBeGreaterThan(name.startsWith('F') ? 140 : 85);
      expect(pitch, name).toBeLessThan(name.startsWith('F') ? 255 : 165);
    }
  });

  it('are equally loud, at -20 dBFS, and never near the top', () => {
    for (const [name, { rms, peak }] of measured) {
      expect(rms, name).toBeGreaterThan(-21);
      expect(rms, name).toBeLessThan(-19);
      expect(peak, name).toBeLessThan(-3);
    }
  });

  it('take about as long as one another', () => {
    const lengths = [...measured.values()].map((voice) => voice.seconds);
    expect(Math.max(...lengths) / Math.min(...lengths)).toBeLessThan(1.2);
  });
});
