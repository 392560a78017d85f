import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { READING } from '../clock/gap-map.ts';
import { RING } from '../director/seat.ts';
import { bindFace, type FaceBinding, type FaceReport } from '../face/binding.ts';
import type { FaceMap } from '../face/face-map.ts';
import { ROW } from '../lipsync/grid.ts';
import { createCell } from '../pose/cell.ts';
import { createPose, type FacePart } from '../pose/channels.ts';
import {
  coverOfEmotions,
  type EmotionChoice,
  type EmotionTables,
  type Feeling,
  layerNamed,
} from '../pose/emotion.ts';
import { DETAIL, FaceDetail } from '../pose/face-detail.ts';
import { FaceLayer } from '../pose/face-layer.ts';
import { type Hearing, Life, type LifeOptions } from '../pose/life.ts';
import { addVisemes, clearPose, createRoom, settleMouth } from '../pose/mix.ts';
import { MOMENT, MOMENT_LENGTH } from '../pose/moment.ts';
import { Mood } from '../pose/mood.ts';
import { type EmotionNamed, MoodMarks } from '../pose/mood-marks.ts';
import { MouthEffort } from '../pose/mouth-effort.ts';
import { readMouthGain } from '../pose/mouth-gain.ts';
import { Phrasing } from '../pose/phrasing.ts';
import { Remnant } from '../pose/remnant.ts';
import { SIGHT_LENGTH } from '../pose/sight.ts';
import { Undertones } from '../pose/undertones.ts';
import { Attention } from './attention.ts';
import type { Company, Person } from './company.ts';
import type { GazeTarget } from './gaze-target.ts';
import type { Line } from './line.ts';
import type { TalkView } from './talk-looks.ts';
import type { TurnLine } from './turn-line.ts';

/** What a character feels while it says a line, and how the game named it. */
export interface LineFeeling extends Feeling {
  readonly choice: EmotionChoice;
}

/** How a puppet is made. */
export interface PuppetOptions {
  /** Characters of different names do not move alike. */
  readonly name: string;
  /** What moves what, where names do not say it. */
  readonly faceMap?: FaceMap | undefined;
  /** Signs of life that it does without; `false` is all of them. */
  readonly life: LifeOptions | false;
  /** Emotions of the game's own. */
  readonly emotions?: EmotionTables;
  /** Among whom it stands. */
  readonly company: Company;
  /** Lines that have an emotion of their own. */
  readonly feelings: WeakMap<Line, LineFeeling>;
}

const LIFELESS: LifeOptions = {
  blinks: false,
  gaze: false,
  saccades: false,
  sway: false,
  accents: false,
  breath: false,
  listening: false,
};

/** A breath before a line that does not come is let go after this time, seconds. */
const LONGEST_BREATH = 1.5;

/**
 * A character's face in motion: a line's mouth, its mood and the signs of life, written to its morph targets and joints
 * once a frame.
 */
export class Puppet implements Person {
  readonly hearing: Hearing;
  /** What the face offers and what was missing. */
  readonly report: FaceReport;

  readonly #face: FaceBinding;
  readonly #life: Life;
  readonly #mood = new Mood();
  readonly #emotionNamed: EmotionNamed;
  /** The emotions in the text of the line. */
  #moodMarks: MoodMarks | undefined;
  readonly #phrasing: Phrasing;
  readonly #company: Company;
  readonly #feelings: WeakMap<Line, LineFeeling>;
  readonly #attention: Attention;
  /** What is left of the mouth of a line that gave way to another. */
  readonly #remnant = new Remnant();
  readonly #moment = new Float64Array(MOMENT_LENGTH);
  readonly #sight = new Float64Array(SIGHT_LENGTH);
  readonly #pose = createPose();
  readonly #room = createRoom();
  /** What the line's curve says: visemes and undertones. */
  readonly #visemes = new Float32Array(ROW);
  /** Of a line that does not have the mouth yet. */
  readonly #coming = new Float32Array(ROW);
  readonly #undertones: Undertones;
  /** The frames of the line's face, where it has some and the face can show them. */
  readonly #layer: FaceLayer;
  readonly #detail = new FaceDetail();
  readonly #mouthEffort = new MouthEffort();
  /** Whether anybody sees it. */
  #seen = true;
  /** The line that has, or last had, the mouth. */
  #line: TurnLine | undefined;
  /** When it became its turn, seconds. */
  readonly #begun = createCell();

