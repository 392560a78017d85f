import { ROW } from '../../../src/lipsync/grid.ts';
import { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import { createPose } from '../../../src/pose/channels.ts';
import { resolveEmotion } from '../../../src/pose/emotion.ts';
import { addVisemes, settleMouth } from '../../../src/pose/mix.ts';
import { Undertones } from '../../../src/pose/undertones.ts';
import type { Viseme } from '../../../src/speech/viseme.ts';
import type { Sheet } from '../shown.ts';
import type { Actor } from './actor.ts';

/** What the faces say: shapes and seconds; columns are drawn in the middle of those that are named. */
const SAID: readonly (readonly [Viseme, number])[] = [
  ['sil', 0.3],
  ['aa', 0.3],
  ['PP', 0.12],
  ['O', 0.3],
  ['sil', 0.3],
];
const COLUMNS: readonly { readonly name: string; readonly viseme: Viseme }[] = [
  { name: 'silent', viseme: 'sil' },
  { name: 'p', viseme: 'PP' },
  { name: 'aa', viseme: 'aa' },
  { name: 'o', viseme: 'O' },
];

const LABEL = 20;
const PAPER = '#15171c';
const INK = '#e9e6df';

/** Draws all faces of a sheet; `width` and `height` are those of one of them, pixels. */
export function drawSheet(actor: Actor, sheet: Sheet, width: number, height: number): HTMLCanvasElement {
  const { emotions, intensities } = sheet;
  const canvas = document.createElement('canvas');
  canvas.width = COLUMNS.length * intensities.length * width;
  canvas.height = emotions.length * (height + LABEL);
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('expected a 2d context');
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = 'high';
  pen.font = "13px Georgia, 'DejaVu Serif', serif";
  const curve = curveOf();
  emotions.forEach((name, row) => {
    intensities.forEach((intensity, block) => {
      const layer = resolveEmotion('--emotion', { name, intensity });
      COLUMNS.forEach(({ name: said, viseme }, column) => {
        const x = (block * COLUMNS.length + column) * width;
        const y = row * (height + LABEL);
        pen.drawImage(actor.draw(poseOf(layer, curve, middleOf(viseme))), x + 1, y, width - 2, height);
        pen.fillStyle = INK;
        pen.fillText(column === 0 ? `${name} ${intensity}` : said, x + 6, y + height + 14);
      });
    });
  });
  return canvas;
}

function curveOf(): PoseCurve {
  let time = 0;
  const curve = new PoseCurve();
  curve.addCues(
    SAID.map(([viseme, seconds]) => {
      const start = time;
      time += seconds;
      return { viseme, start, end: time, weight: 1 };
    }),
  );
  curve.end(time);
  return curve;
}

/** The middle of a shape as the mouth makes it, seconds. */
function middleOf(wanted: Viseme): number {
  let time = 0;
  for (const [viseme, seconds] of SAID) {
    if (viseme === wanted) return viseme === 'sil' ? 0 : time + seconds / 2;
    time += seconds;
  }
  throw new Error(`expected ${wanted} in the line`);
}

const undertones = new Undertones(() => true);

function poseOf(layer: Float32Array, curve: PoseCurve, time: number): Float32Array {
  const row = new Float32Array(ROW);
  const pose = createPose();
  pose.set(layer);
  curve.sample(time, row);
  addVisemes(pose, row);
  settleMouth(pose);
  undertones.add(pose, row);
  return pose;
}
