import { describe, expect, it } from 'vitest';
import { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import { Intake } from '../../../src/npc/intake.ts';
import { LineRecord } from '../../../src/npc/line-record.ts';
import type { SpeechPart } from '../../../src/speech/part.ts';
import { wordsOf } from '../pose/moments.ts';

/** What is left of a text, a word of which begins with each second, that was stopped at a moment. */
async function rest(text: string, seconds: number): Promise<unknown> {
  const intake = new Intake(new PoseCurve());
  const plain = text.replace(/<[^>]*>/g, (tag) => ' '.repeat(tag.length));
  const words = wordsOf(plain);
  async function* parts(): AsyncGenerator<SpeechPart> {
    yield { type: 'words', words };
    yield { type: 'audio', samples: new Int16Array(8_000 * 10).fill(5), sampleRate: 8_000 };
    yield { type: 'end' };
  }
  await intake.read(parts, 'test');
  const timing = { origin: 'service', confidence: 1 } as const;
  const record = new LineRecord(intake, { request: { text }, timing, keep: false, track: undefined });
  const word = words[seconds];
  return record.restFrom(word ? (word.start + word.end) / 2 : 9);
}

describe('the rest of a text that was stopped', () => {
  const text = 'Come in. <emotion sad>He is gone.</emotion> Bye.';

  it.each([
    [0, text],
    [2, '<emotion sad>He is gone.</emotion> Bye.'],
    [4, '<emotion sad>gone.</emotion> Bye.'],
    [5, 'Bye.'],
    [6, ''],
  ])('at word %i keeps the emotion that it stands in', async (word, left) => {
    expect(await rest(text, word)).toBe(left);
  });

  it('is nothing where only tags are left', async () => {
    expect(await rest('<emotion sad>He is gone.</emotion>', 7)).toBe('');
  });
});
