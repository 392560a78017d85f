/** The mouth and the face as Azure Speech tells them, made of the phones that a synth says it spoke. */

export interface SpokenPhone {
  /** ARPAbet in lower case; `pau` is silence. */
  readonly id: string;
  /** Seconds. */
  readonly start: number;
  readonly end: number;
}

export interface VisemeEvent {
  /** 0 to 21. */
  readonly id: number;
  /** Seconds. */
  readonly start: number;
  readonly end: number;
}

/** The service's table of phones, by the IPA that its documents give. */
const IDS: Readonly<Record<string, number>> = {
  pau: 0,
  ae: 1,
  ax: 1,
  ah: 1,
  aa: 2,
  ao: 3,
  eh: 4,
  uh: 4,
  er: 5,
  axr: 5,
  y: 6,
  iy: 6,
  ih: 6,
  ix: 6,
  w: 7,
  uw: 7,
  ow: 8,
  aw: 9,
  oy: 10,
  ay: 11,
  hh: 12,
  hv: 12,
  r: 13,
  l: 14,
  el: 14,
  s: 15,
  z: 15,
  sh: 16,
  ch: 16,
  jh: 16,
  zh: 16,
  dh: 17,
  f: 18,
  v: 18,
  d: 19,
  t: 19,
  dx: 19,
  n: 19,
  en: 19,
  nx: 19,
  th: 19,
  k: 20,
  g: 20,
  ng: 20,
  p: 21,
  b: 21,
  m: 21,
  em: 21,
};

/** One event a phone; of ey two, as the table has none for it. */
export function visemesOf(phones: readonly SpokenPhone[]): VisemeEvent[] {
  return phones.flatMap(({ id, start, end }) => {
    if (end <= start) return [];
    if (id !== 'ey') return [{ id: IDS[id] ?? 0, start, end }];
    const middle = start + (end - start) * 0.6;
    return [
      { id: 4, start, end: middle },
      { id: 6, start: middle, end },
    ];
  });
}

export const FPS = 60;
export const SHAPES = 55;

/** Indexes of a few shapes in the service's order. */
export const AT = {
  eyeBlinkLeft: 0,
  eyeBlinkRight: 7,
  jawOpen: 17,
  mouthClose: 18,
  mouthFunnel: 19,
  mouthPucker: 20,
  mouthRollLower: 31,
  mouthPressLeft: 35,
  mouthPressRight: 36,
  browInnerUp: 43,
  tongueOut: 51,
  headRoll: 52,
  leftEyeRoll: 53,
} as const;

/** How each viseme looks: shapes by their indexes. */
const LOOKS: readonly (readonly (readonly [shape: number, weight: number])[])[] = [
  [],
  [[AT.jawOpen, 0.45]],
  [[AT.jawOpen, 0.7]],
  [
    [AT.jawOpen, 0.45],
    [AT.mouthFunnel, 0.4],
  ],
  [[AT.jawOpen, 0.35]],
  [
    [AT.jawOpen, 0.2],
    [AT.mouthPucker, 0.4],
  ],
  [[AT.jawOpen, 0.15]],
  [
    [AT.jawOpen, 0.1],
    [AT.mouthPucker, 0.8],
  ],
  [
    [AT.jawOpen, 0.3],
    [AT.mouthFunnel, 0.6],
  ],
  [
    [AT.jawOpen, 0.6],
    [AT.mouthPucker, 0.3],
  ],
  [
    [AT.jawOpen, 0.4],
    [AT.mouthFunnel, 0.4],
  ],
  [[AT.jawOpen, 0.6]],
  [[AT.jawOpen, 0.2]],
  [
    [AT.jawOpen, 0.15],
    [AT.mouthPucker, 0.3],
  ],
  [[AT.jawOpen, 0.2]],
  [[AT.jawOpen, 0.05]],
  [
    [AT.jawOpen, 0.1],
    [AT.mouthFunnel, 0.5],
  ],
  [
    [AT.jawOpen, 0.15],
    [AT.tongueOut, 0.3],
  ],
  [
    [AT.jawOpen, 0.05],
    [AT.mouthRollLower, 0.7],
  ],
  [[AT.jawOpen, 0.1]],
  [[AT.jawOpen, 0.15]],
  [
    [AT.mouthPressLeft, 0.6],
    [AT.mouthPressRight, 0.6],
  ],
];

/** Time in which a face goes from one look to the next, seconds. */
const BLEND = 0.05;

/** The 55 shapes at a moment: the look of each viseme, blended at its borders, with a blink every two seconds. */
export function shapesAt(visemes: readonly VisemeEvent[], time: number): number[] {
  const shapes = new Array<number>(SHAPES).fill(0);
  for (const { id, start, end } of visemes) {
    const share = Math.min((time - start) / BLEND + 0.5, (end - time) / BLEND + 0.5, 1);
    if (share > 0) for (const [shape, weight] of LOOKS[id]!) shapes[shape]! += weight * share;
  }
  const blink = Math.max(0, 1 - Math.abs((time % 2) - 1.9) / 0.08);
  shapes[AT.eyeBlinkLeft] = blink;
  shapes[AT.eyeBlinkRight] = blink;
  shapes[AT.headRoll] = 0.04 * Math.sin(time * 3);
  return shapes.map((weight) => Math.round(Math.min(1, weight) * 1000) / 1000 + 0); // Never -0.
}
