import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import mira from '../../../assets/characters/mira.glb?url';
import meshoptUrl from '../../../node_modules/meshoptimizer/meshopt_decoder.cjs?url';
import { useLocalDecoders } from '../../../src/face/decoders.ts';
import { readRigFile } from '../../../src/face/gltf/file-rig.ts';
import { registerFaceLoader, unregisterFaceLoader } from '../../../src/face/loader.ts';
import { planFace } from '../../../src/face/plan.ts';
import type { FaceReport } from '../../../src/face/report.ts';
import { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import { VISEMES, type Viseme } from '../../../src/speech/viseme.ts';
import { ZOO } from '../../kit/zoo/index.ts';
import { difference, FACE, type Portrait, sheetOf, ZooStage } from './zoo-stage.ts';

/** The row that every rig speaks: "mama foo". */
const ROW: readonly (readonly [Viseme, number])[] = [
  ['sil', 0.15],
  ['PP', 0.12],
  ['aa', 0.24],
  ['PP', 0.12],
  ['aa', 0.24],
  ['FF', 0.12],
  ['U', 0.24],
  ['sil', 0.15],
];

/** Middles of the closed lips, the open mouth and the round one. */
const [CLOSED, OPEN, ROUND] = [0.45 + 0.12, 0.27 + 0.12, 1.11];

/** Where to put a sheet of all pictures, for people to look at. */
const SHEET: string | undefined = import.meta.env.VITE_ZOO_SHEET;

function line(): PoseCurve {
  const curve = new PoseCurve();
  let time = 0;
  curve.addCues(
    ROW.map(([viseme, seconds]) => {
      const start = time;
      time += seconds;
      return { viseme, start, end: time, weight: 1 };
    }),
  );
  curve.end(time);
  return curve;
}

let stage: ZooStage;
let restore = (): void => {};
let character: Uint8Array;
const rows: { name: string; pictures: Uint8Array[] }[] = [];

beforeAll(async () => {
  stage = new ZooStage();
  character = new Uint8Array(await (await fetch(mira)).arrayBuffer());
  registerFaceLoader();
  restore = useLocalDecoders({ meshopt: meshoptUrl });
});

afterAll(async () => {
  restore();
  unregisterFaceLoader();
  stage.dispose();
  if (SHEET) await commands.writeFile(SHEET, sheetOf(rows, 2), 'base64');
});

async function picturesOf(
  portrait: Portrait,
): Promise<Record<'rest' | 'closed' | 'open' | 'round', Uint8Array>> {
  const curve = line();
  return {
    rest: await portrait.picture(curve, 0),
    closed: await portrait.picture(curve, CLOSED),
    open: await portrait.picture(curve, OPEN),
    round: await portrait.picture(curve, ROUND),
  };
}

/** What a report says that does not depend on where it was read, meshes in one order. */
function factsOf({ problems: _, meshes, ...report }: FaceReport): unknown {
  return { ...report, meshes: meshes.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

describe.each(ZOO.map((exhibit) => [exhibit.name, exhibit] as const))('%s', (name, exhibit) => {
  it('speaks for all to see, and is reported as it is', async () => {
    const made = await exhibit.make(character);
    const portrait = await stage.show(made);
    const { report } = portrait.face;
    expect(factsOf(report)).toEqual(factsOf(planFace(readRigFile(made.bytes, name)).report));
    expect(report.scheme.split('+')[0]).toBe(exhibit.scheme);
    // What a file needs to be loaded is no problem any more, and this machine keeps shapes in textures.
    const left = exhibit.problems.filter((code) => !/^decoder|^few-targets/.test(code));
    expect(report.problems.map(({ code }) => code)).toEqual(left);
    for (const viseme of VISEMES.slice(1)) {
      const own = exhibit.own === 'all' || exhibit.own.includes(viseme);
      expect(`${viseme} ${report.visemes[viseme].origin}`).toBe(`${viseme} ${own ? 'own' : exhibit.rest}`);
    }

    const { rest, ...mouths } = await picturesOf(portrait);
    const { closed, open } = mouths;
    if (SHEET) {
      portrait.look(FACE);
      const face = await portrait.picture(line(), OPEN);
      rows.push({
        name: `${name} ${difference(open, closed).toFixed(1)}`,
        pictures: [face, ...Object.values(mouths)],
      });
    }
    if (exhibit.speaks) {
      expect(difference(open, closed)).toBeGreaterThan(2);
      expect(difference(closed, rest)).toBeLessThan(difference(open, rest) / 2);
    } else expect(difference(open, closed)).toBe(0);
    portrait.dispose();
  });
});
