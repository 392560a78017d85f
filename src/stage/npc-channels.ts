import type { Node } from '@babylonjs/core/node.js';
import type { GazeTarget } from '../npc/gaze-target.ts';
import type { TalkingNpc } from '../npc/talking-npc.ts';
import type { EmotionChoice } from '../pose/emotion.ts';
import type { Channel } from './channel.ts';

/** What a character looks at. `find` finds what a name means. */
export function lookChannel(npc: TalkingNpc, find: (name: string) => TalkingNpc | Node): Channel {
  return {
    initial: 'auto',
    write: (value) => npc.lookAt(targetOf(value as string | readonly number[], find)),
  };
}

function targetOf(value: string | readonly number[], find: (name: string) => TalkingNpc | Node): GazeTarget {
  if (typeof value !== 'string') return { x: value[0]!, y: value[1]!, z: value[2]! };
  return value === 'auto' || value === 'player' || value === 'nobody' ? value : find(value);
}

/** How a character feels between its lines. */
export function emotionChannel(npc: TalkingNpc): Channel {
  const before = npc.emotion;
  return {
    initial: { before },
    write(value) {
      const { emotion, strength } = value as { emotion?: string; strength: number };
      npc.emotion =
        emotion === undefined ? before : ({ name: emotion, intensity: strength } as EmotionChoice);
    },
  };
}
