/** A cutscene as it is written and kept: plain values that survive JSON. Times are seconds, places metres, angles degrees. */

/** A place in the scene: x, y, z. */
export type Point = readonly [number, number, number];

/** What a variable of a scene holds. */
export type Variable = number | string | boolean;

/** How a movement begins and ends. `in` begins slowly, `out` ends so; default `in-out`. */
export const EASES = ['linear', 'in', 'out', 'in-out'] as const;
export type Ease = (typeof EASES)[number];

/** Who takes part, and how they speak. */
export interface CastMember {
  readonly voice?: string;
  readonly lang?: string;
}

/** What a camera sees: from where, at what, how wide. */
export interface Shot {
  readonly position: Point;
  readonly target: Point;
  /** Vertical angle of view. Default 50. */
  readonly fov?: number;
}

/** What a beat has that takes time. */
interface Lasting {
  /** The next beat begins together with this one, not when it is over. Default false. */
  readonly meanwhile?: boolean;
}

/** What a beat has that moves something. */
interface Moving extends Lasting {
  /** How long it takes. Default 0: at once. */
  readonly over?: number;
  readonly ease?: Ease;
}

/** Beats that begin with a word of a line, and go on beside it. */
export interface Mark {
  /** A word as it stands in the text. */
  readonly on: string;
  /** Which of them, where it stands there more than once; the first is 1, the default. */
  readonly nth?: number;
  readonly beats: readonly Beat[];
}

/** Somebody says something; several say it together. */
export interface SayBeat extends Lasting {
  readonly say: string;
  readonly by: string | readonly string[];
  /** By which other beats, tracks and translations find it. Default: its place in the script. */
  readonly id?: string;
  /** How the speakers feel while they say it. */
  readonly emotion?: string;
  readonly marks?: readonly Mark[];
}

/** Time passes, the player lets it go on, or a line comes to a word or its end. */
export interface WaitBeat {
  readonly wait: number | 'player' | LineMoment;
}

/** The end of a line that has begun, or the start of one of its words. */
export interface LineMoment {
  readonly line: string;
  readonly word?: string;
}

/** Who is seen from where: a shot of the script, a camera of the scene by its name, or one told here. */
export interface CameraBeat extends Moving {
  readonly camera: string | Shot;
}

/** Something goes to a place, and turns about the vertical. */
export interface MoveBeat extends Moving {
  readonly move: string;
  readonly to?: Point;
  /** Angle about the vertical, degrees. */
  readonly turn?: number;
}

/** Somebody looks at somebody, something or a place; `auto` is where it likes. */
export interface LookBeat {
  readonly look: string;
  readonly at: string | Point;
}

/** Somebody feels otherwise from here on. */
export interface EmoteBeat {
  readonly emote: string;
  readonly emotion: string;
  /** 0 to 1. Default 1. */
  readonly strength?: number;
}

/** An animation of the scene plays, or stops where it is. */
export interface AnimateBeat extends Lasting {
  readonly animate: string;
  /** Default 1; 0 stops it. */
  readonly speed?: number;
  readonly loop?: boolean;
}

/** Things are shown, or hidden. */
export interface ShowBeat {
  readonly show: string | readonly string[];
}
export interface HideBeat {
  readonly hide: string | readonly string[];
}

/** A sound of the scene plays; volume 0 stops it. */
export interface SoundBeat {
  readonly sound: string;
  /** 0 to 1. Default 1. */
  readonly volume?: number;
  readonly loop?: boolean;
}

/** A function of the game is called. */
export interface RunBeat {
  readonly run: string;
  /** Whether it is called as well where the playhead jumps over it. Default `do`. */
  readonly onSkip?: 'do' | 'none';
}

/** Variables take values. */
export interface SetBeat {
  readonly set: Readonly<Record<string, Variable>>;
}

/** Several rows of beats at once; it is over when the last of them is. */
export interface ParallelBeat extends Lasting {
  readonly parallel: readonly (readonly Beat[])[];
}

/** The player chooses how it goes on. */
export interface ChooseBeat {
  readonly choose: readonly Choice[];
}
export interface Choice {
  readonly text: string;
  /** Offered only where this holds. */
  readonly if?: Condition;
  readonly beats: readonly Beat[];
}

/** What a variable must be. One that was never set is none of these, and not anything else. */
export type Condition = { readonly variable: string } & (
  | { readonly is: Variable }
  | { readonly not: Variable }
  | { readonly above: number }
  | { readonly below: number }
);

export interface IfBeat {
  readonly if: Condition;
  readonly beats: readonly Beat[];
  readonly else?: readonly Beat[];
}

/** A place to go to; it goes on with the next beat. */
export interface LabelBeat {
  readonly label: string;
}

/** The scene goes on at a label of its own list, or ends. */
export interface GotoBeat {
  readonly goto: string;
}

/** One step of a cutscene. */
export type Beat =
  | SayBeat
  | WaitBeat
  | CameraBeat
  | MoveBeat
  | LookBeat
  | EmoteBeat
  | AnimateBeat
  | ShowBeat
  | HideBeat
  | SoundBeat
  | RunBeat
  | SetBeat
  | ParallelBeat
  | ChooseBeat
  | IfBeat
  | LabelBeat
  | GotoBeat;

/** The label to which a scene goes that ends. */
export const END = 'end';

/** A cutscene. */
export interface Script {
  readonly version: 1;
  readonly name: string;
  /** By the name in `by`, `look` and `emote`; who is not named here speaks as the scene has it. */
  readonly cast: Readonly<Record<string, CastMember>>;
  readonly shots: Readonly<Record<string, Shot>>;
  /** With their values at the start. */
  readonly variables: Readonly<Record<string, Variable>>;
  readonly beats: readonly Beat[];
}
