/** The millimetres of `lip-geometry.test.ts` once more, through all that an NPC does in a frame. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateParleyAsync } from '../../../src/npc/create.ts';
import type { Parley } from '../../../src/npc/parley.ts';
import type { TalkingNpc } from '../../../src/npc/talking-npc.ts';
import { EMOTION_NAMES } from '../../../src/pose/emotion.ts';
import type { Effort } from '../../../src/speech/effort.ts';
import { type LoadedCharacter, loadCharacter } from '../../kit/character-file.ts';
import { syllables } from '../../kit/syllables.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { trackOf } from './actor.ts';

const CLOSED_MM = 1;
const OPEN_MM = 4;

interface Frame {
  readonly playhead: number;
  readonly widest: number;
  readonly middle: number;
}

describe.each(['mira', 'tomas'])('%s as an NPC', (name) => {
  let character: LoadedCharacter;
  let parley: Parley;
  let npc: TalkingNpc;
  let ms = 0;

  beforeAll(async () => {
    character = await loadCharacter(name);
    parley = await CreateParleyAsync(character.scene, { voices: toneVoices(), frameTime: () => ms });
    npc = parley.addNpc(character.root, { name });
  }, 60_000);
  afterAll(() => {
    parley?.dispose();
    character?.dispose();
  });

  /** All frames of a line of syllables, at 60 a second. */
  async function film(emotion: string, effort: Effort = 'normal'): Promise<Frame[]> {
    const cues = syllables();
    const duration = cues.at(-1)!.end;
    const line = npc.say(
      { ...trackOf('', Math.ceil(duration)), cues, duration },
      { emotion: { name: emotion, onset: 0.05 }, effort },
    );
    const frames: Frame[] = [];
    for (let i = 0; i < 2_000 && !line.ended; i++) {
      if (line.state === 'speaking' && line.fetched) ms += 1000 / 60;
      npc.update(ms);
      const { lips } = character;
      frames.push({ playhead: line.playhead, widest: lips.widest(), middle: lips.middle() });
      if (i % 10 === 0 || line.state !== 'speaking') await new Promise((resolve) => setTimeout(resolve, 0));
    }
    expect(line.ended).toBe(true);
    return frames;
  }

  it.each(EMOTION_NAMES)(
    'closes its lips on every p b m and parts them on aa, feeling %s',
    async (emotion) => {
      const frames = await film(emotion);
      for (const { viseme, start, end } of syllables()) {
        const said = `${viseme} at ${start.toFixed(2)} s`;
        const seen = (margin: number): Frame[] =>
          frames.filter(({ playhead }) => playhead >= start - margin && playhead <= end + margin);
        if (viseme === 'PP') {
          expect(Math.min(...seen(0.03).map(({ widest }) => widest)), said).toBeLessThan(CLOSED_MM);
        } else if (viseme === 'aa') {
          expect(Math.max(...seen(0).map(({ middle }) => middle)), said).toBeGreaterThan(OPEN_MM);
        }
      }
    },
  );

  it('opens wider the louder it is, and closes its lips on every p b m all the same', async () => {
    const openings: number[] = [];
    for (const effort of ['whisper', 'soft', 'normal', 'raised', 'shout'] as const) {
      const frames = await film('neutral', effort);
      let sum = 0;
      for (const { viseme, start, end } of syllables()) {
        const seen = (margin: number): Frame[] =>
          frames.filter(({ playhead }) => playhead >= start - margin && playhead <= end + margin);
        if (viseme === 'PP')
          expect(Math.min(...seen(0.03).map(({ widest }) => widest)), effort).toBeLessThan(CLOSED_MM);
        else sum += Math.max(...seen(0).map(({ middle }) => middle));
      }
      openings.push(sum);
    }
    for (let louder = 1; louder < openings.length; louder++)
      expect(openings[louder]! / openings[louder - 1]!).toBeGreaterThan(1.04);
    expect(openings[4]! / openings[2]!).toBeGreaterThan(1.2);
    expect(openings[4]! / openings[2]!).toBeLessThan(1.6);
  });
});
