import { expect, it } from 'vitest';
import { type SpeechPart, timedVoices, type VoiceSource } from '../../src/index.ts';

const RATE = 24_000;
const SECONDS = 3;

/** A service that sends three seconds at once: hums that grow and fade, three a second. */
const hums: VoiceSource = {
  name: 'hums',
  timing: { origin: 'audio', confidence: 0 },
  home: 'page',
  async *speak(): AsyncGenerator<SpeechPart> {
    const samples = Int16Array.from({ length: SECONDS * RATE }, (_, i) => {
      const time = i / RATE;
      const buzz = [1, 2, 3, 4, 5, 6, 7].reduce(
        (sum, n) => sum + Math.sin(2 * Math.PI * 140 * n * time) / n,
        0,
      );
      return Math.round(6000 * buzz * Math.max(Math.sin(6 * Math.PI * time), 0));
    });
    yield { type: 'audio', samples, sampleRate: RATE };
    yield { type: 'end' };
  },
  dispose() {},
};

it('makes the timing of a long chunk in a page, and leaves frames their time', async () => {
  const source = timedVoices(hums);
  source.prepare?.();
  const parts: SpeechPart[] = [];
  let turns = 0;
  let running = true;
  const turn = (): void => {
    turns++;
    if (running) setTimeout(turn);
  };
  turn();
  for await (const part of source.speak({ text: 'Mama, mama, mama.' }, new AbortController().signal))
    parts.push(part);
  running = false;
  const cues = parts.flatMap((part) => (part.type === 'cues' ? part.cues : []));
  expect(cues[0]!.start).toBe(0);
  expect(cues.at(-1)!.end).toBeCloseTo(SECONDS, 6);
  expect(cues.some(({ viseme }) => viseme === 'sil')).toBe(true);
  expect(cues.some(({ viseme }) => viseme !== 'sil')).toBe(true);
  expect(parts.at(-1)).toEqual({ type: 'end' });
  // Others had their turn while it listened.
  expect(turns).toBeGreaterThan(5);
  source.dispose();
});
