/** What stores give back, spoiled: decoders take it, or say what is wrong, and nothing else. */
import { describe, expect, it } from 'vitest';
import { packLine, unpackLine } from '../../../src/gateway/lines/line-blob.ts';
import { decodePiece, encodeFailure, encodePiece } from '../../../src/gateway/stores/piece-codec.ts';
import { TOKEN_BYTES, Told } from '../../../src/gateway/stores/redis-told.ts';
import type { LinePiece } from '../../../src/gateway/stores/store.ts';
import { InputError, SpeechError } from '../../../src/speech/errors.ts';
import { SHAPE_COUNT } from '../../../src/speech/face-shapes.ts';
import { collectTrack, type Track } from '../../../src/speech/track.ts';
import { VISEME_INDEX } from '../../../src/speech/viseme.ts';
import { Mutator } from '../../kit/mutator.ts';
import { toneVoices } from '../../kit/tone-voices.ts';

const RUNS = process.env.PARLEY_LONG ? 30_000 : 3_000;

const PIECES: readonly LinePiece[] = [
  { type: 'head', voice: 'F1', lang: 'en', timing: { origin: 'service', confidence: 0.9 } },
  { type: 'audio', samples: Int16Array.of(1, -2, 3, 32_767), sampleRate: 44_100 },
  { type: 'cues', cues: [{ viseme: 'PP', start: 0, end: 0.1, weight: 1, from: 0 }] },
  { type: 'words', words: [{ text: 'hi', start: 0, end: 0.2, from: 0, to: 2 }] },
  { type: 'shapes', fps: 60, from: 0, frames: new Float32Array(2 * SHAPE_COUNT) },
  { type: 'end' },
];

const GOOD = [...PIECES.map(encodePiece), encodeFailure(SpeechError.refused('somebody', 'no.', 'busy', 3))];

/** A packed piece with a mistake in its JSON, its numbers or its bytes. */
function spoiled(mutator: Mutator): Buffer {
  const good = mutator.pick(GOOD);
  if (good[1] !== 0x7b && good[1] !== 0x5b) return mutator.bytes(good);
  if (mutator.random() < 0.3) return mutator.bytes(good);
  return Buffer.concat([
    good.subarray(0, 1),
    Buffer.from(mutator.text(JSON.parse(good.toString('utf8', 1)))),
  ]);
}

function expectPiece(piece: LinePiece): void {
  const spans = piece.type === 'cues' ? piece.cues : piece.type === 'words' ? piece.words : [];
  for (const { start, end } of spans) {
    expect(Number.isFinite(start) && Number.isFinite(end) && end >= start).toBe(true);
  }
  if (piece.type === 'cues') for (const { viseme } of piece.cues) expect(VISEME_INDEX[viseme]).toBeDefined();
  if (piece.type === 'words') for (const { text } of piece.words) expect(typeof text).toBe('string');
  if (piece.type === 'audio') expect(piece.sampleRate).toBeGreaterThanOrEqual(1_000);
  if (piece.type === 'shapes') expect(piece.frames.length % SHAPE_COUNT).toBe(0);
  if (piece.type === 'head') {
    expect([typeof piece.voice, typeof piece.lang, typeof piece.timing.origin]).toEqual(
      Array.from({ length: 3 }, () => 'string'),
    );
    expect(piece.timing.confidence).toBeGreaterThanOrEqual(0);
  }
}

describe('pieces of a line from the store', () => {
  it('come back as they were', () => {
    for (const piece of PIECES) expect(decodePiece(encodePiece(piece))).toEqual(piece);
    expect(() => decodePiece(GOOD.at(-1)!)).toThrowError(SpeechError);
  });

  it('that are spoiled are a piece all the same, or an error of ours', () => {
    const mutator = new Mutator(1);
    let taken = 0;
    for (let run = 0; run < RUNS; run++) {
      try {
        expectPiece(decodePiece(spoiled(mutator)));
        taken++;
      } catch (error) {
        if (!(error instanceof SpeechError || error instanceof InputError)) throw error;
      }
    }
    expect(taken).toBeLessThan(RUNS * 0.8);
  });

  it('told in any form leave the one who listens alive, and what is good is heard', () => {
    const mutator = new Mutator(2);
    const token = 'f'.repeat(TOKEN_BYTES);
    const message = (number: number, piece: Uint8Array) => {
      const head = Buffer.alloc(4);
      head.writeUInt32LE(number);
      return Buffer.concat([head, Buffer.from(token, 'latin1'), piece]);
    };
    for (let run = 0; run < RUNS; run++) {
      const told = new Told();
      told.handleLook({ token, pieces: [] });
      const bad = mutator.bytes(message(1 + mutator.below(3), spoiled(mutator)));
      told.handle(bad);
      try {
        while (told.take());
      } catch (error) {
        if (!(error instanceof SpeechError || error instanceof InputError)) throw error;
        continue;
      }
      if (told.next !== 1) continue;
      told.handle(message(1, GOOD[0]!));
      expect(told.take()).toMatchObject({ type: 'head' });
    }
  });
});

describe('a line from a cache', () => {
  const KEY = 'k'.repeat(64);

  async function track(): Promise<Track> {
    const text = 'some people';
    const voices = toneVoices({ sampleRate: 8_000 });
    const parts = voices.speak({ text }, new AbortController().signal);
    return collectTrack(parts, { text, voice: 'F1', lang: 'en' }, voices.timing);
  }

  it('comes back as it was, and of none that is damaged anything is taken', async () => {
    const good = await track();
    const packed = packLine(KEY, good);
    expect(unpackLine(KEY, packed).samples).toEqual(good.samples);
    const mutator = new Mutator(3);
    for (let run = 0; run < RUNS / 5; run++) {
      const bad = mutator.bytes(packed);
      if (bad.equals(packed)) continue;
      expect(() => unpackLine(KEY, bad)).toThrowError(InputError);
    }
    expect(() => unpackLine('other', packed)).toThrowError(InputError);
  });
});
