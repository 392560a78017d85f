import miraFile from '../assets/characters/mira.glb?url';
import tomasFile from '../assets/characters/tomas.glb?url';
import type { EmotionName } from '../src/index.ts';

/** Someone the visitor can talk to. */
export interface Member {
  readonly name: string;
  /** What they are, for the choice of whom to talk to. */
  readonly role: string;
  /** "her" or "him". */
  readonly object: string;
  readonly file: string;
  /** The voice they begin with. */
  readonly voice: string;
  /** How they feel to begin with. */
  readonly mood: EmotionName;
  /** Where they stand, metres: to the viewer's right, and towards the viewer. */
  readonly x: number;
  readonly z: number;
  /** How far they turn, radians; positive is towards the viewer's left. */
  readonly turn: number;
  /** What is in the middle of the picture when they speak: metres to the viewer's right of their face. */
  readonly aside: number;
  /** Said to a visitor who comes up to them. */
  readonly greeting: string;
  /** Lines to try, short enough to stand in one row. */
  readonly lines: readonly string[];
}

export const CAST: readonly Member[] = [
  {
    name: 'Mira',
    role: 'keeps the inn',
    object: 'her',
    file: miraFile,
    voice: 'F1',
    mood: 'warm',
    x: 0,
    z: 0,
    turn: 0.25,
    aside: 0.09,
    greeting: 'Good evening, traveller. Come in from the cold, the soup is still warm.',
    lines: [
      'Welcome, traveller. The gate closes at dusk.',
      'Pepper, plum and fresh bread: five silver.',
      'Mind your step, that stair is older than I am.',
    ],
  },
  {
    name: 'Tomas',
    role: 'minds the gate',
    object: 'him',
    file: tomasFile,
    voice: 'M1',
    mood: 'neutral',
    x: 0.88,
    z: -1,
    turn: 0.12,
    aside: -0.06,
    greeting: 'Evening. State your name, and mind the puddle by the door.',
    lines: [
      'Halt. Who walks the mountain path so late?',
      'Five boats went out. Only four came back.',
      'Move along now, the bridge will not wait.',
    ],
  },
];

/** Voices the gateway offers. */
export const VOICES = ['F1', 'F2', 'F3', 'F4', 'F5', 'M1', 'M2', 'M3', 'M4', 'M5'] as const;
