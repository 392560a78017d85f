/** How a voice is made of one of Flite's speakers. */
export interface FliteVoice {
  readonly name: string;
  /** Flite's speaker: slt is a woman, rms and awb are men. */
  readonly speaker: 'slt' | 'rms' | 'awb';
  /**
   * Rate at which the speaker's samples are played, Hz. Above {@link FLITE_RATE} it makes the speaker smaller: all
   * formants and the pitch rise by the same factor. The time lost is put back by Flite. Whole hundreds keep the
   * resampler's table short.
   */
  readonly playRate: number;
  /** Mean pitch asked of Flite, before `playRate` moves it, Hz; undefined for rms, which keeps its own (103) anyway. */
  readonly pitch: number | undefined;
  /** Makes the speaker as quick as the others: above 1 is slower. */
  readonly stretch: number;
  /** Makes the voices equally loud: -20 dBFS in speech, measured on the sentences of the test. */
  readonly gain: number;
}

/** Rate of the samples that Flite's speakers were made with, Hz. */
export const FLITE_RATE = 16_000;

/**
 * Five women and five men, out of Flite's one female and two male speakers. Within a sex any two differ by 12 % or
 * more in median pitch, or by 6 % or more in formants; a test measures it. The first is for lines that name no voice.
 */
export const FLITE_VOICES: readonly FliteVoice[] = [
  { name: 'F1', speaker: 'slt', playRate: 16_000, pitch: 180, stretch: 1, gain: 0.455 },
  { name: 'F2', speaker: 'slt', playRate: 16_500, pitch: 200, stretch: 1.02, gain: 0.4 },
  { name: 'F3', speaker: 'slt', playRate: 15_000, pitch: 158, stretch: 0.96, gain: 0.57 },
  { name: 'F4', speaker: 'slt', playRate: 16_000, pitch: 247, stretch: 1.05, gain: 0.475 },
  { name: 'F5', speaker: 'slt', playRate: 15_000, pitch: 232, stretch: 1, gain: 0.42 },
  { name: 'M1', speaker: 'rms', playRate: 16_000, pitch: undefined, stretch: 0.9, gain: 0.93 },
  { name: 'M2', speaker: 'awb', playRate: 16_000, pitch: 132, stretch: 1, gain: 0.81 },
  { name: 'M3', speaker: 'rms', playRate: 14_900, pitch: undefined, stretch: 0.9, gain: 0.92 },
  { name: 'M4', speaker: 'awb', playRate: 17_500, pitch: 146, stretch: 1.05, gain: 0.77 },
  { name: 'M5', speaker: 'rms', playRate: 17_500, pitch: undefined, stretch: 0.88, gain: 0.92 },
];

/** The voice of that name. */
export function findVoice(name: string): FliteVoice | undefined {
  return FLITE_VOICES.find((voice) => voice.name === name);
}
