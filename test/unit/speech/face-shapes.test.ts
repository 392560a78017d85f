import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTrack, encodeTrack } from '../../../src/pcm/track-file.ts';
import { cutTrack } from '../../../src/speech/cut-track.ts';
import { SHAPE_COUNT, ShapeFrames } from '../../../src/speech/face-shapes.ts';
import { speakClauses } from '../../../src/speech/speak-clauses.ts';
import { collectTrack } from '../../../src/speech/track.ts';
import { trackOf } from '../../../src/speech/track-of.ts';
import { trackParts } from '../../../src/speech/track-parts.ts';

const FPS = 60;

/** Frames whose every number tells its place: number `shape` of frame `n` is n / 1000 + shape / 100. */
function ramp(count: number, first = 0): Float32Array {
  return Float32Array.from({ length: count * SHAPE_COUNT }, (_, index) => {
    return (first + Math.floor(index / SHAPE_COUNT)) / 1000 + (index % SHAPE_COUNT) / 100;
  });
}

const track = (seconds: number, frames: number) =>
  trackOf({
    text: 'one two',
    samples: new Int16Array(seconds * 8_000).fill(1),
    sampleRate: 8_000,
    words: [
      { text: 'one', start: 0, end: 0.5, from: 0, to: 3 },
      { text: 'two', start: 0.505, end: 1, from: 4, to: 7 },
    ],
    shapes: { fps: FPS, frames: ramp(frames) },
  });

describe('frames of a face', () => {
  it('lie where they belong, whatever pieces they come in and wherever those begin', () => {
    const pieces = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(pieces, fc.double({ min: -5, max: 5, noNaN: true }), (lengths, begin) => {
        const all = new ShapeFrames();
        let at = 0;
        for (const length of lengths) {
          all.add({ fps: FPS, from: begin + at, frames: ramp(length + 1, at) });
          at += length;
        }
        for (let frame = Math.max(0, Math.ceil(begin)); frame < all.count; frame++) {
          expect(all.numbers[frame * SHAPE_COUNT]).toBeCloseTo((frame - begin) / 1000, 5);
          expect(all.numbers[frame * SHAPE_COUNT + 54]).toBeCloseTo((frame - begin) / 1000 + 0.54, 5);
        }
        expect(all.count).toBe(Math.max(0, Math.floor(begin + at + 1e-3) + 1));
      }),
      { seed: 1 },
    );
  });

  it('hold over a gap, and rest before the first', () => {
    const all = new ShapeFrames();
    all.add({ fps: FPS, from: 2, frames: ramp(1, 7) });
    all.add({ fps: FPS, from: 5, frames: ramp(1, 9) });
    const firsts = Array.from({ length: all.count }, (_, frame) => all.numbers[frame * SHAPE_COUNT]);
    expect(firsts).toEqual([0, 0, 0.007, 0.007, 0.007, 0.009].map(Math.fround));
  });

  it.each([
    ['no rate', { fps: 0, from: 0, frames: ramp(1) }],
    ['another rate', { fps: 30, from: 0, frames: ramp(1) }],
    ['half a frame', { fps: FPS, from: 0, frames: ramp(1).subarray(1) }],
    ['no place', { fps: FPS, from: Number.NaN, frames: ramp(1) }],
    ['hours', { fps: FPS, from: 1e9, frames: ramp(1) }],
    ['no number', { fps: FPS, from: 0, frames: ramp(1).fill(Number.NaN) }],
  ])('that are none are refused: %s', (_, part) => {
    const all = new ShapeFrames();
    all.add({ fps: FPS, from: 0, frames: ramp(1) });
    expect(() => all.add(part)).toThrow(/Frames of a face/);
    expect(all.count).toBe(1);
  });
});

describe('a track', () => {
  it('keeps its frames through files, to a ten-thousandth', () => {
    const before = track(1, 60);
    const files = encodeTrack(before);
    const after = decodeTrack(files);
    expect(after.shapes!.fps).toBe(FPS);
    expect(after.shapes!.frames.length).toBe(60 * SHAPE_COUNT);
    for (const [index, number] of before.shapes!.frames.entries())
      expect(Math.abs(after.shapes!.frames[index]! - number)).toBeLessThan(1e-4);
    expect(encodeTrack(after).json).toBe(files.json);
  });

  it('says what is wrong with frames in a file', () => {
    const { wav, json } = encodeTrack(track(1, 60));
    const broken = (shapes: unknown) => () =>
      decodeTrack({ wav, json: JSON.stringify({ ...JSON.parse(json), shapes }) });
    expect(broken({ fps: 60, frames: '!' })).toThrow(/line.json, shapes.frames: expected base64/);
    expect(broken({ fps: 60, frames: btoa('abcd') })).toThrow(/55 numbers/);
    expect(broken({ frames: '' })).toThrow(/line.json, shapes.fps/);
    expect(() => trackOf({ ...track(1, 1), shapes: { fps: 60, frames: new Float32Array(3) } })).toThrow(
      /55 numbers/,
    );
  });

  it('gives its frames as parts, and takes them back', async () => {
    const before = track(1, 60);
    const after = await collectTrack(trackParts(before), before, before.timing);
    expect(after.shapes).toEqual(before.shapes);
  });

  it('has no more frames than sound', () => {
    expect(track(1, 200).shapes!.frames.length / SHAPE_COUNT).toBe(61);
  });

  it('that is cut takes its frames along, moved by what was cut', () => {
    const cut = cutTrack(track(1, 60), 0.6)!;
    // It begins with the second word, at 0.505 s: frame 30.3.
    expect(cut.shapes!.frames[0]).toBeCloseTo(0.0303, 5);
    expect(cut.shapes!.frames[SHAPE_COUNT]).toBeCloseTo(0.0313, 5);
  });

  it('of several clauses has the frames of each in its place', async () => {
    const voices = {
      name: 'clauses',
      home: 'both',
      timing: { origin: 'service', confidence: 1 },
      async *speak() {
        yield { type: 'shapes', fps: FPS, from: 0, frames: ramp(61) } as const;
        yield { type: 'audio', samples: new Int16Array(8_080), sampleRate: 8_000 } as const; // 1.01 s: 60.6 frames.
        yield { type: 'end' } as const;
      },
      dispose() {},
    } as const;
    async function* pieces() {
      yield 'One. ';
      yield 'Two.';
    }
    const parts = speakClauses(
      {
        source: voices,
        request: {},
        pieces: pieces(),
        pace: { reached: async () => {}, later: () => () => {} },
        onClause: () => {},
      },
      new AbortController().signal,
    );
    const line = await collectTrack(parts, { text: '', voice: '', lang: '' }, voices.timing);
    const numberAt = (frame: number) => line.shapes!.frames[frame * SHAPE_COUNT]!;
    expect([numberAt(0), numberAt(60), numberAt(61), numberAt(100)]).toEqual([
      0,
      expect.closeTo(0.06, 5),
      expect.closeTo(0.0004, 5),
      expect.closeTo(0.0394, 5),
    ]);
  });
});
