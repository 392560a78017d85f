import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACE_GROUPS, FACE_ROW, FACE_SHARE, FaceFrames } from '../../../src/pose/face-frames.ts';
import { SHAPE_COUNT } from '../../../src/speech/face-shapes.ts';

const FPS = 60;
const JAW = 17;
const BLINK = 0;

function framesOf(count: number, jaw: (frame: number) => number, first = 0): Float32Array {
  const frames = new Float32Array(count * SHAPE_COUNT);
  for (let frame = 0; frame < count; frame++) frames[frame * SHAPE_COUNT + JAW] = jaw(first + frame);
  return frames;
}

const wave = (frame: number) => 0.5 + 0.4 * Math.sin(frame / 5);

function at(face: FaceFrames, time: number): { jaw: number; share: number } {
  const row = new Float32Array(FACE_ROW);
  face.sampleAt(Float64Array.of(time), 0, row);
  return { jaw: row[JAW]!, share: row[FACE_SHARE]! };
}

describe('the frames of a line', () => {
  it('are read between one another, and have all of the face in the middle of the line', () => {
    const face = new FaceFrames();
    face.add({ fps: FPS, from: 0, frames: framesOf(120, wave) });
    face.end(2);
    fc.assert(
      fc.property(fc.double({ min: 0.08, max: 1.9, noNaN: true }), (time) => {
        const [place, share] = [Math.floor(time * FPS), (time * FPS) % 1];
        const between = wave(place) + (wave(Math.min(place + 1, 119)) - wave(place)) * share;
        expect(at(face, time).jaw).toBeCloseTo(between, 5);
        expect(at(face, time).share).toBe(1);
      }),
      { seed: 1 },
    );
  });

  it('have nothing of the face before and at its start, from its end on, and without frames; and never jump', () => {
    const face = new FaceFrames();
    expect(at(face, 1)).toEqual({ jaw: 0, share: 0 });
    const other = new FaceFrames();
    other.add({ fps: FPS, from: 0, frames: framesOf(300, wave) });
    other.end(2);
    for (const time of [-1, 0, 2, 3]) expect(at(other, time).share).toBe(0);
    let before = 0;
    for (let time = 0; time < 2.1; time += 1 / 240) {
      const { share } = at(other, time);
      expect(Math.abs(share - before)).toBeLessThan(0.13);
      before = share;
    }
  });

  it('are the same whatever pieces they come in, as long as they are in time', () => {
    const whole = new FaceFrames();
    whole.add({ fps: FPS, from: 0, frames: framesOf(120, wave) });
    const pieces = new FaceFrames();
    let come = 0;
    for (let time = 0; time < 1.8; time += 0.011) {
      for (; come < Math.min(120, (time + 0.2) * FPS); come += 7) {
        const count = Math.min(7, 120 - come);
        pieces.add({ fps: FPS, from: come, frames: framesOf(count, wave, come) });
      }
      expect(at(pieces, time)).toEqual(at(whole, time));
    }
  });

  it('that come late are passed over to, without a jump', () => {
    const face = new FaceFrames();
    face.add({ fps: FPS, from: 0, frames: framesOf(30, wave) });
    let before = 0;
    let least = 1;
    for (let time = 0.05; time < 1.5; time += 1 / 120) {
      if (time > 0.6 && face.frames.count === 30)
        face.add({ fps: FPS, from: 30, frames: framesOf(120, wave, 30) });
      const { share } = at(face, time);
      if (time > 0.1) expect(Math.abs(share - before)).toBeLessThan(0.15);
      if (time > 0.1) least = Math.min(least, share);
      before = share;
    }
    expect(least).toBe(0);
    expect(before).toBe(1);
    expect(at(face, 0.3).share).toBe(1);
  });

  it('tell what they bring besides the mouth', () => {
    const face = new FaceFrames();
    face.add({ fps: FPS, from: 0, frames: framesOf(10, wave) });
    expect([...face.brings]).toEqual([0, 0, 0, 0]);
    const blink = framesOf(3, wave);
    blink[SHAPE_COUNT + BLINK] = 0.5;
    face.add({ fps: FPS, from: 10, frames: blink });
    expect(face.brings[FACE_GROUPS.lids]).toBe(1);
    expect(face.brings[FACE_GROUPS.looks]).toBe(0);
  });
});
