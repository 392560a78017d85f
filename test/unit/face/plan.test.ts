import { describe, expect, it } from 'vitest';
import { FaceError } from '../../../src/face/face-error.ts';
import { planFace } from '../../../src/face/plan.ts';
import { mixOf } from '../../../src/face/recipes.ts';
import type { Rig } from '../../../src/face/rig.ts';
import { CHANNEL, FACE_PARTS } from '../../../src/pose/channels.ts';
import { VISEMES } from '../../../src/speech/viseme.ts';
import { ARKIT, OCULUS } from './rigs.ts';

const rigOf = (meshes: Record<string, readonly string[]>, nodes: readonly string[] = []): Rig => ({
  meshes: Object.entries(meshes).map(([name, targets]) => ({ name, targets, vertices: 3, vectors: 1 })),
  nodes: nodes.map((name) => ({ name, joint: false })),
  expressions: [],
  humanoid: {},
  extensions: [],
  loaded: false,
});

/** What is said of a mouth, without what is said of the rest of the face. */
const MOUTH = /^(no-morph|no-target|no-mouth|visemes|opening|jaw)/;
const mouthProblems = (plan: { report: { problems: readonly FaceError[] } }): FaceError[] =>
  plan.report.problems.filter(({ code }) => MOUTH.test(code));

