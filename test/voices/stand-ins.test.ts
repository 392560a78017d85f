import { expect, it } from 'vitest';
import { deepgramVoiceOf } from '../../src/voices/deepgram/deepgram-voices.ts';
import { pollyVoiceFor } from '../../src/voices/polly/polly-request.ts';
import { standInFor, standIns } from '../../src/voices/stand-ins.ts';

const OBJECTS = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'];

it.each(OBJECTS)('a voice or a language that is called %s is one like any other', (name) => {
  const voices = standIns(['Ann', 'Bea'], ['Carl']);
  expect(standInFor(voices, name)).toBe(name);
  expect(deepgramVoiceOf(name)).toBeUndefined();
  expect(pollyVoiceFor(name)).toBe(pollyVoiceFor('en'));
});

it('a voice that has a stand-in is spoken by it', () => {
  const voices = standIns(['Ann', 'Bea'], ['Carl']);
  expect(['F1', 'F2', 'F3', 'M5', 'Ann', undefined].map((voice) => standInFor(voices, voice))).toEqual([
    'Ann',
    'Bea',
    'Ann',
    'Carl',
    'Ann',
    undefined,
  ]);
});
