import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { ChannelValue } from '../cutscene/changes.ts';
import type { Shot } from '../cutscene/script.ts';
import type { WriteChannel } from '../cutscene/state-writer.ts';
import type { TalkingNpc } from '../npc/talking-npc.ts';
import { InputError } from '../speech/errors.ts';
import { animationChannel, secondsOf } from './animation-channel.ts';
import { cameraChannel, shotOf } from './camera-channel.ts';
import type { Channel } from './channel.ts';
import { placeChannel, shownChannel, turnChannel } from './node-channels.ts';
import { emotionChannel, lookChannel } from './npc-channels.ts';

/** What a scene of Babylon is to a cutscene: names become nodes, cameras, animation groups and characters. */
export class SceneWorld {
  readonly #scene: Scene;
  readonly #npcs: () => readonly TalkingNpc[];
  readonly #channels = new Map<string, Channel | undefined>();

  /** `npcs`: the characters, in any order; they are found by their names, and go before nodes of the same name. */
  constructor(scene: Scene, npcs: () => readonly TalkingNpc[]) {
    this.#scene = scene;
    this.#npcs = npcs;
  }

  /** What a channel writes to. Throws `InputError` for a name that is not in the scene. Undefined for variables and sounds. */
  readonly bind = (channel: string): WriteChannel | undefined => this.#channel(channel)?.write;

  /** What a channel is now: asked before the scene has changed anything, and the same ever after. */
  readonly initial = (channel: string): ChannelValue | undefined => this.#channel(channel)?.initial;

  /** What a camera of the scene sees; undefined where it has none of that name. */
  readonly shotOf = (name: string): Shot | undefined => shotOf(this.#scene.getCameraByName(name));

  /** How long an animation group lasts, seconds; undefined where the scene has none of that name. */
  readonly secondsOf = (name: string): number | undefined =>
    secondsOf(this.#scene.getAnimationGroupByName(name));

  #channel(channel: string): Channel | undefined {
    if (!this.#channels.has(channel)) this.#channels.set(channel, this.#open(channel));
    return this.#channels.get(channel);
  }

  #open(channel: string): Channel | undefined {
    const at = channel.indexOf(':');
    const [kind, name] = at < 0 ? [channel, ''] : [channel.slice(0, at), channel.slice(at + 1)];
    switch (kind) {
      case 'camera':
        return cameraChannel(this.#scene);
      case 'place':
        return placeChannel(this.#node(name));
      case 'turn':
        return turnChannel(this.#node(name));
      case 'shown':
        return shownChannel(this.#node(name));
      case 'look':
        return lookChannel(this.#npc(name), (target) => this.#npcNamed(target) ?? this.#node(target));
      case 'emotion':
        return emotionChannel(this.#npc(name));
      case 'animation':
        return animationChannel(this.#group(name));
      default:
        return undefined;
    }
  }

  #npcNamed(name: string): TalkingNpc | undefined {
    return this.#npcs().find((npc) => npc.name === name);
  }

  #npc(name: string): TalkingNpc {
    const npc = this.#npcNamed(name);
    if (npc) return npc;
    const known = this.#npcs().map((each) => each.name);
    throw new InputError(
      'A cutscene',
      `an NPC of that name (${known.join(', ') || 'there is none'})`,
      `"${name}"`,
    );
  }

  #node(name: string): Node {
    const node = this.#npcNamed(name)?.attachedNode ?? this.#scene.getNodeByName(name);
    if (node) return node;
    throw new InputError('A cutscene', 'an NPC or a node of the scene of that name', `"${name}"`);
  }

  #group(name: string): NonNullable<ReturnType<Scene['getAnimationGroupByName']>> {
    const group = this.#scene.getAnimationGroupByName(name);
    if (group) return group;
    const known = this.#scene.animationGroups.map((each) => each.name).join(', ') || 'there is none';
    throw new InputError('A cutscene', `an animation group of that name (${known})`, `"${name}"`);
  }
}
