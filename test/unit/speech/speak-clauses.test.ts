import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpeechError } from '../../../src/speech/errors.ts';
import type { SpeechPart } from '../../../src/speech/part.ts';
import type { VoiceSource } from '../../../src/speech/source.ts';
import { type Pace, speakClauses } from '../../../src/speech/speak-clauses.ts';

const RATE = 8_000;
const { signal } = new AbortController();

/** Speaks a tenth of a second for each letter; each word is told, and a cue for each. */
function letters(asked: string[] = []): VoiceSource {
  return {
    name: 'letters',
    home: 'both',
    timing: { origin: 'service', confidence: 1 },
    async *speak({ text }, until) {
      asked.push(text);
      for (const word of text.matchAll(/\S+/g)) {
        if (until.aborted) throw SpeechError.aborted();
        const [from, to] = [word.index, word.index + word[0].length];
        const [start, end] = [from / 10, to / 10];
        yield { type: 'words', words: [{ text: word[0], start, end, from, to }] };
        yield { type: 'cues', cues: [{ viseme: 'aa', start, end, weight: 1, from }] };
      }
      yield { type: 'audio', samples: new Int16Array(text.length * (RATE / 10)), sampleRate: RATE };
      yield { type: 'end' };
    },
    dispose() {},
  };
}

/** Nobody pauses. */
const later = () => () => {};
const atOnce: Pace = { reached: async () => {}, later };

async function* written(...pieces: string[]): AsyncGenerator<string> {
  for (const piece of pieces) yield piece;
}

const request = { voice: 'F1', lang: 'en' };

