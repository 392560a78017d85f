/**
 * Writes what was learned as modules of the library: `npx tsx training/pack.ts SOUNDS.bin [G2P]`.
 * G2P names both `G2P.bin` and `G2P.json`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const [sounds, reader] = process.argv.slice(2);
const folder = new URL('../src/lipsync/timing/lore/', import.meta.url);
const HEAD = '// Made by training/pack.ts; see training/README.md.\n';

if (sounds) {
  const weights = readFileSync(sounds).toString('base64');
  writeFileSync(
    new URL('sounds.ts', folder),
    `${HEAD}export const SOUND_WEIGHTS: string =\n  '${weights}';\n`,
  );
  console.log(`sounds.ts: ${weights.length} characters`);
}
if (reader) {
  const weights = readFileSync(`${reader}.bin`).toString('base64');
  const { labels, exceptions } = JSON.parse(readFileSync(`${reader}.json`, 'utf8')) as {
    labels: string[];
    exceptions: Record<string, string>;
  };
  // One letter for each phone: `word=phones` rows.
  const ids = [...new Set(Object.values(exceptions).flatMap((phones) => phones.split(' ')))].sort();
  const letter = (id: string): string =>
    String.fromCharCode(
      48 + ids.indexOf(id) + (ids.indexOf(id) >= 13 ? 1 : 0) + (ids.indexOf(id) >= 43 ? 1 : 0),
    );
  const rows = Object.entries(exceptions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, phones]) => `${word}_${phones.split(' ').map(letter).join('')}`)
    .join(' ');
  const letters = ids.map(letter).join('');
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  writeFileSync(
    new URL('english.ts', folder),
    `${HEAD}export const ENGLISH_WEIGHTS: string =\n  '${weights}';\n\n/** The phones of each label, parted by commas. */\nexport const ENGLISH_LABELS: string =\n  '${labels.join(',')}';\n\n` +
      `/** A character for each phone, in the order of {@link EXCEPTION_PHONES}. */\nexport const EXCEPTION_LETTERS: string = ${quoted(letters)};\nexport const EXCEPTION_PHONES: string =\n  '${ids.join(' ')}';\n\n` +
      `/** Words that would be read wrongly: \`word_letters\`. */\nexport const ENGLISH_EXCEPTIONS: string =\n  ${quoted(rows)};\n`,
  );
  console.log(
    `english.ts: ${weights.length} + ${rows.length} characters, ${Object.keys(exceptions).length} exceptions`,
  );
}