  /** Binds the face below `root`. */
  constructor(root: TransformNode, { name, faceMap, life, emotions, company, feelings }: PuppetOptions) {
    const seed = seedOf(name);
    const options = life === false ? LIFELESS : life;
    this.#face = bindFace(root, faceMap, `faceMap of "${name}"`);
    const { report } = this.#face;
    const cover = coverOfEmotions((channel) => channel in report.channels, emotions);
    this.report = { ...report, emotions: cover };
    this.#undertones = new Undertones(arkitPartsOf(this.#face));
    this.#layer = new FaceLayer(ownPartsOf(this.#face), report.channels.jawOpen !== undefined);
    this.#life = new Life(seed, options);
    this.#emotionNamed = (called, strength) => layerNamed(called, strength, emotions);
    this.#phrasing = new Phrasing(seed);
    this.hearing = { phrasing: this.#phrasing, moment: this.#moment };
    this.#company = company;
    this.#feelings = feelings;
    this.#attention = new Attention(company, this, seed, options.listening !== false);
    company.join(this);
  }

  /** The node that turns with the head: where the voice is heard from. */
  get head(): TransformNode | undefined {
    return this.#face.head;
  }

  /** Where the character looks when it looks straight ahead, in the space of its root; unit length. */
  get facing(): Vector3 {
    return this.#face.facing;
  }

  /** What the face feels between lines, and under those without an emotion of their own. */
  set mood(feeling: Feeling) {
    this.#mood.stand(feeling);
  }

  /** What the face looks at. */
  set target(target: GazeTarget) {
    this.#attention.target = target;
  }

  /** What the conversation tells that it takes part in. */
  set talk(view: TalkView | undefined) {
    this.#attention.talk = view;
  }

  /** Weights and angles of the last frame, in the order of `CHANNELS`. For panels; do not change them. */
  get pose(): Float32Array {
    return this.#pose;
  }

  eyesToRef(out: Vector3): void {
    this.#face.eyesToRef(out);
  }

  /** How hard the voice tries, decibels above a normal one. */
  set effort(decibels: number) {
    this.#mouthEffort.wanted = decibels;
  }

  /** How much of the face is made, as one of `RING`: all of it, until told otherwise. */
  set ring(ring: number) {
    const seen = ring < RING.unseen;
    if (seen) this.#detail.wanted = DETAIL.face - ring;
    // Nobody has seen what it did meanwhile.
    if (!this.#seen) this.#detail.jump();
    this.#seen = seen;
  }

  /** One frame, shown at `performanceMs`, with the line whose turn it is. Allocates nothing. */
  update(line: TurnLine | undefined, performanceMs: number): void {
    const moment = this.#moment;
    if (line && line !== this.#line) this.#maybeBegin(line, performanceMs);
    if (!line) this.#mood.end();
    this.#line?.sample(performanceMs, this.#visemes);
    this.#step(line, performanceMs);
    this.#mouthEffort.step(moment);
    if (this.#line) this.#mouthEffort.apply(this.#visemes);
    this.#detail.step(moment);
    if (this.#seen && this.#detail.makesFace) this.#showFace(line !== undefined);
    else {
      if (this.#seen) this.#showMouth();
      this.#maybeLetGo(line !== undefined);
    }
  }

  #showFace(speaks: boolean): void {
    const pose = this.#pose;
    const moment = this.#moment;
    const face = this.#line?.face;
    face?.sampleAt(this.#line!.reading, READING.line, this.#layer.row);
    this.#layer.begin(this.#visemes, moment);
    clearPose(pose);
    this.#mood.add(pose, moment);
    if (this.#line) {
      addVisemes(pose, this.#visemes, moment);
      this.#remnant.add(pose, moment);
    }
    const looks = this.#attention.update(moment, speaks);
    const seen = looks && this.#face.locate(this.#attention.point, this.#sight);
    const sight = seen ? this.#sight : undefined;
    const hearing = this.#attention.speaker?.hearing;
    this.#layer.hold(pose);
    this.#life.add(pose, moment, this.#phrasing, sight, this.#attention.turn, hearing);
    if (face) this.#layer.giveWay(pose, moment, face.brings);
    this.#maybeLetGo(speaks);
    settleMouth(pose, this.#room, moment);
    if (this.#line) {
      this.#undertones.add(pose, this.#visemes, moment);
      this.#remnant.addUndertones(pose, this.#undertones);
      this.#layer.add(pose, moment);
    }
    this.#detail.trim(pose);
    this.#face.write(pose, this.#room);
  }

  /** What is seen from farther away: the visemes, or how far they open the mouth. A face at rest is not written again. */
  #showMouth(): void {
    if (!this.#line) return;
    const pose = this.#pose;
    const moment = this.#moment;
    clearPose(pose);
    addVisemes(pose, this.#visemes, moment);
    this.#remnant.add(pose, moment);
    settleMouth(pose, this.#room, moment);
    this.#detail.trim(pose);
    this.#face.writeMouth(pose, this.#room, !this.#detail.makesMouth);
  }

  /** The moment of the line, for all that moves with it. */
  #step(line: TurnLine | undefined, performanceMs: number): void {
    const moment = this.#moment;
    const seconds = performanceMs / 1000;
    const elapsed = seconds - moment[MOMENT.time]!;
    moment[MOMENT.time] = seconds;
    moment[MOMENT.playhead] = this.#line ? this.#line.reading[READING.line]! : 0;
    if (this.#line) {
      readMouthGain(this.#line.reading, moment);
      this.#phrasing.update(this.#line.words, this.#line.text);
      this.#moodMarks?.update(this.#line.words, this.#line.text);
    } else moment[MOMENT.speaking] = 0;
    this.#phrasing.follow(moment);
    if (moment[MOMENT.playhead]! > 0) return;
    const waited = seconds - this.#begun[0]!;
    if (!line) moment[MOMENT.waited] = Math.max(0, moment[MOMENT.waited]! - elapsed);
    else moment[MOMENT.waited] = Math.max(0, Math.min(waited, 2 * LONGEST_BREATH - waited));
  }

  /** A line takes the mouth when it is heard, or when the mouth is free: the one before it may still be on its way to the ear. */
  #maybeBegin(line: TurnLine, performanceMs: number): void {
    const free = !this.#line || this.#moment[MOMENT.speaking] === 0;
    if (!free) line.sample(performanceMs, this.#coming);
    if (free || line.reading[READING.silence] === 0) this.#begin(line, performanceMs);
  }

  #begin(line: TurnLine, performanceMs: number): void {
    this.#remnant.leave(this.#visemes, this.#moment);
    this.#layer.leave(this.#moment);
    this.#line = line;
    this.#mouthEffort.jump();
    this.#begun[0] = performanceMs / 1000;
    this.#moodMarks = new MoodMarks(this.#emotionNamed);
    this.#mood.begin(this.#feelings.get(line), this.#moodMarks);
    this.#phrasing.clear();
  }

  /** The line is over: targets that were held a hair above 0, which is cheaper while they move, go to exactly 0. */
  #maybeLetGo(speaks: boolean): void {
    if (speaks || !this.#line || this.#moment[MOMENT.speaking] !== 0) return;
    this.#line = undefined;
    this.#moment[MOMENT.waited] = 0;
    this.#phrasing.clear();
    this.#face.rest();
  }

  /** Leaves the face as it was found. */
  dispose(): void {
    this.#line = undefined;
    this.#company.leave(this);
    this.#face.dispose();
  }
}

/**
 * Which parts a face has as ARKit means them, and always shows. A jaw that is a joint is none: the lips that ARKit closes
 * are those that its own jaw opens.
 */
function arkitPartsOf({ isCrowded, report }: FaceBinding): (part: FacePart) => boolean {
  const { scheme, channels, joints } = report;
  if (isCrowded || !scheme.split('+').includes('arkit')) return () => false;
  return (part) => channels[part]?.origin === 'own' && !(part === 'jawOpen' && joints.jaw !== undefined);
}

/** Which parts a face has by itself, and always shows. */
function ownPartsOf({ isCrowded, report }: FaceBinding): (part: FacePart) => boolean {
  return (part) => !isCrowded && report.channels[part]?.origin === 'own';
}

/** A whole number from a name: the FNV-1a hash (Fowler, Noll and Vo), 24 bits of it. */
function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++)
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return hash >>> 8;
}
