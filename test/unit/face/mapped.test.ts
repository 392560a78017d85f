/** What a face map does to what it leaves out, to the score and to the words of a report. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { FaceMap } from '../../../src/face/face-map.ts';
import { readRigFile } from '../../../src/face/gltf/file-rig.ts';
import { planFace } from '../../../src/face/plan.ts';
import type { Rig } from '../../../src/face/rig.ts';
import { VISEMES } from '../../../src/speech/viseme.ts';
import { ZOO } from '../../kit/zoo/index.ts';

const KEYS = Array.from({ length: 9 }, (_, index) => `Zig ${index}`);
const SPOKEN = VISEMES.filter((viseme) => viseme !== 'sil');

function rigOf(targets: readonly string[] = KEYS): Rig {
  return {
    meshes: [{ name: 'Face', targets, vertices: 3, vectors: 1 }],
    nodes: [{ name: 'Head', joint: false }],
    expressions: [],
    humanoid: {},
    extensions: [],
    loaded: false,
  };
}

const plan = (channels: FaceMap['channels'], rig = rigOf()) =>
  planFace(rig, { version: 1, channels: channels! });
const codes = ({ report }: ReturnType<typeof plan>): string[] => report.problems.map(({ code }) => code);

describe('what a face map leaves out is made of what it names', () => {
  it('all visemes of one that opens the mouth', () => {
    const { report, swings } = plan({ jawOpen: { 'Zig 0': 1 } });
    for (const viseme of SPOKEN.filter((each) => each !== 'PP')) {
      expect(report.visemes[viseme], viseme).toEqual({ origin: 'solved', from: ['Zig 0'] });
    }
    expect(swings).toEqual([]);
    expect(report.reason).toContain('all visemes by one opening shape');
  });

  it('consonants of five vowels', () => {
    const vowels = {
      aa: { 'Zig 0': 1 },
      E: { 'Zig 1': 1 },
      I: { 'Zig 2': 1 },
      O: { 'Zig 3': 1 },
      U: { 'Zig 4': 1 },
    };
    const made = plan(vowels);
    expect(made.report.visemes.FF).toEqual({ origin: 'solved', from: ['Zig 4'] });
    expect(made.report.visemes.TH).toEqual({ origin: 'solved', from: ['Zig 2'] });
    expect(made.swings).toEqual([]);
    expect(codes(made)).not.toContain('no-mouth');
  });

  it('visemes of parts', () => {
    const parts = ['mouthFunnel', 'mouthPucker', 'jawOpen', 'mouthRollLower', 'mouthRollUpper'] as const;
    const made = plan(Object.fromEntries(parts.map((part, at) => [part, { [KEYS[at]!]: 1 }])));
    expect(made.report.visemes.O.from).toEqual(['Zig 2', 'Zig 0', 'Zig 1']);
    expect(made.swings).toEqual([]);
  });

  it('and of nothing that it takes away', () => {
    const rig = rigOf(['jawOpen', 'mouthFunnel', 'mouthPucker']);
    const drives = plan({ jawOpen: {} }, rig).drives;
    expect(drives.filter(({ target }) => target === 0)).toEqual([]);
    expect(drives.length).toBeGreaterThan(0);
  });
});

describe('the score with a face map', () => {
  it.each(ZOO.map(({ name }) => name))('is for an unchanged map that of no map: %s', async (name) => {
    const mira = await readFile(new URL('../../../assets/characters/mira.glb', import.meta.url));
    const { bytes } = await ZOO.find((exhibit) => exhibit.name === name)!.make(mira);
    const rig = readRigFile(bytes, name);
    const before = planFace(rig);
    const { report } = planFace(rig, JSON.parse(JSON.stringify(before.map)));
    const { problems, ...rest } = before.report;
    expect(report).toMatchObject(rest);
    expect(report.problems.map(({ code }) => code)).toEqual(problems.map(({ code }) => code));
  });

  it('counts only what moves something', () => {
    const nothing = planFace(rigOf()).report.score;
    expect(plan({ aa: { 'Zig 0': 0 }, O: {} }).report.visemes).toMatchObject({
      aa: { origin: 'missing', from: [] },
      O: { origin: 'missing', from: [] },
    });
    expect(plan({ aa: { 'Zig 0': 0 }, O: {}, E: { 'joint:head': 0.1 } }).report.score).toBeLessThanOrEqual(
      nothing,
    );
    const made = plan({ aa: { 'Zig 0': 1 }, PP: {} });
    expect(made.report.reason).toMatch(/aa by a shape that the face map names/);
    expect(made.report.visemes.PP).toEqual({ origin: 'solved', from: [] });
  });

  it('refuses joints that the character does not have', () => {
    expect(() => plan({ aa: { 'joint:jaw': 0.3 } })).toThrow(
      'face map, channels.aa: expected a joint of the character, got "joint:jaw", and nothing is its jaw.',
    );
    expect(plan({ aa: { 'joint:head': 0.1 } }).report.visemes.aa.from).toEqual(['Head']);
  });
});

describe('names that are alike but for case, separators and a count', () => {
  it('move a mesh once, by the one that is meant', () => {
    const drivenBy = (targets: readonly string[], channel: 'aa' | 'mouthClose'): readonly string[] => {
      const { visemes, channels } = planFace(rigOf(targets)).report;
      return (channel === 'aa' ? visemes.aa : channels[channel]!).from;
    };
    const others = ['viseme_PP', 'viseme_O', 'viseme_E'];
    expect(drivenBy(['viseme_AA', 'viseme_aa.001', 'viseme_aa', ...others], 'aa')).toEqual(['viseme_aa']);
    expect(drivenBy(['Viseme_AA.001', 'Viseme_AA', ...others], 'aa')).toEqual(['Viseme_AA']);
    expect(drivenBy(['Mouth_Close', 'mouthClose', 'jawOpen'], 'mouthClose')).toEqual(['mouthClose']);
  });
});

it('a lower lip goes to the teeth on f and v also where only one vowel is there', () => {
  for (const name of ['viseme_aa', 'viseme_E', 'viseme_O']) {
    const { report, drives } = planFace(rigOf([name]));
    expect(report.visemes.FF, name).toEqual({ origin: 'solved', from: [name] });
    const gain = drives.find(({ channel }) => channel === VISEMES.indexOf('FF'))?.gain;
    expect(gain).toBeLessThan(0.15);
  }
});

describe('a VRM preset that points at nothing', () => {
  const expression = (name: string, mesh: number, target: number): Rig['expressions'][number] => ({
    name,
    preset: true,
    binary: false,
    overrides: { mouth: 'none', blink: 'none', gaze: 'none' },
    binds: [{ mesh, target, weight: 1 }],
  });

  it('hides no shape that works', () => {
    const rig: Rig = {
      ...rigOf(['viseme_aa', 'viseme_PP']),
      vrm: 1,
      expressions: [expression('aa', 0, 77), expression('oh', -1, 0), expression('blink', 0, 1)],
    };
    const { report } = planFace(rig);
    expect(report.visemes.aa).toEqual({ origin: 'own', from: ['viseme_aa'] });
    expect(report.channels.eyeBlinkLeft!.from).toEqual(['blink']);
    expect(report.problems.map(({ code }) => code)).toContain('expressions-lost');
  });
});

it('a report says which parts of each emotion the face lacks', () => {
  const { emotions } = planFace(rigOf(['mouthSmile_L', 'mouthSmile_R'])).report;
  expect(emotions.neutral).toEqual({ share: 1, missing: [] });
  expect(emotions.happy!.share).toBeGreaterThan(0.2);
  expect(emotions.happy!.missing).toContain('cheekSquintLeft');
  expect(emotions.angry!.missing).toContain('browDownLeft');
});
