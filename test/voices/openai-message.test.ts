import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOpenAiMessage } from '../../src/voices/openai/openai-message.ts';

const read = (event: unknown) => readOpenAiMessage(JSON.stringify(event));

describe('an event of the Realtime API', () => {
  it('is read by its present name and the one before', () => {
    for (const name of ['response.output_audio', 'response.audio']) {
      const at = { response_id: 'r', item_id: 'i', content_index: 1 };
      expect(read({ type: `${name}.delta`, delta: 'AQI=', ...at })).toEqual({
        type: 'audio',
        bytes: Uint8Array.of(1, 2),
        response: 'r',
        item: 'i',
        content: 1,
      });
      expect(read({ type: `${name}_transcript.delta`, delta: 'Hi', ...at })).toMatchObject({
        text: 'Hi',
        whole: false,
      });
      expect(read({ type: `${name}_transcript.done`, transcript: 'Hi', ...at })).toMatchObject({
        whole: true,
      });
    }
    expect(read({ type: 'session.created' })).toEqual({ type: 'other' });
  });

  it('tells why a response is not whole', () => {
    const done = (status: string, details?: object) =>
      read({ type: 'response.done', response: { id: 'r', status, status_details: details } });
    expect(done('completed')).toMatchObject({ status: 'completed', response: 'r' });
    expect(done('failed', { error: { type: 'server_error', code: 'x' } })).toMatchObject({
      code: 'x',
      reason: 'x',
    });
    expect(done('incomplete', { reason: 'content_filter' })).toMatchObject({ reason: 'content_filter' });
    expect(done('cancelled', { reason: 'turn_detected' })).toMatchObject({ code: 'turn_detected' });
    expect(done('in_progress')).toMatchObject({ type: 'garbage' });
  });

  it('tells when a used-up limit is over', () => {
    const limit = (name: string, remaining: number, seconds: number) => ({
      name,
      remaining,
      reset_seconds: seconds,
    });
    const limits = (...rate_limits: object[]) => read({ type: 'rate_limits.updated', rate_limits });
    expect(limits(limit('requests', 3, 9), limit('tokens', 0, 4))).toEqual({
      type: 'limits',
      resetSeconds: 4,
    });
    expect(limits(limit('requests', 3, 9))).toEqual({ type: 'limits', resetSeconds: undefined });
  });

  it('is read or called garbage, never worse, whatever it holds', () => {
    const value = fc.jsonValue();
    const type = fc.constantFrom(
      'response.created',
      'response.output_audio.delta',
      'response.audio_transcript.done',
      'response.done',
      'response.function_call_arguments.done',
      'conversation.item.input_audio_transcription.completed',
      'rate_limits.updated',
      'error',
      'x',
      7,
    );
    const event = fc.record({
      type,
      delta: fc.oneof(value, fc.base64String()),
      transcript: value,
      response: fc.oneof(
        value,
        fc.record({ id: value, status: fc.constantFrom('failed', 'x'), status_details: value }),
      ),
      response_id: value,
      rate_limits: value,
      arguments: value,
      error: value,
    });
    const frame = fc.oneof(
      event.map((content) => JSON.stringify(content)),
      value.map((content) => JSON.stringify(content)),
      fc.string(),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(frame, (content) => {
        const message = readOpenAiMessage(content);
        if (message.type === 'done' || message.type === 'error') expect(message.reason).not.toBe('');
        if (message.type === 'limits' && message.resetSeconds !== undefined) {
          expect(Number.isFinite(message.resetSeconds)).toBe(true);
        }
        if (message.type === 'garbage') expect(message.got).not.toBe('');
      }),
      { seed: 52, numRuns: 2_000 },
    );
  });
});
