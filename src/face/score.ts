import type { Channel } from '../pose/channels.ts';
import { VISEMES, type Viseme } from '../speech/viseme.ts';
import type { ShapeReport } from './report.ts';
import type { Solution, Way } from './solve.ts';

/** Points for a viseme, by how it is made; 14 visemes that are not silence make 70 in all. */
const POINTS: Readonly<Record<Way, number>> = {
  map: 5,
  own: 5,
  mix: 4.5,
  parts: 4.5,
  neighbours: 3,
  opening: 2,
  shape: 1.75,
  jaw: 1.5,
  head: 0.25,
  none: 0,
};

/** In words, how a viseme is made. */
const WORDS: Readonly<Record<Way, string>> = {
  map: 'a shape that the face map names',
  own: 'a shape of their own',
  mix: 'a mix of the character’s own mouth shapes',
  parts: 'a mix of face parts',
  neighbours: 'a mix of other visemes',
  opening: 'one opening shape',
  shape: 'the one shape that looks like an opening mouth',
  jaw: 'the jaw bone',
  head: 'a nod of the head',
  none: 'nothing at all',
};

/** What a living face does beside speaking: points, the channels of which one is enough, and what is said without it. */
const LIFE: readonly (readonly [points: number, anyOf: readonly Channel[], without: string])[] = [
  [10, ['eyeBlinkLeft', 'eyeBlinkRight'], 'it cannot blink'],
  [6, ['eyeYaw'], 'its eyes cannot turn'],
  [6, ['headYaw'], 'its head cannot turn'],
  [4, ['browInnerUp', 'browOuterUpLeft', 'surprised', 'sad'], 'its brows cannot rise'],
  [4, ['mouthSmileLeft', 'happy'], 'it cannot smile'],
];

const MOUTH_POINTS = 70;

/** How well a face can speak and live: 0 to 100, and why. */
export function scoreOf(
  visemes: Readonly<Record<Viseme, Solution>>,
  channels: Readonly<Partial<Record<Channel, ShapeReport>>>,
): { score: number; reason: string } {
  const spoken = VISEMES.filter((viseme) => viseme !== 'sil');
  const byWay = new Map<Way, Viseme[]>();
  for (const viseme of spoken) {
    const { way } = visemes[viseme];
    byWay.set(way, [...(byWay.get(way) ?? []), viseme]);
  }
  const mouth = spoken.reduce((sum, viseme) => sum + POINTS[visemes[viseme].way], 0);
  const lacking = LIFE.filter(([, anyOf]) => !anyOf.some((channel) => channels[channel]));
  const alive =
    LIFE.reduce((sum, [points]) => sum + points, 0) - lacking.reduce((sum, [points]) => sum + points, 0);
  const sentence = [...byWay]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([way, some]) => {
      const who = some.length === spoken.length ? 'all visemes' : listed(some);
      return `${who} by ${WORDS[way]}`;
    });
  const mouthWords = `The mouth: ${sentence.join('; ')} (${points(mouth)} of ${MOUTH_POINTS}).`;
  const lifeWords =
    lacking.length > 0
      ? `The rest of the face: ${lacking.map(([, , without]) => without).join(', ')} (${points(alive)} of ${100 - MOUTH_POINTS}).`
      : `It can blink, look, turn its head, raise its brows and smile (${points(alive)} of ${100 - MOUTH_POINTS}).`;
  return { score: Math.round(mouth + alive), reason: `${mouthWords} ${lifeWords}` };
}

const points = (value: number): string => String(Math.round(value * 10) / 10);

function listed(names: readonly string[]): string {
  return names.join(' ');
}