/** Which channel a target of that name is, alone on a mesh. */
function channelOf(name: string): string | undefined {
  const { visemes, channels } = planFace(rigOf({ Head: [name] })).report;
  const all = Object.entries({ ...visemes, ...channels });
  return all.find(([, shape]) => shape.origin === 'own' && shape.from.length > 0)?.[0];
}

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
    ['Head_jawOpen', 'jawOpen'],
    ['A25_Jaw_Open', 'jawOpen'],
    ['jawOpen.001', 'jawOpen'],
    ['Face.M_F00_000_00_Fcl_MTH_A', 'aa'],
    ['あ', 'aa'],
    ['ウィンク２右', 'eyeBlinkRight'],
    ['ｳｨﾝｸ２右', 'eyeBlinkRight'],
    ['mouthOpen', 'jawOpen'],
    ['Mouth_Open', 'jawOpen'],
    ['p_b_m_21', 'PP'],
    ['Genesis8Female__eCTRLvM', 'PP'],
    ['Brow_Raise_Outer_L', 'browOuterUpLeft'],
  ])('%s is %s', (name, channel) => {
    expect(channelOf(name)).toBe(channel);
  });

  it.each(['E', 'aa', 'A', 'viseme_21', 'R', '', 'morphTarget3', 'eye_open'])(
    '%s alone is nothing known',
    (name) => {
      expect(channelOf(name)).toBeUndefined();
    },
  );

  it('know every viseme and every part by its own name', () => {
    for (const viseme of VISEMES) expect(channelOf(`viseme_${viseme}`)).toBe(viseme);
    for (const part of FACE_PARTS) expect(channelOf(part)).toBe(part);
  });

  it.each(['', 'v_', 'Avatar.'])('of visemes may stand bare where all are there: %s', (prefix) => {
    const bare = VISEMES.map((viseme) => prefix + viseme);
    const { visemes, scheme } = planFace(rigOf({ Head: bare })).report;
    expect(scheme).toBe('oculus-plain');
    for (const viseme of VISEMES) expect(visemes[viseme]).toEqual({ origin: 'own', from: [prefix + viseme] });
  });

  it('are told apart by case where a service does', () => {
    const polly = ['p', 't', 'T', 's', 'S', 'a', 'e'].map((name) => `viseme_${name}`);
    const { visemes, scheme } = planFace(rigOf({ Head: polly })).report;
    expect(scheme).toBe('polly');
    expect([visemes.SS.from, visemes.CH.from, visemes.DD.from, visemes.TH.from]).toEqual([
      ['viseme_s'],
      ['viseme_S'],
      ['viseme_t'],
      ['viseme_T'],
    ]);
  });

  it('that prove nothing alone count together, whatever all of them begin with', () => {
    const vowels = (prefix: string): string[] => ['A', 'I', 'U', 'E', 'O'].map((name) => prefix + name);
    for (const prefix of ['', 'Mouth_', 'MTH_', 'Doll_Face_']) {
      const { visemes } = planFace(rigOf({ Head: vowels(prefix) })).report;
      expect(visemes.aa).toEqual({ origin: 'own', from: [`${prefix}A`] });
    }
    expect(planFace(rigOf({ Head: vowels('').slice(1) })).report.visemes.aa.origin).toBe('missing');
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
    expect(mouthProblems(plan)).toEqual([]);
  });

  it('makes visemes of ARKit parts where they are missing', () => {
    const plan = planFace(rigOf({ Head: ARKIT }));
    const { report, drives } = plan;
    for (const viseme of VISEMES) expect(report.visemes[viseme].origin).toBe('solved');
    expect(report.visemes.PP.from).toContain('mouthPressLeft');
    const jaw = ARKIT.indexOf('jawOpen');
    expect(drives.filter((d) => d.target === jaw && d.channel === CHANNEL.PP)).toEqual([]);
    expect(drives.find((d) => d.target === jaw && d.channel === CHANNEL.aa)?.gain).toBeCloseTo(0.62);
    expect(mouthProblems(plan)).toEqual([]);
  });

  it('has a mix of real parts for every viseme but silence', () => {
    for (const viseme of VISEMES) expect(mixOf(viseme).length > 0).toBe(viseme !== 'sil');
  });

  it('says in words that nothing can be morphed', () => {
    const [problem, ...rest] = mouthProblems(planFace(rigOf({})));
    expect(rest).toEqual([]);
    expect(problem).toBeInstanceOf(FaceError);
    expect(problem).toMatchObject({ code: 'no-morph-targets', cure: expect.stringContaining('shape keys') });
  });

  it('says in words that no target is a mouth', () => {
    expect(mouthProblems(planFace(rigOf({ Box: ['Zig', 'Zag'] })))).toMatchObject([
      { code: 'no-mouth', message: expect.stringContaining('Zig, Zag') },
    ]);
  });

  it('makes visemes of their neighbours where there are no parts', () => {
    const plan = planFace(rigOf({ Head: OCULUS.filter((name) => !/TH|kk/.test(name)) }));
    expect(plan.report.visemes.TH).toEqual({ origin: 'solved', from: ['viseme_DD'] });
    expect(plan.report.visemes.kk).toEqual({ origin: 'solved', from: ['viseme_DD'] });
    expect(mouthProblems(plan)).toEqual([]);
  });

  it('makes all visemes of five vowels, of one opening, of a jaw, and at last of a nod', () => {
    const { visemes } = planFace(rigOf({ Head: ['A', 'I', 'U', 'E', 'O'] })).report;
    expect([visemes.aa.origin, visemes.SS, visemes.CH.from]).toEqual([
      'own',
      { origin: 'solved', from: ['I'] },
      ['U'],
    ]);

    const opening = planFace(rigOf({ Head: ['mouthOpen'] }));
    expect(opening.drives.find(({ channel }) => channel === CHANNEL.aa)?.gain).toBe(0.8);
    expect(opening.drives.filter(({ channel }) => channel === CHANNEL.PP)).toEqual([]);
    expect(mouthProblems(opening)).toMatchObject([{ code: 'opening-only' }]);

    const jaw = planFace(rigOf({}, ['Head', 'mixamorig:Jaw']));
    expect(jaw.swings.find(({ channel }) => channel === CHANNEL.aa)).toMatchObject({ joint: 'jaw' });
    expect(jaw.swings.find(({ channel }) => channel === CHANNEL.aa)!.gain).toBeCloseTo(
      (-0.8 * 13 * Math.PI) / 180,
    );
    expect(mouthProblems(jaw)).toMatchObject([{ code: 'jaw-only' }]);

    const nod = planFace(rigOf({ Box: ['Zig'] }, ['Head']));
    expect(nod.swings.find(({ channel }) => channel === CHANNEL.aa)).toMatchObject({ joint: 'head' });
    expect(nod.report.visemes.PP).toEqual({ origin: 'solved', from: [] });
    expect(mouthProblems(nod)).toMatchObject([
      { code: 'no-mouth', message: expect.stringContaining('nods') },
    ]);

    const nothing = planFace(rigOf({}));
    expect([nothing.drives, nothing.swings]).toEqual([[], []]);
    expect(nothing.report).toMatchObject({
      scheme: 'none',
      score: 0,
      visemes: { aa: { origin: 'missing' } },
    });
  });

  it('turns a joint rather than a mesh of the same name', () => {
    const nodes = [
      { name: 'Head', joint: false as const },
      { name: 'mixamorig:Head', joint: 'face' as const },
      { name: 'LeftEye', joint: 'face' as const },
      { name: 'Eye.R', joint: 'face' as const },
    ];
    const plan = planFace({ ...rigOf({}), nodes });
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

  it('turns the joint of the skeleton that carries the face rather than that of a costume', () => {
    const nodes = [
      { name: 'Head', joint: 'other' as const },
      { name: 'head', joint: 'face' as const },
      { name: 'Neck', joint: 'other' as const },
    ];
    expect(planFace({ ...rigOf({}), nodes }).joints).toEqual({ head: 1, neck: 2 });
  });

  it('turns Character Creator’s jaw along with the shapes that go with it, once for all meshes', () => {
    const shapes = ['V_Open', 'V_Explosive', 'V_Lip_Open', 'V_Tight_O', 'V_Wide', 'Jaw_Open'];
    const plan = planFace(rigOf({ CC_Base_Body: shapes, CC_Base_Tongue: shapes }, ['CC_Base_JawRoot']));
    const turned = (channel: number): number =>
      plan.swings.reduce((sum, swing) => sum + (swing.channel === channel ? swing.gain : 0), 0);
    expect(turned(CHANNEL.aa)).toBeCloseTo((-0.7 * 18 * Math.PI) / 180);
    expect(turned(CHANNEL.jawOpen)).toBeCloseTo((-30 * Math.PI) / 180);
    expect(turned(CHANNEL.PP)).toBe(0);
  });

  it('knows the lip shapes of both Character Creators, and takes one of their mouths for no plain one', () => {
    const names = ['Open', 'Explosive', 'Dental_Lip', 'Tight_O', 'Tight', 'Wide', 'Affricate', 'Lip_Open'];
    const cc3 = planFace(rigOf({ Body: [...names, 'Mouth_Open', 'Tongue_up'] }, ['CC_Base_JawRoot']));
    const cc4 = planFace(
      rigOf({ Body: [...names, 'Tongue_Up'].map((name) => `V_${name}`) }, ['CC_Base_JawRoot']),
    );
    for (const viseme of VISEMES.slice(1)) {
      const from = cc3.report.visemes[viseme].from.map((name) => `V_${name}`.replace('V_CC', 'CC'));
      expect(from.map((name) => name.toLowerCase())).toEqual(
        cc4.report.visemes[viseme].from.map((name) => name.toLowerCase()),
      );
    }
    expect(cc3.report.visemes.FF).toEqual({ origin: 'solved', from: ['Dental_Lip'] });
    expect(cc3.report.channels.jawOpen?.from).toEqual(['Mouth_Open', 'CC_Base_JawRoot']);
    expect(mouthProblems(cc3)).toEqual([]);
  });

  it('says which targets a viseme loses where few can be shown at once, and only there', () => {
    const [problem] = planFace(rigOf({ Head: ARKIT })).report.problems.filter(
      ({ code }) => code === 'few-targets-at-once',
    );
    // SS moves nine, the blink two.
    expect(problem!.message).toMatch(/SS loses mouthSmileLeft, mouthSmileRight, jawOpen\.$/);
    const meshes = rigOf({ Head: ARKIT }).meshes.map((mesh) => ({ ...mesh, storage: 'texture' as const }));
    const loaded = planFace({ ...rigOf({}), meshes, loaded: true });
    expect(loaded.report.problems.map(({ code }) => code)).not.toContain('few-targets-at-once');
    expect(planFace(rigOf({ Head: OCULUS })).report.problems.map(({ code }) => code)).not.toContain(
      'few-targets-at-once',
    );
  });

  it('tells how much graphics memory the shapes fill, and which mesh the most of it', () => {
    const big = (vertices: number): Rig => {
      const rig = rigOf({ Body: OCULUS, Teeth: ['viseme_aa'] });
      return { ...rig, meshes: rig.meshes.map((mesh) => ({ ...mesh, vertices, vectors: 2 })) };
    };
    const memory = (vertices: number): FaceError[] =>
      planFace(big(vertices)).report.problems.filter(({ code }) => code === 'morph-memory');
    expect(memory(150_000)).toMatchObject([
      {
        message:
          'The morph targets fill 73 MB of graphics memory for each character (Body 69 MB: 15 targets × 150000 vertices; Teeth 4.6 MB: 1 targets × 150000 vertices).',
      },
    ]);
    expect(memory(10_000)).toEqual([]);
  });
});
