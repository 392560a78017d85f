/**
 * All emotions on one sheet: `npm run emotions -- [--out FILE.png|.jpg] [--character mira] [--emotion NAME …] [--intensity 0.5 …]
 * [--turn RADIANS]`. A row for each emotion; in it, at every intensity, the face silent and in the middle of a p, an aa
 * and an o that it says.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { EMOTION_NAMES } from '../../src/pose/emotion.ts';
import type { Sheet } from './shown.ts';
import { drawAsync } from './studio.ts';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'emotions.png' },
    character: { type: 'string', default: 'mira' },
    emotion: { type: 'string', multiple: true, default: EMOTION_NAMES },
    intensity: { type: 'string', multiple: true, default: ['0.5', '1'] },
    turn: { type: 'string', default: '0' },
  },
});

const sheet: Sheet = {
  character: options.character,
  emotions: options.emotion,
  intensities: options.intensity.map(Number),
  turn: Number(options.turn),
  type: options.out.endsWith('.jpg') ? 'image/jpeg' : 'image/png',
};
await writeFile(
  options.out,
  await drawAsync((page) => page.evaluate((told) => window.portray!(told), sheet)),
);
console.log(`${options.out}: ${sheet.emotions.join(', ')}`);
