import { VISEME_COUNT, VISEME_INDEX } from '../../speech/viseme.ts';
import { cuesOfPhones } from '../phones.ts';
import { SILENCE, SOUND_COUNT, SOUNDS } from './sounds.ts';

/** The shape that a sound is shown by, and how strongly. A breath has none of its own. */
export interface SoundShape {
  /** Index in `VISEMES`; -1 for a breath, which takes the shape of what follows. */
  readonly viseme: number;
  readonly weight: number;
}

/** A breath is seen as a weaker form of the shape after it, as in `phones.ts`. */
export const BREATH = 0.6;

/** Shapes of all sounds, by index. */
export const SHAPES: readonly SoundShape[] = SOUNDS.map((id) => {
  if (id === 'hh') return { viseme: -1, weight: BREATH };
  const cue = cuesOfPhones([{ id, start: 0, end: 1 }])[0]!;
  return { viseme: VISEME_INDEX[cue.viseme], weight: cue.weight };
});

const VISEME_OF = Int8Array.from(SHAPES, ({ viseme }) => viseme);
const HH = SOUNDS.indexOf('hh');

/** What of a sound's likelihood other sounds of the same shape may stand in for: spelling does not tell all. */
const ALIKE = 0.35;
/** Likelihood that is left to a sound which nothing speaks for. */
const LEAST = 2e-4;

/** How well a sound fits: the log of its probability, with a part of that of all sounds of its shape. */
function fitOf(sound: number, probability: number, alike: number): number {
  const shared = VISEME_OF[sound]! >= 0 && sound !== SILENCE ? ALIKE * alike : 0;
  return Math.log((1 - ALIKE) * probability + shared + LEAST);
}

/** As `Evidence.sounds`, of one sound alone: `scores` from `at` on and `visemes` are those of the frame. */
export function soundFit(scores: Float32Array, at: number, visemes: Float32Array, sound: number): number {
  const voiced = 1 - Math.exp(scores[at + HH]!) + 1e-6;
  const viseme = VISEME_OF[sound]!;
  return fitOf(sound, Math.exp(scores[at + sound]!), viseme >= 0 ? visemes[viseme]! * voiced : 0);
}

/** What one frame says of each sound and each shape. */
export class Evidence {
  /** Log of how well each sound fits. */
  readonly sounds = new Float32Array(SOUND_COUNT);
  /** Probability of each viseme; a breath is spread over all. */
  readonly visemes = new Float32Array(VISEME_COUNT);
  /** The best of {@link sounds}: how well any speech at all may fit. */
  best = 0;
  readonly #probability = new Float32Array(SOUND_COUNT);

  /** Reads the log probabilities of a frame from `at` on in `scores`. */
  read(scores: Float32Array, at: number): void {
    const [sounds, visemes, probability] = [this.sounds, this.visemes, this.#probability];
    visemes.fill(0);
    this.best = Number.NEGATIVE_INFINITY;
    for (let s = 0; s < SOUND_COUNT; s++) {
      const p = Math.exp(scores[at + s]!);
      probability[s] = p;
      const viseme = VISEME_OF[s]!;
      if (viseme >= 0) visemes[viseme] = visemes[viseme]! + p;
    }
    for (let s = 0; s < SOUND_COUNT; s++) {
      const viseme = VISEME_OF[s]!;
      sounds[s] = fitOf(s, probability[s]!, viseme >= 0 ? visemes[viseme]! : 0);
      if (sounds[s]! > this.best) this.best = sounds[s]!;
    }
    const voiced = 1 - probability[HH]! + 1e-6;
    for (let v = 0; v < VISEME_COUNT; v++) visemes[v] = visemes[v]! / voiced;
  }
}
