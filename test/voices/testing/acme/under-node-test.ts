/** The checks as Node's own test runner takes them; run by `node-test.test.ts`. */
import { it } from 'node:test';
import { conformanceChecks } from '../../../../src/voices/testing/index.ts';
import { serveAcme } from './acme-service.ts';
import { acmeTruth } from './acme-speech.ts';
import { acmeVoices } from './acme-voices.ts';

const key = 'sk-acme/"1"';
const checks = conformanceChecks({
  name: 'acme',
  key,
  truth: acmeTruth,
  open: (url, { timeouts }) => acmeVoices({ url, timeouts, key }),
  serve: serveAcme,
});
const some = /sample by sample|cancel|dispose|page/;
for (const { name, run, seconds } of checks.filter(({ name }) => some.test(name)))
  it(name, { timeout: seconds * 1000 }, run);
