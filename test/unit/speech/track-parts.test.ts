import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectTrack, coverWithCues, type Track } from '../../../src/speech/track.ts';
import { trackParts } from '../../../src/speech/track-parts.ts';
import { collect } from '../../kit/collect.ts';
import { anyTrack } from '../../kit/tracks.ts';

function trackOf(length: number, sampleRate = 8_000): Track {
  const duration = length / sampleRate;
  return {
    text: 'pa',
    voice: 'F1',
    lang: 'en',
    samples: Int16Array.from({ length }, (_, index) => index),
    sampleRate,
    duration,
    timing: { origin: 'service', confidence: 1 },
    cues: coverWithCues([{ viseme: 'PP', start: 0, end: 0.1, weight: 1 }], duration),
    words: [{ text: 'pa', start: 0, end: duration, from: 0, to: 2 }],
  };
}

describe('the parts of a track', () => {
  it('are what was collected, for any track', async () => {
    await fc.assert(
      fc.asyncProperty(anyTrack, async (track) => {
        expect(await collectTrack(trackParts(track), track, track.timing)).toEqual(track);
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  it('leave words and cues first, then sound in short pieces', async () => {
    const { types } = await collect(trackParts(trackOf(8_000)));
    expect(types).toEqual(['words', 'cues', 'audio', 'audio', 'audio', 'audio', 'end']);
  });

  it('may be given away without harm to the track', async () => {
    const track = trackOf(5_000);
    for await (const part of trackParts(track)) {
      if (part.type === 'audio') structuredClone(part.samples, { transfer: [part.samples.buffer] });
    }
    expect(track.samples.length).toBe(5_000);
    expect((await collect(trackParts(track))).samples).toEqual(Array.from(track.samples));
  });

  it('are views of the track where nobody gives them away', async () => {
    const track = trackOf(5_000);
    const { samples } = await collect(trackParts(track, { shared: true }));
    expect(samples).toEqual(Array.from(track.samples));
    for await (const part of trackParts(track, { shared: true }))
      if (part.type === 'audio') expect(part.samples.buffer).toBe(track.samples.buffer);
  });

  it('stop at the next piece when they are no longer wanted', async () => {
    const abort = new AbortController();
    const parts = trackParts(trackOf(8_000), { signal: abort.signal });
    for (let turn = 0; turn < 3; turn++) await parts.next();
    abort.abort();
    await expect(parts.next()).rejects.toMatchObject({ code: 'aborted' });
    await expect(trackParts(trackOf(9), { signal: abort.signal }).next()).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});
