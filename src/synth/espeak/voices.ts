/** How a voice is made of one of the engine's variants. */
export interface EspeakVoice {
  readonly name: string;
  /** The engine's name of the variant. */
  readonly variant: string;
  /** Makes the voices equally loud: -21 dBFS in speech, measured over six languages. */
  readonly gain: number;
}

/** Five women and five men: the engine's own variants, in every language. The first is for lines that name no voice. */
export const ESPEAK_VOICES: readonly EspeakVoice[] = [
  { name: 'F1', variant: 'f3', gain: 0.78 },
  { name: 'F2', variant: 'f2', gain: 0.71 },
  { name: 'F3', variant: 'f1', gain: 0.71 },
  { name: 'F4', variant: 'f4', gain: 0.7 },
  { name: 'F5', variant: 'f5', gain: 0.84 },
  { name: 'M1', variant: 'm3', gain: 0.83 },
  { name: 'M2', variant: 'm1', gain: 0.93 },
  { name: 'M3', variant: 'm2', gain: 1 },
  { name: 'M4', variant: 'm4', gain: 0.85 },
  { name: 'M5', variant: 'm5', gain: 0.92 },
];
