import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sequence } from './random.ts';

/** Debian's `fortunes`, `fortunes-es`, `fortunes-de`, `fortunes-it`, and its word lists. */
const FORTUNES = '/usr/share/games/fortunes';
const WORDS: Readonly<Record<string, string>> = {
  es: '/usr/share/dict/spanish',
  fr: '/usr/share/dict/french',
  de: '/usr/share/dict/ngerman',
  it: '/usr/share/dict/italian',
};
/** Names of folders in it whose sayings are not English. */
const FOREIGN = /^(es|de|it|off|italia|formiche|definizioni|luttazzi|proverbi|zozzital)/;

/** Lines to speak, by language: sayings, and rows of words where there are too few. */
export function trainingTexts(): Record<string, string[]> {
  const texts: Record<string, string[]> = { en: [], es: [], fr: [], de: [], it: [] };
  for (const name of readdirSync(FORTUNES)) {
    if (/\.(dat|u8)$/.test(name)) continue;
    const path = join(FORTUNES, name);
    if (!FOREIGN.test(name)) collect(path, texts.en!, /^[A-Za-z ,.;'?!-]+$/);
    else if (texts[name]) collect(path, texts[name], /^[\p{L} ,.;'?!¿¡-]+$/u);
  }
  const random = sequence(3);
  for (const [lang, path] of Object.entries(WORDS)) {
    const words = readFileSync(path, 'utf8')
      .split('\n')
      .filter((word) => /^\p{L}{2,14}$/u.test(word));
    const some = (): string => words[Math.floor(random() * words.length)]!.toLowerCase();
    for (let i = 0; i < 3000; i++) {
      const row = Array.from({ length: 4 + Math.floor(random() * 5) }, some);
      texts[lang]!.push(`${row.slice(0, 3).join(' ')}, ${row.slice(3).join(' ')}.`);
    }
  }
  texts.pt = texts.es!; // Held out: only its sounds are wanted.
  return texts;
}

function collect(path: string, into: string[], plain: RegExp): void {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path))
      if (!/\.(dat|u8)$/.test(name)) collect(join(path, name), into, plain);
    return;
  }
  for (const saying of readFileSync(path, 'utf8').split(/^%$/m)) {
    for (const sentence of saying.replace(/\s+/g, ' ').split(/(?<=[.!?])\s/)) {
      const words = sentence.trim().split(' ').length;
      if (words >= 4 && words <= 14 && plain.test(sentence.trim())) into.push(sentence.trim());
    }
  }
}
