/** How a voice is made of one of Flite's speakers. */
export interface LocalVoice {
  readonly name: string;
  /** Flite's speaker. Its `rms` keeps its own pitch whatever it is asked. */
  readonly base: 'slt' | 'rms' | 'awb';
  /**
   * Size of the speaker: above 1 the vocal tract is shorter, so all formants and the pitch rise by this factor.
   * Made by playing the speaker's samples at this multiple of their rate; the time lost is put back by the stretch.
   */
  readonly formants: number;
  /** Mean pitch asked of Flite before `formants` raises it, Hz; undefined keeps the speaker's own. */
  readonly pitch: number | undefined;
  /** Factor that makes all voices equally loud: about -17 dBFS in speech, measured on the sentences of the tests. */
  readonly gain: number;
  /** Makes the speaker as quick as the others. */
  readonly pace: number;
}

/**
 * Five women and five men, out of Flite's one female and two male speakers. Within a sex any two differ by 12 % or
 * more in median pitch, or by 6 % or more in formants; a test measures it.
 */
export const LOCAL_VOICES: readonly LocalVoice[] = [
  { name: 'F1', base: 'slt', formants: 1, pitch: 172, gain: 0.69, pace: 1 },
  { name: 'F2', base: 'slt', formants: 1.06, pitch: 196, gain: 0.58, pace: 1.04 },
  { name: 'F3', base: 'slt', formants: 0.94, pitch: 158, gain: 0.8, pace: 0.96 },
  { name: 'F4', base: 'slt', formants: 1.13, pitch: 214, gain: 0.575, pace: 1.08 },
  { name: 'F5', base: 'slt', formants: 1, pitch: 206, gain: 0.57, pace: 1 },
  { name: 'M1', base: 'rms', formants: 1, pitch: undefined, gain: 1.38, pace: 0.9 },
  { name: 'M2', base: 'awb', formants: 1, pitch: 132, gain: 1.17, pace: 1 },
  { name: 'M3', base: 'rms', formants: 0.92, pitch: undefined, gain: 1.4, pace: 0.9 },
  { name: 'M4', base: 'awb', formants: 1.08, pitch: 146, gain: 1.1, pace: 1.05 },
  { name: 'M5', base: 'rms', formants: 1.1, pitch: undefined, gain: 1.4, pace: 0.88 },
];

/** The voice of a line that names none. */
export const DEFAULT_VOICE = 'F1';

/** The voice of that name, whatever its case. */
export function findVoice(name: string): LocalVoice | undefined {
  return LOCAL_VOICES.find((voice) => voice.name === name.toUpperCase());
}
