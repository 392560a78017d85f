/** One picture of the contact sheet. Place and size are in columns of the grid. */
export interface Shot {
  label: string;
  view: 'face' | 'body';
  x: number;
  y: number;
  w: number;
  h: number;
  weights: Record<string, number>;
  /** Camera around the character towards its left, radians. */
  turn: number;
  /** Camera above the eye line, radians. */
  tilt: number;
  /** Metres. */
  distance: number;
  /** Height of the target over the eyes, metres. */
  dy: number;
  fov: number;
  /** Second of the Idle clip to show. */
  idleAt?: number;
}

const both = (name: string, weight: number): Record<string, number> => ({
  [`${name}Left`]: weight,
  [`${name}Right`]: weight,
});

const portrait = (label: string, x: number, y: number, weights: Record<string, number>, turn = 0): Shot => ({
  label,
  view: 'face',
  x,
  y,
  w: 1,
  h: 1.15,
  weights,
  turn,
  tilt: 0.02,
  distance: 1.15,
  dy: -0.03,
  fov: 0.32,
});

const smile = { ...both('mouthSmile', 0.75), ...both('cheekSquint', 0.5), ...both('browOuterUp', 0.2) };
const expressions: Shot[] = [
  portrait('neutral', 0, 0, {}),
  portrait('smile', 1, 0, smile),
  portrait('blink', 2, 0, both('eyeBlink', 1)),
  portrait('surprised', 3, 0, {
    browInnerUp: 0.45,
    ...both('browOuterUp', 0.9),
    ...both('eyeWide', 0.6),
    jawOpen: 0.4,
    mouthFunnel: 0.2,
  }),
  portrait('sad', 0, 1.15, { browInnerUp: 0.9, ...both('mouthFrown', 0.7), ...both('eyeLookDown', 0.3) }),
  portrait('angry', 1, 1.15, {
    ...both('browDown', 0.9),
    ...both('eyeSquint', 0.4),
    ...both('noseSneer', 0.4),
    ...both('mouthPress', 0.4),
  }),
  portrait('three quarter', 2, 1.15, both('mouthSmile', 0.25), 0.7),
  portrait('profile', 3, 1.15, {}, Math.PI / 2),
];

const VISEMES = ['sil', 'PP', 'FF', 'TH', 'DD', 'kk', 'CH', 'SS', 'nn', 'RR', 'aa', 'E', 'I', 'O', 'U'];
const visemes: Shot[] = VISEMES.map((name, i) => ({
  label: `viseme_${name} 0.9`,
  view: 'face',
  x: i % 5,
  y: 2.3 + Math.floor(i / 5) * 0.85,
  w: 1,
  h: 0.85,
  weights: { [`viseme_${name}`]: 0.9 },
  turn: 0.16,
  tilt: 0,
  distance: 0.62,
  dy: -0.055,
  fov: 0.26,
}));

const body: Shot = {
  label: 'whole body, Idle at 2 s',
  view: 'body',
  x: 4,
  y: 0,
  w: 1,
  h: 2.3,
  weights: {},
  turn: 0.25,
  tilt: 0.05,
  distance: 5.2,
  dy: 0,
  fov: 0.36,
  idleAt: 2,
};

export const sheetShots: Shot[] = [...expressions, body, ...visemes];

const far = (label: string, x: number, weights: Record<string, number>, turn = 0): Shot => ({
  ...portrait(label, x, 0, weights, turn),
  distance: 3,
  fov: 0.135,
});
const farMouth = (name: string, x: number): Shot => ({
  ...visemes.find(({ label }) => label === `viseme_${name} 0.9`)!,
  x,
  y: 1.15,
  distance: 3,
  fov: 0.054,
});

/** A light character, all of it from 3 m away: through a long lens, and as a game sees it. */
export const lightShots: Shot[] = [
  far('neutral', 0, {}),
  far('smile, brows up', 1, { mouthSmile: 0.7, browInnerUp: 0.6 }),
  far('three quarter, blink', 2, { eyeBlink: 1 }, 0.7),
  farMouth('PP', 0),
  farMouth('aa', 1),
  farMouth('I', 2),
  { ...body, x: 3, w: 1, h: 2, distance: 3, fov: 0.7 },
];
