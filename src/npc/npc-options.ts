import type { FaceMap } from '../face/face-map.ts';
import type { SpeechCone } from '../playback/speech-cone.ts';
import type { EmotionChoice } from '../pose/emotion.ts';
import { LIFE_SIGNS, type LifeOptions } from '../pose/life.ts';
import type { Effort } from '../speech/effort.ts';
import { Field } from '../speech/field.ts';
import type { After } from './following.ts';
import type { Addressee } from './line-types.ts';
import type { EffortOptions } from './voice-effort.ts';

/** How an NPC speaks unless a line says otherwise. */
export interface NpcOptions extends EffortOptions {
  /** Who speaks, for captions; also the name of the behaviour on its node. */
  readonly name: string;
  /** Voice of the source, such as `F1`. Default: the source's own. */
  readonly voice?: string;
  /** Language code of the source. Default: the source's own. */
  readonly lang?: string;
  /** Rate of speaking, 1 is the voice's normal. Default: the source's own. */
  readonly speed?: number;
  /** How much less is heard beside and behind the face; `false` is the same all around. Default: 7 dB less behind. */
  readonly cone?: SpeechCone | false;
  /** What happens to a line that is said while the NPC speaks. Default `enqueue`. */
  readonly whileSpeaking?: WhileSpeaking;
  /** How much the character matters to the director of a crowd, 0 or above: see `TalkingNpc.importance`. Default 1. */
  readonly importance?: number;
  /** How the character feels until `TalkingNpc.emotion` is set. Default `neutral`. */
  readonly emotion?: EmotionChoice;
  /** Signs of life that the character does without; `false` is all of them. Default: it has all. */
  readonly life?: LifeOptions | false;
  /** What moves what, for a face that names its shapes in no usual way: see `faceMapOf`. Default: found by names. */
  readonly faceMap?: FaceMap;
}

/** Checks what would otherwise be passed over, or fail much later. Throws `InputError` that names the place. */
export function checkNpcOptions(options: NpcOptions): void {
  const given = new Field(options, 'addNpc(root, options)');
  if (typeof options !== 'object' || options === null) throw given.wrong('an object with a name');
  const name = given.get('name').text();
  const { life } = options;
  if (life === undefined || life === false) return;
  const signs = new Field(life, `life of "${name}"`);
  if (typeof life !== 'object' || life === null) throw signs.wrong('an object or false');
  for (const sign of Object.keys(life)) {
    const known: readonly string[] = LIFE_SIGNS;
    if (!known.includes(sign)) throw signs.wrong(known.join(', '), `a field ${sign}`);
    const shown = signs.get(sign);
    if (shown.value !== undefined && typeof shown.value !== 'boolean') throw shown.wrong('true or false');
  }
}

/**
 * What happens to a line that is said while the NPC speaks: `enqueue` waits for its turn; `interrupt` stops the running
 * line with a short fade and drops the waiting ones; `drop` leaves the new one unsaid: it is stopped at once.
 */
export type WhileSpeaking = 'enqueue' | 'interrupt' | 'drop';

/** How a live stream is spoken. */
export interface LiveSayOptions
  extends Pick<SayOptions, 'emotion' | 'effort' | 'priority' | 'to' | 'whileSpeaking'> {
  /**
   * How much later than it comes the stream is heard, seconds, 0.1 to 0.5: the longer, the better the mouth is told from
   * the sound. Default 0.12.
   */
  readonly lookAheadSeconds?: number;
}

/** How one line is spoken; what is left out comes from the NPC. */
export interface SayOptions {
  readonly voice?: string;
  readonly lang?: string;
  readonly speed?: number;
  /** What the character feels while it says the line; it comes with the first words and goes after the last. Default: its mood. */
  readonly emotion?: EmotionChoice | undefined;
  /** How hard the character tries: see `EffortOptions.effort`. Default: as its `effort` says. */
  readonly effort?: Effort | undefined;
  /**
   * How much the line matters among those of a crowd: from the director's `storyPriority` (1) on, chatter gives way to it;
   * a voice service asks for it before others. Default 0.
   */
  readonly priority?: number;
  /** Whom it is said to. Captions tell screen readers what is said to the `player`, and what is of the story. Default: nobody in particular. */
  readonly to?: Addressee | undefined;
  /** Default: that of the NPC. */
  readonly whileSpeaking?: WhileSpeaking;
  /** Begins at a moment after another line, whoever says that, to the sample. Default: as soon as it can. */
  readonly after?: After;
  /** Speed of playing, 0.5 to 2, whatever the source can: the pitch stays. May be changed as it plays. Default 1. */
  readonly rate?: number;
  /** Keeps the sound, for `line.seek()` and `line.track()`. Default false: it is freed as it is heard. A track always keeps its own. */
  readonly keep?: boolean;
}
