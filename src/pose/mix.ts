import { CONTACT_STRENGTH } from '../lipsync/gesture.ts';
import { createCell, smooth } from './cell.ts';
import { CHANNEL, CHANNEL_COUNT, CHANNELS, FIRST_ANGLE, FIRST_PART } from './channels.ts';
import { MOMENT, SPEAKING } from './moment.ts';

const {
  PP,
  FF,
  CH,
  RR,
  aa,
  E,
  O,
  U,
  kk: KK,
  eyeBlinkLeft: EYE_BLINK_LEFT,
  eyeBlinkRight: EYE_BLINK_RIGHT,
} = CHANNEL;

/*
 * A frame's pose is made in steps: `clearPose`, then mood, visemes and signs of life are added, in any order but that
 * life comes last, then `settleMouth` once. What comes out is written to the face once.
 */

/** How much of a channel is taken away, 0 to 1, by what the face does meanwhile. What is taken adds up. */
interface Yield {
  /** By speech that holds the mouth, whatever it says. */
  readonly speech?: number;
  /** On top of that, by shapes that are round: O, U, CH, RR. */
  readonly round?: number;
  /** By shapes that are open: aa, E, O, kk. */
  readonly open?: number;
  /** By lips or teeth in contact: PP, FF. */
  readonly contact?: number;
  /** By the lid of its eye coming down. */
  readonly lid?: number;
}

/**
 * Who has a channel when speech and expression want it. Contacts win over all that opens the lips or pulls them apart;
 * speech has the jaw; round shapes keep their corners, open ones their opening; the rest is shared.
 */
const YIELDS: readonly (readonly [RegExp, Yield])[] = [
  [/^(jaw(Open|Forward)|mouthClose|mouthFunnel|mouthPucker|tongueOut|cheekPuff)/, { speech: 1 }],
  [/^mouth(UpperUp|LowerDown)/, { speech: 0.5, round: 0.5, contact: 1 }],
  [/^mouth(Press|Roll|Shrug)/, { speech: 0.5, open: 0.5, round: 0.3, contact: 1 }],
  [/^mouth(Smile|Stretch|Dimple)/, { speech: 0.38, round: 0.5, contact: 0.27 }],
  [/^mouthFrown/, { speech: 0.4, round: 0.2, contact: 0.2 }],
  [/^(mouth|jaw)(Left|Right)$/, { speech: 0.5 }],
  [/^(happy|angry|sad|relaxed|surprised)$/, { speech: 0.5, round: 0.2, open: 0.1, contact: 0.5 }],
  [/^eyeWide/, { lid: 1 }],
  [/^eyeSquint/, { lid: 0.7 }],
  [/^cheekSquint/, { lid: 0.3 }],
];

/** Columns of {@link TAKES}. */
const SPEECH = 0;
const ROUND = 1;
const OPEN = 2;
const CONTACT = 3;
const LEFT_LID = 4;
const RIGHT_LID = 5;
const COLUMNS = 6;

/** Parts and expressions that yield at all, and by row how much of each is taken by what. */
const YIELDING = Int16Array.from(CHANNELS.flatMap((name, index) => (yieldOf(name) ? [index] : [])));
const TAKES = Float32Array.from(
  CHANNELS.flatMap((name) => {
    const taken = yieldOf(name);
    if (!taken) return [];
    const { speech = 0, round = 0, open = 0, contact = 0, lid = 0 } = taken;
    return [speech, round, open, contact, name.endsWith('Right') ? 0 : lid, name.endsWith('Right') ? lid : 0];
  }),
);

function yieldOf(name: string): Yield | undefined {
  return YIELDS.find(([names]) => names.test(name))?.[1];
}

/** Sum of viseme weights at which speech holds the mouth wholly. */
const HOLDS = 0.5;

const now = new Float64Array(COLUMNS);
const cell = createCell();

/** Puts every channel to 0. */
export function clearPose(pose: Float32Array): void {
  pose.fill(0);
}

/** Adds the 15 weights of `visemes` to the pose, as far as the character speaks; by default, all of them. */
export function addVisemes(pose: Float32Array, visemes: Float32Array, moment = SPEAKING): void {
  const amount = moment[MOMENT.speaking]!;
  for (let v = 0; v < FIRST_PART; v++) pose[v] = pose[v]! + visemes[v]! * amount;
}

/** Room for the animations of the game beside a pose, by channel: all of it. {@link settleMouth} takes what is not there. */
export function createRoom(): Float32Array {
  return new Float32Array(CHANNEL_COUNT).fill(1);
}

/**
 * Decides who has each channel, and brings all weights into 0 to 1. Speech has what opens the lips; smiles and the like
 * stay in part; while lips or teeth are in contact, nothing else may open them. The same is left in `room` for what the
 * animations of the game do. Where the frames of a line have the mouth at that moment, they are speech too.
 */
export function settleMouth(pose: Float32Array, room?: Float32Array, moment = SPEAKING): void {
  let spoken = 0;
  for (let v = 0; v < FIRST_PART; v++) spoken += pose[v]!;
  const contact = Math.min((pose[PP]! + pose[FF]!) / CONTACT_STRENGTH, 1);
  cell[0] = spoken / HOLDS;
  smooth(cell);
  const held = Math.max(cell[0]!, contact, moment[MOMENT.framed]!);
  now[SPEECH] = held;
  now[ROUND] = Math.min((pose[O]! + pose[U]! + pose[CH]! + pose[RR]!) / HOLDS, 1);
  now[OPEN] = Math.min((pose[aa]! + pose[E]! + pose[O]! + pose[KK]!) / HOLDS, 1);
  now[CONTACT] = contact;
  now[LEFT_LID] = Math.min(pose[EYE_BLINK_LEFT]!, 1);
  now[RIGHT_LID] = Math.min(pose[EYE_BLINK_RIGHT]!, 1);
  for (let i = 0; i < YIELDING.length; i++) {
    let taken = 0;
    for (let column = 0; column < COLUMNS; column++) taken += TAKES[i * COLUMNS + column]! * now[column]!;
    const left = taken >= 1 ? 0 : taken <= 0 ? 1 : 1 - taken;
    const channel = YIELDING[i]!;
    if (room) room[channel] = left;
    pose[channel] = pose[channel]! * left;
  }
  for (let c = 0; c < FIRST_ANGLE; c++) {
    const weight = pose[c]!;
    if (weight < 0) pose[c] = 0;
    else if (weight > 1) pose[c] = 1;
  }
  if (room) for (let v = 0; v < FIRST_PART; v++) room[v] = 1 - held;
}
