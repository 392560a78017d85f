import { CORNER_HZ } from '../../src/playback/voice-tone.ts';

/** Spectrum of normal speech at a metre, by third octaves, dB (ANSI S3.5-1997, table 3): Hz and level a hertz. */
const SPEECH: readonly (readonly [number, number])[] = [
  [160, 32.41],
  [200, 34.48],
  [250, 34.75],
  [315, 33.98],
  [400, 34.59],
  [500, 34.27],
  [630, 32.06],
  [800, 28.3],
  [1_000, 25.01],
  [1_250, 23],
  [1_600, 20.15],
  [2_000, 17.32],
  [2_500, 13.18],
  [3_150, 11.55],
  [4_000, 9.33],
  [5_000, 5.31],
  [6_300, 2.59],
  [8_000, 1.13],
];

/** How much the A curve takes at a frequency, as a factor of amplitude (IEC 61672-1). */
function aWeight(hz: number): number {
  const f = hz * hz;
  const ra =
    (12_194 ** 2 * f * f) /
    ((f + 20.6 ** 2) * Math.sqrt((f + 107.7 ** 2) * (f + 737.9 ** 2)) * (f + 12_194 ** 2));
  return ra * 10 ** (2 / 20);
}

/** Level of speech, dB(A), of which so much is left at each frequency, as a factor of amplitude. */
export function speechDecibels(left: (hz: number) => number): number {
  let power = 0;
  for (const [hz, level] of SPEECH) {
    const band = hz * (2 ** (1 / 6) - 2 ** (-1 / 6));
    power += 10 ** (level / 10) * band * (aWeight(hz) * left(hz)) ** 2;
  }
  return 10 * Math.log10(power);
}

/** What the tone of a voice is to leave at a frequency: the gains of low and treble, one pole between them. */
export function toneGain(hz: number, low: number, treble: number): number {
  const ratio = hz / CORNER_HZ;
  const real = treble + (low - treble) / (1 + ratio * ratio);
  const imaginary = (-(low - treble) * ratio) / (1 + ratio * ratio);
  return Math.hypot(real, imaginary);
}
