import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGeminiMessage } from '../../src/voices/gemini/gemini-message.ts';

const read = (message: unknown) => readGeminiMessage(new TextEncoder().encode(JSON.stringify(message)));

describe('a message of the Live API', () => {
  it('may say several things at a time, in binary frames too', () => {
    const parts = [{ text: 'Hm.' }, { inlineData: { mimeType: 'audio/pcm;rate=16000', data: 'AQI=' } }];
    const serverContent = { modelTurn: { parts }, outputTranscription: { text: 'Hi' }, turnComplete: true };
    expect(read({ serverContent, goAway: { timeLeft: '9.5s' } })).toMatchObject({
      sounds: [{ bytes: Uint8Array.of(1, 2), sampleRate: 16_000 }],
      said: { text: 'Hi', finished: false },
      turnOver: true,
      generated: false,
      leavesIn: 9.5,
    });
    expect(read({ setupComplete: {} })).toMatchObject({ ready: true });
    expect(read({ toolCall: { functionCalls: [{ id: 'a', name: 'open' }, 7] } })).toMatchObject({
      tools: [{ id: 'a', name: 'open', args: {} }],
    });
    expect(read({ sessionResumptionUpdate: { newHandle: 'h', resumable: true } })).toMatchObject({
      handle: 'h',
    });
    expect(read({ sessionResumptionUpdate: { newHandle: 'h', resumable: false } })).toMatchObject({
      handle: undefined,
    });
  });

  it('is read or called garbage, never worse, whatever it holds', () => {
    const value = fc.jsonValue();
    const part = fc.oneof(
      value,
      fc.record({ inlineData: fc.record({ mimeType: value, data: fc.oneof(value, fc.base64String()) }) }),
    );
    const content = fc.record({
      modelTurn: fc.oneof(value, fc.record({ parts: fc.oneof(value, fc.array(part)) })),
      outputTranscription: fc.oneof(value, fc.record({ text: value, finished: value })),
      interrupted: value,
    });
    const message = fc.record({
      serverContent: fc.oneof(value, content),
      toolCall: value,
      goAway: value,
      sessionResumptionUpdate: value,
    });
    const frame = fc.oneof(
      message.map((each) => JSON.stringify(each)),
      value.map((each) => new TextEncoder().encode(JSON.stringify(each))),
      fc.string(),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(frame, (each) => {
        const read = readGeminiMessage(each);
        if (read.type === 'garbage') expect(read.got).not.toBe('');
        else {
          for (const { sampleRate } of read.sounds) expect(sampleRate).toBeGreaterThan(0);
          if (read.leavesIn !== undefined) expect(read.leavesIn).toBeGreaterThanOrEqual(0);
        }
      }),
      { seed: 55, numRuns: 2_000 },
    );
  });
});
