import { describe, expect, it } from 'vitest';
import { FaceError } from '../../../src/face/face-error.ts';
import { planFace } from '../../../src/face/plan.ts';
import type { Rig } from '../../../src/face/rig.ts';
import { channelOf } from '../../../src/face/schemes.ts';
import { mixOf } from '../../../src/face/viseme-mixes.ts';
import { CHANNEL, FACE_PARTS } from '../../../src/pose/channels.ts';
import { VISEMES } from '../../../src/speech/viseme.ts';
import { ARKIT, OCULUS } from './rigs.ts';

const rigOf = (meshes: Record<string, readonly string[]>, nodes: readonly string[] = []): Rig => ({
  meshes: Object.entries(meshes).map(([name, targets]) => ({ name, targets })),
  nodes: nodes.map((name) => ({ name, joint: false })),
});

describe('names', () => {
  it.each([
    ['viseme_PP', 'PP'],
    ['Viseme_pp', 'PP'],
    ['viseme_AA', 'aa'],
    ['viseme_ih', 'I'],
    ['vrc.v_ou', 'U'],
    ['blendShape1.viseme_kk', 'kk'],
    ['jawOpen', 'jawOpen'],
    ['JawOpen', 'jawOpen'],
    ['eyeBlink_L', 'eyeBlinkLeft'],
    ['eyeBlink.R', 'eyeBlinkRight'],
    ['head:mouthSmile_Right', 'mouthSmileRight'],
    ['mouthLeft', 'mouthLeft'],
  ])('%s is %s', (name, channel) => {
    expect(channelOf(name)).toBe(channel);
  });

  it.each(['E', 'aa', 'Fcl_MTH_A', 'smile', '', 'morphTarget3'])('%s is nothing known', (name) => {
    expect(channelOf(name)).toBeUndefined();
  });

  it('know every viseme and every part by its own name', () => {
    for (const viseme of VISEMES) expect(channelOf(`viseme_${viseme}`)).toBe(viseme);
    for (const part of FACE_PARTS) expect(channelOf(part)).toBe(part);
  });
});

describe('a plan', () => {
  it('takes own visemes where they are, on every mesh that has them', () => {
    const plan = planFace(rigOf({ Head: [...OCULUS, 'jawOpen'], Teeth: ['viseme_aa', 'viseme_PP'] }));
    const aa = plan.drives.filter((drive) => drive.channel === CHANNEL.aa);
    expect(aa).toEqual([
      { mesh: 0, target: 10, channel: CHANNEL.aa, gain: 1 },
      { mesh: 1, target: 0, channel: CHANNEL.aa, gain: 1 },
    ]);
    expect(plan.report.visemes.aa).toEqual({ origin: 'own', from: ['viseme_aa'] });
    expect(plan.report.meshes).toEqual([
      { name: 'Head', targets: 16, driven: 16 },
      { name: 'Teeth', targets: 2, driven: 2 },
    ]);
    expect(plan.report.problems).toEqual([]);
  });

  it('makes visemes of ARKit parts where they are missing', () => {
    const { report, drives } = planFace(rigOf({ Head: ARKIT }));
    for (const viseme of VISEMES) expect(report.visemes[viseme].origin).toBe('solved');
    expect(report.visemes.PP.from).toContain('mouthPressLeft');
    const jaw = ARKIT.indexOf('jawOpen');
    expect(drives.filter((d) => d.target === jaw && d.channel === CHANNEL.PP)).toEqual([]);
    expect(drives.find((d) => d.target === jaw && d.channel === CHANNEL.aa)?.gain).toBeCloseTo(0.62);
    expect(report.problems).toEqual([]);
  });

  it('has a mix of real parts for every viseme but silence', () => {
    for (const viseme of VISEMES) expect(mixOf(viseme).length > 0).toBe(viseme !== 'sil');
  });

  it('says in words that nothing can be morphed', () => {
    const [problem, ...rest] = planFace(rigOf({})).report.problems;
    expect(rest).toEqual([]);
    expect(problem).toBeInstanceOf(FaceError);
    expect(problem).toMatchObject({ code: 'no-morph-targets', cure: expect.stringContaining('shape keys') });
  });

  it('says in words that no target is a mouth', () => {
    const { problems } = planFace(rigOf({ Box: ['Key 1', 'Key 2'] })).report;
    expect(problems).toMatchObject([{ code: 'no-mouth', message: expect.stringContaining('Key 1, Key 2') }]);
  });

  it('says which visemes are missing', () => {
    const { report } = planFace(rigOf({ Head: OCULUS.filter((name) => !/TH|kk/.test(name)) }));
    expect(report.problems).toMatchObject([
      { code: 'visemes-missing', message: expect.stringContaining('TH, kk') },
    ]);
    expect(report.visemes.TH.origin).toBe('missing');
  });

  it('turns a joint rather than a mesh of the same name', () => {
    const nodes = [
      { name: 'Head', joint: false },
      { name: 'mixamorig:Head', joint: true },
      { name: 'LeftEye', joint: true },
      { name: 'Eye.R', joint: true },
    ];
    const plan = planFace({ meshes: [], nodes });
    expect(plan.joints).toEqual({ head: 1, leftEye: 2, rightEye: 3 });
    expect(plan.report.joints).toEqual({ head: 'mixamorig:Head', leftEye: 'LeftEye', rightEye: 'Eye.R' });
  });

  it('looks by targets where the eyes are no nodes; where they are, only lids follow', () => {
    const meshes = { Head: ARKIT, Wolf3D_EyeLeft: ARKIT, Eyelashes: ARKIT };
    const looks = (nodes: string[]): Set<number> => {
      const { drives } = planFace(rigOf(meshes, nodes));
      return new Set(drives.filter((drive) => drive.channel === CHANNEL.eyeYaw).map((drive) => drive.mesh));
    };
    expect(looks(['Head'])).toEqual(new Set([0, 1, 2]));
    expect(looks(['Head', 'LeftEye', 'RightEye'])).toEqual(new Set([0, 2]));
  });
});
