import { CHANNEL, CHANNEL_COUNT } from '../pose/channels.ts';
import { OVERRIDE_GROUPS, type Override, type OverrideGroup } from './rig.ts';

/** A VRM expression in use: what drives it, and how it stands to others. */
export interface DrivenExpression {
  readonly name: string;
  /** Index in a pose, and weight of the expression at weight 1 of that channel. */
  readonly drives: readonly { readonly channel: number; readonly gain: number }[];
  readonly binary: boolean;
  /** What it belongs to, if anything: that may be held back by others. */
  readonly group: OverrideGroup | undefined;
  readonly overrides: Readonly<Record<OverrideGroup, Override>>;
}

/** Presets that a program shows by itself (vrm-specification, 1.0, "Procedural override"). */
const GROUPS: Readonly<Record<OverrideGroup, RegExp>> = {
  mouth: /^(aa|ih|ou|ee|oh)$/,
  blink: /^blink(Left|Right)?$/,
  gaze: /^look(Up|Down|Left|Right)$/,
};

/** The group of a preset. */
export function groupOf(preset: string): OverrideGroup | undefined {
  return OVERRIDE_GROUPS.find((group) => GROUPS[group].test(preset));
}

const NO_GROUP = -1;
const [NONE, BLEND, BLOCK] = [0, 1, 2];
/** Above this a binary expression is shown in full. */
const SHOWN = 0.5;

/**
 * Weights of VRM expressions, by the rules of VRM 1: each is brought into 0 to 1; binary ones are shown in full or not
 * at all; while an expression shows that blocks or blends the mouth, the blink or the gaze, those are held back, and
 * binary ones among them wholly.
 */
export class ExpressionMixer {
  /** A pose, and after it the weight of each expression. Valid until the next {@link mix}. */
  readonly values: Float32Array;
  readonly #first: Int32Array;
  readonly #channels: Int16Array;
  readonly #gains: Float32Array;
  readonly #binary: Uint8Array;
  readonly #groups: Int8Array;
  /** Of each expression, what it does to each group. */
  readonly #overrides: Uint8Array;
  readonly #held = new Float32Array(OVERRIDE_GROUPS.length);

  constructor(expressions: readonly DrivenExpression[]) {
    this.values = new Float32Array(CHANNEL_COUNT + expressions.length);
    const first = [0];
    for (const { drives } of expressions) first.push(first.at(-1)! + drives.length);
    this.#first = Int32Array.from(first);
    this.#channels = Int16Array.from(
      expressions.flatMap(({ drives }) => drives.map((drive) => drive.channel)),
    );
    this.#gains = Float32Array.from(expressions.flatMap(({ drives }) => drives.map((drive) => drive.gain)));
    this.#binary = Uint8Array.from(expressions, ({ binary }) => (binary ? 1 : 0));
    this.#groups = Int8Array.from(expressions, ({ group }) =>
      group ? OVERRIDE_GROUPS.indexOf(group) : NO_GROUP,
    );
    this.#overrides = Uint8Array.from(
      expressions.flatMap(({ group, overrides }) =>
        // What is itself shown by a program holds nothing back.
        OVERRIDE_GROUPS.map((each) => (group ? NONE : codeOf(overrides[each]))),
      ),
    );
  }

  /** Weighs all expressions for a pose. Allocates nothing. */
  mix(pose: Float32Array): Float32Array {
    const { values } = this;
    values.set(pose);
    const held = this.#held.fill(0);
    const groups = held.length;
    for (let e = 0; e < this.#binary.length; e++) {
      let weight = 0;
      for (let d = this.#first[e]!; d < this.#first[e + 1]!; d++) {
        weight += this.#gains[d]! * pose[this.#channels[d]!]!;
      }
      if (this.#binary[e]) weight = weight > SHOWN ? 1 : 0;
      weight = weight < 0 ? 0 : weight > 1 ? 1 : weight;
      values[CHANNEL_COUNT + e] = weight;
      for (let g = 0; g < groups; g++) {
        const override = this.#overrides[e * groups + g]!;
        if (override === BLEND) held[g] = held[g]! + weight;
        else if (override === BLOCK && weight > 0) held[g] = 1;
      }
    }
    for (let e = 0; e < this.#binary.length; e++) {
      const group = this.#groups[e]!;
      if (group === NO_GROUP || held[group] === 0) continue;
      const left = held[group]! > 1 ? 0 : 1 - held[group]!;
      const weight = values[CHANNEL_COUNT + e]!;
      values[CHANNEL_COUNT + e] = this.#binary[e] ? 0 : weight * left;
    }
    return values;
  }
}

const codeOf = (override: Override): number =>
  override === 'block' ? BLOCK! : override === 'blend' ? BLEND! : NONE!;

/** What each direction of the gaze is for a VRM that looks by expressions: which angle, which way. */
export const LOOK_PRESETS: Readonly<
  Record<string, { channel: number; sign: 1 | -1; by: 'yaw' | 'up' | 'down' }>
> = {
  lookLeft: { channel: CHANNEL.eyeYaw, sign: 1, by: 'yaw' },
  lookRight: { channel: CHANNEL.eyeYaw, sign: -1, by: 'yaw' },
  lookUp: { channel: CHANNEL.eyePitch, sign: 1, by: 'up' },
  lookDown: { channel: CHANNEL.eyePitch, sign: -1, by: 'down' },
};
