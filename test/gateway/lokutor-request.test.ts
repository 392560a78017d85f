import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLokutorRequest } from '../../src/gateway/dialects/lokutor-request.ts';

const read = (json: unknown) => readLokutorRequest(JSON.stringify(json));

describe('a request of the Lokutor dialect', () => {
  it('takes the documented defaults for what it leaves out', () => {
    expect(read({ text: 'Hi' }).request).toEqual({
      speech: { text: 'Hi', voice: 'M1', lang: 'en', speed: 1.05 },
      visemes: false,
    });
  });

  it('takes what it says, and fields it does not know', () => {
    const all = {
      text: ' Hi ',
      voice: 'F3',
      lang: 'es',
      speed: 0.5,
      steps: 24,
      version: 'versa-2.0',
      visemes: true,
    };
    expect(read({ ...all, stream: 1 }).request).toEqual({
      speech: { text: ' Hi ', voice: 'F3', lang: 'es', speed: 0.5 },
      visemes: true,
    });
  });

  it('takes what other clients of the service send', () => {
    expect(read({ text: 'Hi', language: 'fr' }).request?.speech.lang).toBe('fr');
    expect(read({ text: 'Hi', language: 'fr', lang: 'es' }).request?.speech.lang).toBe('es');
    expect(read({ text: 'Hi', voice: 'en_f2' }).request?.speech.voice).toBe('F2');
  });

  it('takes 5,000 characters of any kind, and not one more', () => {
    expect(read({ text: '🗝'.repeat(5_000) }).problem).toBeUndefined();
    expect(read({ text: '🗝'.repeat(5_001) }).problem).toBe(
      'text: expected at most 5000 characters, got 5001 characters',
    );
  });

  it.each<[unknown, string]>([
    ['Hello', 'expected a JSON object such as {"text":"Hello."}, got "Hello"'],
    [[1], 'expected a JSON object such as {"text":"Hello."}, got an array'],
    [null, 'expected a JSON object such as {"text":"Hello."}, got null'],
    [{}, 'text: expected a string, got nothing'],
    [{ text: 5 }, 'text: expected a string, got 5'],
    [{ text: ' \n' }, 'text: expected something to say, got " \\n"'],
    [{ text: 'a', voice: 7 }, 'voice: expected a string, got 7'],
    [{ text: 'a', voice: null }, 'voice: expected a string, got null'],
    [{ text: 'a', lang: {} }, 'lang: expected a string, got an object'],
    [{ text: 'a', speed: '1' }, 'speed: expected a number, got "1"'],
    [{ text: 'a', speed: 0.49 }, 'speed: expected a number from 0.5 to 2, got 0.49'],
    [{ text: 'a', speed: 2.01 }, 'speed: expected a number from 0.5 to 2, got 2.01'],
    [{ text: 'a', steps: 1.5 }, 'steps: expected a whole number from 1 to 50, got 1.5'],
    [{ text: 'a', steps: 0 }, 'steps: expected a whole number from 1 to 50, got 0'],
    [{ text: 'a', version: 1 }, 'version: expected a string, got 1'],
    [{ text: 'a', visemes: 'yes' }, 'visemes: expected true or false, got "yes"'],
  ])('%j is refused in words', (json, problem) => {
    expect(read(json)).toEqual({ problem });
  });

  it('is refused in words when it is no JSON', () => {
    for (const message of ['', 'hello', '{"text":', '{"text":"a"}}', '\u0000']) {
      expect(readLokutorRequest(message).problem).toMatch(/got text that is no JSON$/);
    }
  });

  it('never throws, and lets nothing through that breaks a bound', () => {
    const value = fc.oneof(fc.jsonValue(), fc.double(), fc.string(), fc.constant('F1'));
    const fields = ['text', 'voice', 'lang', 'language', 'speed', 'steps', 'version', 'visemes', '__proto__'];
    const object = fc.dictionary(fc.constantFrom(...fields), value).map((json) => JSON.stringify(json));
    const runs = process.env.PARLEY_LONG ? 100_000 : 2_000;
    fc.assert(
      fc.property(fc.oneof(object, fc.json(), fc.string()), (message) => {
        const { request, problem } = readLokutorRequest(message);
        if (problem !== undefined) {
          expect(problem.length).toBeLessThan(300);
          return;
        }
        const { text, voice, lang, speed } = request.speech;
        expect(text.trim()).not.toBe('');
        expect([typeof voice, typeof lang, typeof request.visemes]).toEqual(['string', 'string', 'boolean']);
        expect(speed).toBeGreaterThanOrEqual(0.5);
        expect(speed).toBeLessThanOrEqual(2);
      }),
      { seed: 5, numRuns: runs },
    );
  });
});
