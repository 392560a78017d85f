import { describe, it } from 'vitest';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { serveAcme } from './acme/acme-service.ts';
import { acmeTruth } from './acme/acme-speech.ts';
import { acmeVoices } from './acme/acme-voices.ts';

const key = 'sk-acme/"1"';

describe.each([
  ['with a truth', acmeTruth],
  ['without a truth', undefined],
])('an adapter that does as it should, %s', (_name, truth) => {
  const checks = conformanceChecks({
    name: 'acme',
    key,
    open: (url, { timeouts }) => acmeVoices({ url, timeouts, key }),
    serve: serveAcme,
    ...(truth && { truth }),
    variants: {
      odd: 'odd=1',
      orders: ['order=late'],
      noEnd: 'end=none',
      otherRate: { query: 'rate=24000', sampleRate: 24_000 },
    },
  });
  for (const { name, run, seconds } of checks) it(name, run, seconds * 1000);
});
