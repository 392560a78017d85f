import { expect, it } from 'vitest';
import { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import { Intake } from '../../../src/npc/intake.ts';
import { LineSound } from '../../../src/npc/line-sound.ts';
import { Playhead } from '../../../src/npc/playhead.ts';
import { SilentPlayer } from '../../../src/playback/silent-player.ts';
import type { SpeechPart } from '../../../src/speech/part.ts';

const RATE = 16_000;

const sound = (seconds: number): SpeechPart => ({
  type: 'audio',
  samples: new Int16Array(seconds * RATE),
  sampleRate: RATE,
});

const shape = (start: number, end: number): SpeechPart => ({
  type: 'cues',
  cues: [{ viseme: 'aa', start, end, weight: 1 }],
});

/** What is held back of a line whose source needs 0.2 s ahead: while it waits, and once it plays and all shapes are told. */
async function heldBack(...parts: SpeechPart[]): Promise<{ waiting: number; playing: number }> {
  const intake = new Intake(new PoseCurve());
  const line = new LineSound(intake, 1, {
    lateness: undefined,
    lookAheadSeconds: 0.2,
    keep: false,
    complete: false,
  });
  const player = new SilentPlayer();
  const playhead = new Playhead();
  const played = line.play(player, RATE, playhead, () => {});
  let waiting = 0;
  await intake.read(async function* () {
    yield* parts;
    waiting = line.targetMs;
    yield sound(0.5);
    player.update(0);
    player.update(10);
    yield sound(0.5);
    yield { type: 'end' };
  }, 'test');
  const playing = line.targetMs;
  expect(line.audio?.state).toBe('playing');
  player.dispose();
  await played;
  return { waiting, playing };
}

it('a line waits for what its source needs ahead', async () => {
  expect(await heldBack(sound(0.02))).toEqual({ waiting: 200, playing: 200 });
});

it('a line does not wait where mouth shapes are told so far ahead of the sound', async () => {
  expect(await heldBack(shape(0, 1), sound(0.02))).toEqual({ waiting: 0, playing: 0 });
});

it('a line waits for the rest where they are told a little ahead', async () => {
  expect((await heldBack(shape(0, 0.1), sound(0.02))).waiting).toBeCloseTo(120, 6);
});
