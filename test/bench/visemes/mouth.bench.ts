/**
 * How good the mouth is: 200 sentences of local speech, their phones as the truth, millimetres between the lips of both
 * characters as the measure, and faults planted to see whether they are found.
 * Run: npm run bench:visemes
 */
import { loadFace, type MeasuredFace } from '../../kit/character-file.ts';
import { measure } from './measures.ts';
import { CURVE, FAULTS, type Maker, UNHEARD } from './mouths.ts';
import { SENTENCES } from './sentences.ts';
import { type Spoken, speakSentences } from './spoken.ts';
import { DEMANDS, unmet } from './verdict.ts';

const count = Number(process.argv[2] ?? SENTENCES.length);
const sentences = await speakSentences(count);
const seconds = sentences.reduce((sum, { seconds: each }) => sum + each, 0);
console.log(`${count} sentences, ${seconds.toFixed(0)} s of speech, 10 voices, speeds 0.8 to 1.5`);

let failed = false;
for (const name of ['mira', 'tomas']) {
  const face = await loadFace(name);
  report(name, face, sentences, name === 'mira' ? [CURVE, UNHEARD, ...FAULTS] : [CURVE]);
  face.dispose();
}
process.exit(failed ? 1 : 0);

function report(name: string, face: MeasuredFace, spoken: readonly Spoken[], makers: readonly Maker[]): void {
  const found = makers.map((maker) => ({ maker, quality: measure(face, spoken, maker) }));
  console.log(`\n${name}, ${found[0]!.quality.bilabials} p b m`);
  console.log(['', 'aim', ...makers.map((maker) => maker.name)].map(cell).join(''));
  for (const { name: demand, aim, unit, of, isMet } of DEMANDS) {
    const values = found.map(({ quality }) => {
      const value = of(quality);
      return `${value.toFixed(unit === '' ? 2 : unit === '%' ? 1 : 0)}${isMet(value) ? '' : ' !'}`;
    });
    console.log([`${demand}${unit && ` (${unit})`}`, aim, ...values].map(cell).join(''));
  }
  for (const { maker, quality } of found) {
    const wanting = unmet(quality);
    if (maker.faulty === wanting.length > 0) continue;
    failed = true;
    console.log(maker.faulty ? `${maker.name}: NOT CAUGHT` : `${maker.name}: ${wanting.join('; ')}`);
  }
}

function cell(text: string, column: number): string {
  return column === 0 ? text.padEnd(36) : text.padStart(19);
}
