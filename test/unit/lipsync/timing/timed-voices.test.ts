import { beforeAll, describe, expect, it } from 'vitest';
import { timedVoices } from '../../../../src/lipsync/timing/timed-voices.ts';
import type { SpeechPart } from '../../../../src/speech/part.ts';
import type { VoiceSource } from '../../../../src/speech/source.ts';
import { collectTrack } from '../../../../src/speech/track.ts';
import { labels } from '../../../bench/visemes/accuracy/score.ts';
import { type Spoken, speakSentences } from '../../../bench/visemes/spoken.ts';

let line: Spoken;

beforeAll(async () => {
  [line] = (await speakSentences(1)) as [Spoken];
});

/** A service that sends sound in frames of 20 ms and, where asked, its words before it. */
function service(words: boolean): VoiceSource & { disposed: boolean } {
  return {
    name: 'plain',
    timing: words ? { origin: 'words', confidence: 0.5 } : { origin: 'audio', confidence: 0 },
    home: 'page',
    disposed: false,
    async *speak(): AsyncGenerator<SpeechPart> {
      if (words) {
        const from = line.text.indexOf('traveller');
        yield { type: 'words', words: [{ text: 'traveller', start: 0.62, end: 1.2, from, to: from + 9 }] };
      }
      for (let at = 0; at < line.samples.length; at += 320) {
        yield { type: 'audio', samples: line.samples.slice(at, at + 320), sampleRate: line.sampleRate };
        yield {
          type: 'cues',
          cues: [{ viseme: 'kk', start: at / 16_000, end: (at + 320) / 16_000, weight: 1 }],
        };
      }
      yield { type: 'end' };
    },
    dispose() {
      this.disposed = true;
    },
  };
}

describe('a source whose timing is made', () => {
  it('has cues of its sound, and words, and loses no sample', async () => {
    const source = timedVoices(service(false));
    const request = { text: line.text, voice: 'F1', lang: 'en' };
    const track = await collectTrack(
      source.speak(request, new AbortController().signal),
      request,
      source.timing,
    );
    expect(track.samples).toEqual(line.samples);
    expect(track.timing.origin).toBe('alignment');
    expect(track.words.map(({ text }) => text).join(' ')).toBe(line.text.replace(/[.,!?]/g, ''));
    const right = labels(line.cues, line.seconds);
    const got = labels(track.cues, line.seconds);
    expect(right.filter((viseme, frame) => viseme === got[frame]).length / right.length).toBeGreaterThan(
      0.65,
    );
  });

  it('leaves the words of the service as they are, and cues come before the sound they belong to', async () => {
    const source = timedVoices(service(true));
    let heard = 0;
    let told = 0;
    let words = 0;
    for await (const part of source.speak({ text: line.text }, new AbortController().signal)) {
      if (part.type === 'words') words += part.words.length;
      if (part.type === 'audio') heard += part.samples.length / part.sampleRate;
      if (part.type === 'cues') {
        told = part.cues.at(-1)!.end;
        expect(heard - told).toBeLessThan(source.lookAheadSeconds!);
      }
    }
    expect(words).toBe(1);
    expect(told).toBeCloseTo(line.seconds, 6);
  });

  it('is disposed with its source', () => {
    const plain = service(false);
    timedVoices(plain).dispose();
    expect(plain.disposed).toBe(true);
  });
});
