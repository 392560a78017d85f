import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROW } from '../../../src/lipsync/grid.ts';
import { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import { createPose } from '../../../src/pose/channels.ts';
import { EMOTION_NAMES, resolveEmotion } from '../../../src/pose/emotion.ts';
import { addVisemes, clearPose, settleMouth } from '../../../src/pose/mix.ts';
import { Undertones } from '../../../src/pose/undertones.ts';
import { loadFace, type MeasuredFace } from '../../kit/character-file.ts';
import { syllables } from '../../kit/syllables.ts';

const INTENSITIES = [0.3, 0.6, 1];
const SPEEDS = [0.5, 1, 1.4, 2];
const RATES = [30, 60];
/** Where in the time of a frame the line may begin. */
const PHASES = [0, 0.37, 0.71];

const CLOSED_MM = 1;
const OPEN_MM = 4;

describe.each(['mira', 'tomas'])('the lips of %s, in millimetres', (name) => {
  let character: MeasuredFace;
  const pose = createPose();
  const row = new Float32Array(ROW);
  const undertones = new Undertones(() => true);

  beforeAll(async () => {
    character = await loadFace(name);
  }, 60_000);
  afterAll(() => character?.dispose());

  function show(curve: PoseCurve, time: number, emotion: Float32Array): void {
    clearPose(pose);
    pose.set(emotion);
    curve.sample(time, row);
    addVisemes(pose, row);
    settleMouth(pose);
    undertones.add(pose, row);
    character.face.write(pose);
  }

  /** Least or greatest of a measure over the frames between two moments, for the worst phase. */
  function overFrames(from: number, to: number, fps: number, measure: (time: number) => number): number[] {
    return PHASES.flatMap((phase) => {
      const seen: number[] = [];
      for (let frame = Math.ceil(from * fps - phase); (frame + phase) / fps <= to; frame++)
        seen.push(measure((frame + phase) / fps));
      return seen;
    });
  }

  describe.each(EMOTION_NAMES)('feeling %s', (feeling) => {
    it.each(INTENSITIES)('meet on every p b m and part on aa, at intensity %s', (intensity) => {
      const emotion = resolveEmotion('test', { name: feeling, intensity });
      for (const speed of SPEEDS) {
        const cues = syllables(speed);
        const curve = new PoseCurve();
        curve.addCues(cues);
        curve.end(cues.at(-1)!.end);
        const widest = (time: number): number => {
          show(curve, time, emotion);
          return character.lips.widest();
        };
        const middle = (time: number): number => {
          show(curve, time, emotion);
          return character.lips.middle();
        };
        for (const fps of RATES) {
          for (const { viseme, start, end } of cues) {
            const said = `${viseme} at ${start.toFixed(2)} s, speed ${speed}, ${fps} Hz`;
            if (viseme === 'PP') {
              for (const phase of PHASES) {
                const first = Math.ceil((start - 0.03) * fps - phase);
                let narrowest = Number.POSITIVE_INFINITY;
                for (let frame = first; (frame + phase) / fps <= end + 0.03; frame++)
                  narrowest = Math.min(narrowest, widest((frame + phase) / fps));
                expect(narrowest, said).toBeLessThan(CLOSED_MM);
              }
            } else if (viseme === 'aa') {
              expect(Math.max(...overFrames(start, end, 60, middle)), said).toBeGreaterThan(OPEN_MM);
            }
          }
        }
      }
    });
  });
});
