import { createCell, smooth } from './cell.ts';
import { CHANNEL_COUNT, createPose } from './channels.ts';
import type { EmotionLayer, Feeling } from './emotion.ts';
import { MOMENT } from './moment.ts';
import type { MoodMarks } from './mood-marks.ts';

/*
 * Spontaneous smiles reach their height half a second after they begin, and take longer to go (Schmidt, Cohn & Tian
 * 2003; Hess & Kleck 1990).
 */
/** Time in which the emotion of a line comes, seconds of line time, where the line says nothing else. */
const ONSET = 0.5;
/** Time in which it goes after the line, seconds. */
const DECAY = 1.5;
/** Time in which one standing mood gives way to another, seconds. */
const CHANGE = 0.9;

/** What a layer is without times of its own. */
type Felt = Pick<Feeling, 'layer'> & Partial<Feeling>;

const cell = createCell();

/**
 * What a face feels: a standing mood, over it the emotion of the line it says, which comes with the line's playhead and goes
 * after the line, and over that the emotions in its text. Every change starts from what is shown, so that nothing jumps.
 */
export class Mood {
  readonly #standing = createPose();
  /** The change that is shown: from one layer to another. */
  readonly #from = createPose();
  readonly #to = createPose();
  /** Channels that either of them moves. */
  readonly #channels = new Int16Array(CHANNEL_COUNT);
  #count = 0;
  /** How far the change has come, 0 to 1. */
  readonly #done = createCell(1);
  /** Whether the emotion of a line is shown. */
  #inLine = false;
  /** When the change began, and how long it takes, seconds; the emotion of a line begins with its playhead instead. */
  readonly #start = createCell(Number.NaN);
  readonly #duration = createCell(CHANGE);
  /** How long the emotion of the line takes to go. */
  #decay = DECAY;
  /** The emotions in the text of the line. */
  #marks: MoodMarks | undefined;

  /**
   * The mood of the character from now on, under the emotions of its lines. The one that it has already goes on coming, so
   * that it may be set again in every frame.
   */
  stand({ layer, onset = CHANGE }: Felt): void {
    if (layer.every((weight, channel) => weight === this.#standing[channel])) return;
    this.#standing.set(layer);
    // What the text of a line asks for stays above it.
    if (!this.#inLine) this.#change(layer, onset, null);
  }

  /** A line begins, with an emotion of its own or with none: then the mood shows. `marks`: those in its text. */
  begin(felt: Felt | undefined, marks?: MoodMarks): void {
    if (felt) {
      const { layer, onset = ONSET } = felt;
      this.#change(layer, onset);
      this.#inLine = true;
    } else this.end();
    this.#decay = felt?.decay ?? DECAY;
    this.#marks = marks;
  }

  /** The line is over. */
  end(): void {
    const marked = this.#marks !== undefined && this.#marks.layers.length > 0;
    if (this.#inLine || marked) this.#change(this.#standing, this.#decay);
    this.#inLine = false;
    this.#marks = undefined;
  }

  /** Adds what is felt to the pose. Allocates nothing. */
  add(pose: Float32Array, moment: Float64Array): void {
    this.#marks?.follow(moment);
    if (this.#count > 0) this.#addFelt(pose, moment);
    if (this.#marks) addMarks(pose, this.#marks);
  }

  #addFelt(pose: Float32Array, moment: Float64Array): void {
    if (Number.isNaN(this.#start[0]!)) this.#start[0] = moment[MOMENT.time]!;
    const since = this.#inLine ? moment[MOMENT.playhead]! : moment[MOMENT.time]! - this.#start[0]!;
    cell[0] = since / this.#duration[0]!;
    smooth(cell);
    // What has come stays while the playhead goes back.
    const done = Math.max(this.#done[0]!, cell[0]!);
    this.#done[0] = done;
    const share = this.#marks ? this.#marks.base[0]! : 1;
    for (let i = 0; i < this.#count; i++) {
      const channel = this.#channels[i]!;
      const from = this.#from[channel]!;
      pose[channel] = pose[channel]! + (from + (this.#to[channel]! - from) * done) * share;
    }
  }

  /** Goes on from what is shown now; with the emotion of another line, or none, also from what the text asked for. */
  #change(layer: EmotionLayer, duration: number, marks: MoodMarks | null | undefined = this.#marks): void {
    const done = this.#done[0]!;
    const share = marks ? marks.base[0]! : 1;
    this.#count = 0;
    for (let channel = 0; channel < CHANNEL_COUNT; channel++) {
      const from = this.#from[channel]!;
      this.#from[channel] = (from + (this.#to[channel]! - from) * done) * share;
    }
    if (marks) addMarks(this.#from, marks);
    for (let channel = 0; channel < CHANNEL_COUNT; channel++) {
      this.#to[channel] = layer[channel]!;
      if (this.#from[channel] !== 0 || this.#to[channel] !== 0) this.#channels[this.#count++] = channel;
    }
    this.#done[0] = 0;
    this.#start[0] = Number.NaN;
    this.#duration[0] = duration;
  }
}

/** Adds the emotions of a text, as far as they are felt now. */
function addMarks(pose: Float32Array, { layers, weights }: MoodMarks): void {
  for (let i = 0; i < layers.length; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    const layer = layers[i]!;
    for (let channel = 0; channel < CHANNEL_COUNT; channel++)
      pose[channel] = pose[channel]! + layer[channel]! * weight;
  }
}
