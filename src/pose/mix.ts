import { CONTACT_STRENGTH } from '../lipsync/gesture.ts';
import { smoothStep } from '../lipsync/smooth.ts';
import { CHANNEL, CHANNEL_COUNT, CHANNELS, FIRST_ANGLE, FIRST_PART } from './channels.ts';

const { PP, FF } = CHANNEL;

/*
 * A frame's pose is made in four steps: `clearPose`, then any number of `addLayer` and one `addVisemes` in any order,
 * then `settleMouth` once. What comes out is written to the face once.
 */

/** Parts that move the lips apart or the jaw: while the character speaks, speech alone has them. */
const OPENS =
  /^(jawOpen|mouthClose|mouthFunnel|mouthUpperUp|mouthLowerDown|mouthShrug|mouthRoll|tongueOut|jawForward)/;
/** Parts that shape the mouth: speech and expression share them. */
const SHAPES = /^(mouth|jaw|cheekPuff)/;
/** How much of a shaping part is left while a viseme is in full: a smile and the vowel of "see" add up to a grimace. */
const SHARED = 0.45;

/** How much of each channel speech takes away while it holds the mouth, 0 to 1. */
const YIELDS = Float32Array.from(CHANNELS, (name, index) => {
  if (index < FIRST_PART || index >= FIRST_ANGLE) return 0;
  if (OPENS.test(name)) return 1;
  return SHAPES.test(name) ? 1 - SHARED : 0;
});

/** Sum of viseme weights at which speech holds the mouth wholly. */
const HOLDS = 0.5;

/** Puts every channel to 0. */
export function clearPose(pose: Float32Array): void {
  pose.fill(0);
}

/** Adds `amount` times the 15 weights of `visemes` to the pose. */
export function addVisemes(pose: Float32Array, visemes: Float32Array, amount: number): void {
  for (let v = 0; v < FIRST_PART; v++) pose[v] = pose[v]! + visemes[v]! * amount;
}

/** Adds `amount` times a whole other pose, such as an expression. */
export function addLayer(pose: Float32Array, layer: Float32Array, amount: number): void {
  for (let c = 0; c < CHANNEL_COUNT; c++) pose[c] = pose[c]! + layer[c]! * amount;
}

/**
 * Decides who has the mouth, and brings all weights into 0 to 1. Speech has what opens the lips; smiles and the like
 * stay in part; while lips or teeth are in contact, nothing else may open them.
 */
export function settleMouth(pose: Float32Array): void {
  let spoken = 0;
  for (let v = 0; v < FIRST_PART; v++) spoken += pose[v]!;
  const contact = Math.min((pose[PP]! + pose[FF]!) / CONTACT_STRENGTH, 1);
  const held = Math.max(smoothStep(spoken / HOLDS), contact);
  for (let c = 0; c < FIRST_ANGLE; c++) {
    const weight = pose[c]! * (1 - YIELDS[c]! * held);
    pose[c] = weight < 0 ? 0 : Math.min(weight, 1);
  }
}
