import { CHANNEL_COUNT } from '../pose/channels.ts';
import { type DrivenExpression, groupOf } from './expressions.ts';
import type { Pull } from './pull.ts';
import type { Rig } from './rig.ts';

/** A morph target moved by a channel: its influence is the sum of `gain` times the weight over all its drives. */
export interface Drive {
  /** Index in `rig.meshes`. */
  readonly mesh: number;
  /** Index in the mesh's targets. */
  readonly target: number;
  /** Index in a pose; from {@link CHANNEL_COUNT} on, in the driven expressions. */
  readonly channel: number;
  readonly gain: number;
  /** Index in a pose of the channel whose room it takes. Default: its own. */
  readonly room?: number;
}

/** A joint turned by a channel that is no angle: the jaw, or the head of a character without a mouth. */
export interface Swing {
  readonly joint: 'jaw' | 'head';
  /** Index in a pose. */
  readonly channel: number;
  /** Radians upwards at weight 1; a jaw opens downwards. */
  readonly gain: number;
}

/** Collects what every channel moves. */
export class Links {
  readonly expressions: DrivenExpression[] = [];
  readonly swings: Swing[] = [];
  readonly #rig: Rig;
  readonly #drives: Drive[] = [];
  /** Place in `expressions` of each expression of the rig that is driven. */
  readonly #used = new Map<number, number>();

  constructor(rig: Rig) {
    this.#rig = rig;
  }

  add(channel: number, pull: Pull): void {
    if (pull.on === 'target') {
      const { mesh, target, gain } = pull;
      this.#drives.push({ mesh, target, channel, gain });
    } else if (pull.on === 'expression') {
      this.#expressionOf(pull.expression).push({ channel, gain: pull.gain });
    } else {
      this.swings.push({ joint: pull.on, channel, gain: pull.on === 'jaw' ? -pull.gain : pull.gain });
    }
  }

  /** Drives by channels, and those by expressions. */
  allDrives(): Drive[] {
    const bound = [...this.#used].flatMap(([expression, at]) => {
      const room = this.expressions[at]!.drives[0]!.channel;
      return targetsOf(this.#rig, expression).map(
        ({ mesh, target, weight }): Drive => ({
          mesh,
          target,
          channel: CHANNEL_COUNT + at,
          gain: weight,
          room,
        }),
      );
    });
    return [...this.#drives, ...bound];
  }

  #expressionOf(expression: number): { channel: number; gain: number }[] {
    let at = this.#used.get(expression);
    if (at === undefined) {
      const { name, preset, binary, overrides } = this.#rig.expressions[expression]!;
      const group = preset ? groupOf(name) : undefined;
      at = this.expressions.push({ name, drives: [], binary, group, overrides }) - 1;
      this.#used.set(expression, at);
    }
    return this.expressions[at]!.drives as { channel: number; gain: number }[];
  }
}

/** The targets of an expression that are there. */
export function targetsOf(
  { expressions, meshes }: Rig,
  expression: number,
): Rig['expressions'][number]['binds'] {
  return expressions[expression]!.binds.filter(({ mesh, target }) => target in (meshes[mesh]?.targets ?? []));
}
