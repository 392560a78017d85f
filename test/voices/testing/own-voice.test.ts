/** docs/own-voice.md shows the very adapter that is tested here, and names every check. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { acmeTruth } from './acme/acme-speech.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/own-voice.md'), 'utf8');

const withoutImports = (code: string) => code.replace(/^import .*\n/gm, '').trim();

it.each(['acme-voices', 'plain-voices'])('shows %s as it is', (name) => {
  const code = readFileSync(join(import.meta.dirname, `acme/${name}.ts`), 'utf8');
  expect(page).toContain(`\n${withoutImports(code)}\n\`\`\``);
});

it('names every check', () => {
  const checks = conformanceChecks({
    name: 'all',
    key: 'k',
    truth: acmeTruth,
    open: () => acmeTruth,
    serve: () => ({ url: '' }),
    rates: [16_000],
    others: { voice: 'Kim', lang: 'es', speed: 1.25 },
    variants: { odd: '', orders: [''], noEnd: '', otherRate: { query: '', sampleRate: 8_000 } },
    errorMessage: String,
  }).map(({ name }) => name.slice('all: '.length));
  const named = [...page.matchAll(/^\| (.+?) \| .+ \|$/gm)].map(([, name]) => name);
  expect(named.filter((name) => !['check', '---'].includes(name!))).toEqual(checks);
});
