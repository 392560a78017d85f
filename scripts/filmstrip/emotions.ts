/**
 * All emotions on one sheet: `npm run emotions -- [--out FILE.png|.jpg] [--character mira] [--emotion NAME …] [--intensity 0.5 …]
 * [--turn RADIANS]`. A row for each emotion; in it, at every intensity, the face silent and in the middle of a p, an aa
 * and an o that it says.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { EMOTION_NAMES, resolveEmotion } from '../../src/pose/emotion.ts';
import { characterOf, numberOf, parsed, runAsync } from './command.ts';
import type { Sheet } from './shown.ts';
import { drawAsync } from './studio.ts';

await runAsync(async () => {
  const { values } = parsed(() =>
    parseArgs({
      options: {
        out: { type: 'string', default: 'emotions.png' },
        character: { type: 'string', default: 'mira' },
        emotion: { type: 'string', multiple: true, default: EMOTION_NAMES },
        intensity: { type: 'string', multiple: true, default: ['0.5', '1'] },
        turn: { type: 'string', default: '0' },
      },
    }),
  );
  const sheet: Sheet = {
    character: characterOf(values.character),
    emotions: values.emotion,
    intensities: values.intensity.map((text) => numberOf('--intensity', text, 0, 1)),
    turn: numberOf('--turn', values.turn, -1.5, 1.5),
    type: values.out.endsWith('.jpg') ? 'image/jpeg' : 'image/png',
  };
  for (const name of sheet.emotions) resolveEmotion('--emotion', name);
  await writeFile(
    values.out,
    await drawAsync((page) => page.evaluate((told) => window.portray!(told), sheet)),
  );
  console.log(`${values.out}: ${sheet.emotions.join(', ')}`);
});
