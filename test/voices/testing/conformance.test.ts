import { describe, it } from 'vitest';
import type { VoiceSource } from '../../../src/speech/source.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { serveAcme } from './acme/acme-service.ts';
import { acmeTruth } from './acme/acme-speech.ts';
import { acmeVoices } from './acme/acme-voices.ts';

const key = 'sk-acme/"1"';

function checksOf(truth?: VoiceSource) {
  return conformanceChecks({
    name: truth ? 'acme' : 'acme, without a truth',
    key,
    waitSeconds: 0.3,
    open: (url, { timeouts }) => acmeVoices({ url, timeouts, key }),
    serve: serveAcme,
    ...(truth && { truth }),
    variants: {
      odd: 'odd=1',
      orders: ['order=late'],
      noEnd: 'end=none',
      otherRate: { query: 'rate=24000', sampleRate: 24_000 },
    },
    errorMessage: (message) => JSON.stringify({ type: 'error', message }),
  });
}

describe('an adapter that does as it should', () => {
  const untrue = checksOf().filter(({ name }) => /where the sound is/.test(name));
  for (const { name, run, seconds } of [...checksOf(acmeTruth), ...untrue]) it(name, run, seconds * 1000);
});