async function partsOf(parts: AsyncIterable<SpeechPart>): Promise<SpeechPart[]> {
  const all: SpeechPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

describe('a text that is still being written', () => {
  it('is spoken as one line: times from its first sample, positions in all of its text', async () => {
    const asked: string[] = [];
    const clauses: string[] = [];
    const pieces = written('The ga', 'te is shut. C', 'ome back at da', 'wn, will you? 👋 ', 'Good night.');
    const parts = await partsOf(
      speakClauses(
        { source: letters(asked), request, pieces, pace: atOnce, onClause: (clause) => clauses.push(clause) },
        signal,
      ),
    );
    const text = clauses.join('');
    expect(text).toBe('The gate is shut. Come back at dawn, will you? 👋 Good night.');
    expect(asked).toEqual(['The gate is shut. ', 'Come back at dawn, will you? ', '👋 Good night.']);
    const words = parts.flatMap((part) => (part.type === 'words' ? part.words : []));
    const cues = parts.flatMap((part) => (part.type === 'cues' ? part.cues : []));
    for (const word of words) {
      expect(text.slice(word.from, word.to)).toBe(word.text);
      expect(word.start).toBeCloseTo(word.from / 10, 6);
    }
    expect(cues.map(({ from }) => from)).toEqual(words.map(({ from }) => from));
    const samples = parts.reduce((sum, part) => sum + (part.type === 'audio' ? part.samples.length : 0), 0);
    expect(samples).toBe(text.length * (RATE / 10));
    expect(parts.filter((part) => part.type === 'end')).toHaveLength(1);
    expect(parts.at(-1)!.type).toBe('end');
  });

  it('has its mark-up in every clause, and no tag is said', async () => {
    const said = async (...pieces: string[]) => {
      const asked: string[] = [];
      let text = '';
      const line = {
        source: letters(asked),
        request,
        pieces: written(...pieces),
        pace: atOnce,
        onClause: (clause: string) => {
          text += clause;
        },
      };
      const parts = await partsOf(speakClauses(line, signal));
      expect(text).toBe(pieces.join(''));
      for (const part of parts) {
        if (part.type !== 'words') continue;
        for (const word of part.words)
          if (!/[<>]/.test(word.text)) expect(text.slice(word.from, word.to)).toBe(word.text);
      }
      return asked;
    };
    expect(
      await said(
        'This is really <e',
        'm>an important, truly long and winding road. My fri',
        'end</em>. Go. <cue end/>',
      ),
    ).toEqual([
      'This is really <em>an important, ',
      '<em>truly long and winding road. ',
      '<em>My friend</em>. ',
      'Go. <cue end/>',
    ]);
    expect(await said('<emotion sad>He is gone. Come in', '. Sit.</emotion> Yes. <pause 2s/>')).toEqual([
      '<emotion sad>He is gone. ',
      '<emotion sad>Come in. ',
      '<emotion sad>Sit.</emotion> ',
      'Yes. <pause 2s/>',
    ]);
    expect(await said('<cue wave/> ', '<pause/>')).toEqual([]);
  });

  it('is spoken up to the end of its last sentence when its writer pauses', async () => {
    let seconds = 0;
    let prevented = 0;
    let pause = () => {};
    const pace: Pace = {
      reached: async () => {},
      later: (after, then) => {
        seconds = after;
        pause = then;
        return () => {
          prevented++;
        };
      },
    };
    let write: (piece: string) => void = () => {};
    async function* pieces(): AsyncGenerator<string> {
      yield 'One moment please, traveller! ';
      yield await new Promise<string>((resolve) => {
        write = resolve;
      });
    }
    const asked: string[] = [];
    const controller = new AbortController();
    const line = partsOf(
      speakClauses(
        { source: letters(asked), request, pieces: pieces(), pace, onClause: () => {} },
        controller.signal,
      ),
    );
    const turns = async () => {
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    };
    await turns();
    expect(asked).toEqual([]);
    expect(seconds).toBe(0.3);
    pause();
    await turns();
    expect(asked).toEqual(['One moment please, traveller! ']);
    write('It is open.');
    await line;
    expect(asked).toEqual(['One moment please, traveller! ', 'It is open.']);
    expect(prevented).toBeGreaterThan(0);
  });

  it('is cancelled as ever where its writer throws on being let go', async () => {
    const controller = new AbortController();
    const pieces: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: () => {
          throw new Error('not now');
        },
      }),
    };
    const line = partsOf(
      speakClauses(
        { source: letters(), request, pieces, pace: atOnce, onClause: () => {} },
        controller.signal,
      ),
    );
    controller.abort();
    await expect(line).rejects.toMatchObject({ code: 'aborted' });
  });

  it('is never asked for further than one clause ahead of what is heard, whatever the listener does', async () => {
    const text = fc
      .array(
        fc.constantFrom('The gate is shut. ', 'Come in! ', 'What, at this hour of the night? ', 'No. '),
        {
          minLength: 1,
          maxLength: 9,
        },
      )
      .map((sentences) => sentences.join(''));
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 9 }),
        async (whole, steps) => {
          let heard = 0;
          const waiting: { seconds: number; go: () => void }[] = [];
          const pace: Pace = {
            reached: (seconds) =>
              seconds <= heard
                ? Promise.resolve()
                : new Promise((go) => {
                    waiting.push({ seconds, go });
                  }),
            later,
          };
          const asked: string[] = [];
          const line = partsOf(
            speakClauses(
              { source: letters(asked), request, pieces: written(whole), pace, onClause: () => {} },
              signal,
            ),
          );
          let done = false;
          void line.then(() => {
            done = true;
          });
          for (let nth = 0; !done && nth < 1_000; nth++) {
            for (let turn = 0; turn < 60; turn++) await Promise.resolve();
            const starts = asked.map((_clause, index) => asked.slice(0, index).join('').length / 10);
            // All that was asked for, but the newest, is being heard or was, or is less than a second away.
            for (const start of starts.slice(0, -1)) expect(start).toBeLessThanOrEqual(heard + 1 + 1e-9);
            heard += steps[nth % steps.length]! / 10;
            for (const each of waiting.splice(0)) {
              if (each.seconds <= heard) each.go();
              else waiting.push(each);
            }
          }
          await line;
          expect(asked.join('')).toBe(whole);
        },
      ),
      { seed: 51, numRuns: 60 },
    );
  });

  it('begins to sound before it is written', async () => {
    let write: (piece: string) => void = () => {};
    async function* pieces(): AsyncGenerator<string> {
      yield 'When the sun had gone down, the gate ';
      yield await new Promise<string>((resolve) => {
        write = resolve;
      });
    }
    const line = speakClauses(
      { source: letters(), request, pieces: pieces(), pace: atOnce, onClause: () => {} },
      signal,
    );
    // The breath is taken once enough stands behind it.
    const first = line.next();
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    write('was shut for the night, as always. Come.');
    expect((await first).value).toMatchObject({ type: 'words' });
    await line.return();
  });

  it('tells whoever writes it to stop when it is cancelled, waiting or speaking', async () => {
    for (const stage of ['writing', 'pacing', 'reading'] as const) {
      const controller = new AbortController();
      let stopped = false;
      async function* pieces(): AsyncGenerator<string> {
        try {
          yield 'One sentence. Two sentences. Three sentences. ';
          if (stage === 'writing') await new Promise(() => {});
          for (;;) yield 'And more of it. ';
        } finally {
          stopped = true;
        }
      }
      const pace: Pace = {
        reached: (seconds) => (seconds > 0 ? new Promise(() => {}) : Promise.resolve()),
        later,
      };
      const line = speakClauses(
        {
          source: letters(),
          request,
          pieces: pieces(),
          pace: stage === 'pacing' ? pace : atOnce,
          onClause: () => {},
        },
        controller.signal,
      );
      await line.next();
      const rest = stage === 'reading' ? line.return() : partsOf({ [Symbol.asyncIterator]: () => line });
      setTimeout(() => controller.abort(), 5);
      if (stage === 'reading') await rest;
      else await expect(rest).rejects.toMatchObject({ code: 'aborted' });
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      if (stage !== 'writing') expect(stopped).toBe(true); // A generator that hangs hears of it when it goes on.
    }
  });

  it('fails with what its writer throws, once all before it was spoken, and with pieces that are no text', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield 'One sentence. And ';
      throw new Error('the model went away');
    }
    const asked: string[] = [];
    const line = speakClauses(
      { source: letters(asked), request, pieces: broken(), pace: atOnce, onClause: () => {} },
      signal,
    );
    await expect(partsOf(line)).rejects.toThrow('the model went away');
    expect(asked).toEqual(['One sentence. ']);
    const odd = written(...([42] as unknown as string[]));
    const other = speakClauses(
      { source: letters(), request, pieces: odd, pace: atOnce, onClause: () => {} },
      signal,
    );
    await expect(partsOf(other)).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
