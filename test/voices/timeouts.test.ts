import { expect, it } from 'vitest';
import { InputError } from '../../src/speech/errors.ts';
import { deepgramVoices } from '../../src/voices/deepgram/index.ts';
import { pcmVoices } from '../../src/voices/pcm/index.ts';
import { fullTimeouts, type Timeouts } from '../../src/voices/session/socket-line.ts';

const NEITHER = [Number.POSITIVE_INFINITY, Number.NaN, 0, -1, 86_401];

it.each(['connect', 'firstAudio', 'stall'] as const)('a wait is finite and above nothing: %s', (name) => {
  for (const seconds of [...NEITHER, '5' as unknown as number]) {
    expect(() => fullTimeouts({ [name]: seconds })).toThrow(InputError);
    expect(() => fullTimeouts({ [name]: seconds })).toThrow(`timeouts.${name}: expected seconds above 0`);
  }
  expect(fullTimeouts({ [name]: 86_400 })[name]).toBe(86_400);
});

it('and sources say so when they are made', () => {
  const timeouts: Timeouts = { stall: Number.POSITIVE_INFINITY };
  const makers = [
    () => deepgramVoices({ timeouts }),
    () => pcmVoices({ url: 'ws://127.0.0.1:9', sampleRate: 24_000, timeouts }),
    () => pcmVoices({ url: 'http://127.0.0.1:9', sampleRate: 24_000, timeouts }),
    () => deepgramVoices({ flushPauseSeconds: Number.NaN }),
  ];
  for (const make of makers) expect(make).toThrow(InputError);
});
