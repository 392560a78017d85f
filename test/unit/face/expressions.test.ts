import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DrivenExpression, ExpressionMixer, groupOf } from '../../../src/face/expressions.ts';
import { readRigFile } from '../../../src/face/gltf/file-rig.ts';
import { type FacePlan, planFace } from '../../../src/face/plan.ts';
import type { Override } from '../../../src/face/rig.ts';
import { CHANNEL, CHANNEL_COUNT, type Channel, createPose, FACE_PARTS } from '../../../src/pose/channels.ts';
import { lipsOf, portrait } from '../../kit/zoo/reshape.ts';
import { vrm0, vrm1 } from '../../kit/zoo/vrm.ts';

const NONE = { mouth: 'none', blink: 'none', gaze: 'none' } as const;

function expression(name: string, channel: Channel, more: Partial<DrivenExpression> = {}): DrivenExpression {
  return {
    name,
    drives: [{ channel: CHANNEL[channel], gain: 1 }],
    binary: false,
    group: groupOf(name),
    overrides: NONE,
    ...more,
  };
}

/** Weights of expressions, by name, for weights of a pose. */
function weigh(
  expressions: DrivenExpression[],
  weights: Partial<Record<Channel, number>>,
): Record<string, number> {
  const pose = createPose();
  for (const [channel, weight] of Object.entries(weights)) pose[CHANNEL[channel as Channel]] = weight;
  const values = new ExpressionMixer(expressions).mix(pose);
  return Object.fromEntries(expressions.map(({ name }, index) => [name, values[CHANNEL_COUNT + index]!]));
}

const happy = (mouth: Override, more: Partial<DrivenExpression> = {}): DrivenExpression =>
  expression('happy', 'happy', { overrides: { ...NONE, mouth }, ...more });
const aa = expression('aa', 'aa');
const blink = expression('blink', 'eyeBlinkLeft');

describe('expressions of a VRM', () => {
  it('show as much as they are driven, never more than in full', () => {
    expect(weigh([aa, blink], { aa: 0.25, eyeBlinkLeft: 3 })).toEqual({ aa: 0.25, blink: 1 });
  });

  it('block the mouth as soon as they show', () => {
    expect(weigh([happy('block'), aa, blink], { happy: 0.125, aa: 0.5, eyeBlinkLeft: 1 })).toEqual({
      happy: 0.125,
      aa: 0,
      blink: 1,
    });
    expect(weigh([happy('block'), aa], { aa: 0.5 })).toEqual({ happy: 0, aa: 0.5 });
  });

  it.each([
    ['mouth', ['aa', 'ih', 'ou', 'ee', 'oh']],
    ['blink', ['blink', 'blinkLeft', 'blinkRight']],
    ['gaze', ['lookUp', 'lookDown', 'lookLeft', 'lookRight']],
  ] as const)('hold back the %s and nothing else', (group, presets) => {
    const all = ['aa', 'ih', 'ou', 'ee', 'oh', 'blink', 'blinkLeft', 'blinkRight', 'lookUp', 'lookDown']
      .concat('lookLeft', 'lookRight', 'angry', 'relaxed')
      .map((name) => expression(name, 'jawOpen'));
    const shownWith = (override: Override): Record<string, number> => {
      const { happy: _, ...others } = weigh(
        [expression('happy', 'happy', { overrides: { ...NONE, [group]: override } }), ...all],
        { happy: 0.25, jawOpen: 0.5 },
      );
      return others;
    };
    const held = (left: number): Record<string, number> =>
      Object.fromEntries(
        all.map(({ name }) => [name, (presets as readonly string[]).includes(name) ? left : 0.5]),
      );
    expect(shownWith('block')).toEqual(held(0));
    expect(shownWith('blend')).toEqual(held(0.375));
    expect(shownWith('none')).toEqual(held(0.5));
  });

  it('blend the mouth away as much as they show, several of them together', () => {
    expect(weigh([happy('blend'), aa], { happy: 0.25, aa: 0.5 }).aa).toBe(0.375);
    const sad = expression('sad', 'sad', { overrides: { ...NONE, mouth: 'blend' } });
    expect(weigh([happy('blend'), sad, aa], { happy: 0.5, sad: 0.75, aa: 1 }).aa).toBe(0);
  });

  it('that are binary are shown in full above a half and not at all else', () => {
    const binary = { ...aa, binary: true };
    expect([0, 0.5, 0.51, 1].map((weight) => weigh([binary], { aa: weight }).aa)).toEqual([0, 0, 1, 1]);
  });

  it('that are binary hold others back by what is shown of them', () => {
    const smile = happy('blend', { binary: true });
    expect(weigh([smile, aa], { happy: 0.4, aa: 0.5 })).toEqual({ happy: 0, aa: 0.5 });
    expect(weigh([smile, aa], { happy: 0.6, aa: 0.5 })).toEqual({ happy: 1, aa: 0 });
  });

  it('that are binary are held back wholly', () => {
    expect(weigh([happy('blend'), { ...aa, binary: true }], { happy: 0.1, aa: 0.9 }).aa).toBe(0);
  });

  it('hold nothing of their own kind back, nor anything while they are shown by a program', () => {
    const blocking = { ...blink, overrides: { mouth: 'block', blink: 'block', gaze: 'block' } } as const;
    expect(weigh([blocking, aa], { eyeBlinkLeft: 1, aa: 0.5 })).toEqual({ blink: 1, aa: 0.5 });
  });

  it('never leave 0 to 1, whatever drives them', () => {
    const overrides = fc.record({
      mouth: fc.constantFrom<Override>('none', 'block', 'blend'),
      blink: fc.constantFrom<Override>('none', 'block', 'blend'),
      gaze: fc.constantFrom<Override>('none', 'block', 'blend'),
    });
    const weight = fc.float({ min: -4, max: 4, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(overrides, fc.boolean(), weight), { minLength: 5, maxLength: 5 }),
        (list) => {
          const names = ['happy', 'angry', 'aa', 'E', 'eyeBlinkLeft'] as const;
          const presets = ['happy', 'angry', 'aa', 'ee', 'blink'];
          const made = list.map(([own, binary], index) =>
            expression(presets[index]!, names[index]!, { overrides: own, binary }),
          );
          const weights = Object.fromEntries(list.map(([, , value], index) => [names[index]!, value]));
          const shown = weigh(made, weights);
          for (const { name, binary } of made) {
            expect(shown[name]).toBeGreaterThanOrEqual(0);
            expect(shown[name]).toBeLessThanOrEqual(1);
            if (binary) expect([0, 1]).toContain(shown[name]);
          }
        },
      ),
      { seed: 4, numRuns: 500 },
    );
  });
});

describe('a VRM', () => {
  let character: Uint8Array;
  beforeAll(async () => {
    character = await readFile(new URL('../../../assets/characters/mira.glb', import.meta.url));
  });

  const plan = (
    overrides?: Parameters<typeof vrm1>[1],
    change: (json: VrmJson) => void = () => {},
  ): FacePlan => {
    const glb = portrait(character);
    expect(lipsOf(glb)).toHaveLength(3);
    vrm1(glb, overrides);
    change(glb.json as unknown as VrmJson);
    return planFace(readRigFile(glb.pack(), 'it.vrm'));
  };

  it('is driven by its own expressions, whatever its targets are called', () => {
    const { report, expressions, drives } = plan();
    expect(report.scheme).toBe('vrm1');
    expect(report.visemes.aa).toEqual({ origin: 'own', from: ['aa'] });
    expect(report.channels.eyeBlinkLeft).toEqual({ origin: 'own', from: ['blinkLeft'] });
    expect(report.channels.happy).toEqual({ origin: 'own', from: ['happy'] });
    expect(expressions.map(({ name }) => name).sort()).toEqual(
      [
        'aa',
        'angry',
        'blinkLeft',
        'blinkRight',
        'ee',
        'happy',
        'ih',
        'oh',
        'ou',
        'relaxed',
        'sad',
        'surprised',
      ].sort(),
    );
    expect(drives.every(({ channel }) => channel >= CHANNEL_COUNT)).toBe(true);
  });

  it('says when an expression of it stills the mouth', () => {
    const { report } = plan({ happy: { overrideMouth: 'block' } });
    expect(report.problems).toMatchObject([
      { code: 'mouth-blocked', message: expect.stringContaining('happy') },
    ]);
  });

  it('says when its vowels know no half way', () => {
    const { report } = plan({ aa: { isBinary: true }, oh: { isBinary: true }, happy: { isBinary: true } });
    expect(report.problems).toMatchObject([
      { code: 'mouth-binary', message: expect.stringContaining('aa, oh shows in full or not at all') },
    ]);
  });

  it('says when expressions point at nothing', () => {
    const { report } = plan({ sad: { morphTargetBinds: [{ node: 5, index: 3, weight: 1 }] } });
    expect(report.problems).toMatchObject([
      { code: 'expressions-lost', message: expect.stringContaining('sad') },
    ]);
    expect(report.channels.sad).toBeUndefined();
  });

  it('turns its eyes as far as it wants them turned', () => {
    const range = (outputScale: number): object => ({ inputMaxValue: 90, outputScale });
    const { eyes } = plan(undefined, ({ extensions }) => {
      Object.assign(extensions.VRMC_vrm.lookAt, {
        rangeMapHorizontalInner: range(9),
        rangeMapHorizontalOuter: range(18),
        rangeMapVerticalUp: range(9),
        rangeMapVerticalDown: range(9),
      });
    });
    expect(eyes).toEqual({ yaw: expect.closeTo(0.15), pitch: expect.closeTo(0.1) });
  });

  it('looks by expressions where it wants to', () => {
    const { joints, expressions, report } = plan(
      {
        lookLeft: { morphTargetBinds: [{ node: 23, index: 4, weight: 1 }] },
        lookUp: { morphTargetBinds: [{ node: 23, index: 5, weight: 1 }] },
      },
      ({ extensions }) => {
        const { preset } = extensions.VRMC_vrm.expressions;
        const binds = (preset.aa as { morphTargetBinds: { node: number }[] }).morphTargetBinds;
        for (const name of ['lookLeft', 'lookUp']) {
          preset[name] = { morphTargetBinds: [{ node: binds[0]!.node, index: 0, weight: 1 }] };
        }
        const range = { inputMaxValue: 45, outputScale: 1 };
        Object.assign(extensions.VRMC_vrm.lookAt, {
          type: 'expression',
          rangeMapHorizontalInner: range,
          rangeMapHorizontalOuter: range,
          rangeMapVerticalUp: range,
        });
      },
    );
    expect([joints.leftEye, joints.rightEye]).toEqual([undefined, undefined]);
    expect(report.channels.eyeYaw).toEqual({ origin: 'solved', from: ['lookLeft'] });
    const left = expressions.find(({ name }) => name === 'lookLeft')!;
    expect(left.drives).toEqual([{ channel: CHANNEL.eyeYaw, gain: expect.closeTo(4 / Math.PI) }]);
  });
});

describe('a VRM 0', () => {
  let character: Uint8Array;
  beforeAll(async () => {
    character = await readFile(new URL('../../../assets/characters/mira.glb', import.meta.url));
  });

  const plan = (custom?: readonly string[], change: (groups: Group[]) => void = () => {}): FacePlan => {
    const glb = vrm0(portrait(character), custom);
    change(
      (glb.json.extensions!.VRM as { blendShapeMaster: { blendShapeGroups: Group[] } }).blendShapeMaster
        .blendShapeGroups,
    );
    return planFace(readRigFile(glb.pack(), 'it.vrm'));
  };

  it('has VRM 1’s faces under its own names, and a custom one where it lacks a preset', () => {
    const { report, expressions } = plan();
    for (const vowel of ['aa', 'I', 'U', 'E', 'O'] as const) expect(report.visemes[vowel].origin).toBe('own');
    expect(report.channels).toMatchObject({
      happy: { origin: 'own', from: ['happy'] },
      sad: { from: ['sad'] },
      relaxed: { from: ['relaxed'] },
      angry: { from: ['angry'] },
      surprised: { origin: 'own', from: ['SURPRISED'] },
      eyeBlinkLeft: { from: ['blinkLeft'] },
    });
    expect(
      expressions.every(({ overrides }) => Object.values(overrides).every((each) => each === 'none')),
    ).toBe(true);
  });

  it('counts weights in percent, and finds its targets by mesh, on every node and primitive of it', () => {
    const { drives, expressions } = plan(undefined, (groups) => {
      for (const group of groups) for (const bind of group.binds) bind.weight = 40;
    });
    const aa = CHANNEL_COUNT + expressions.findIndex(({ name }) => name === 'aa');
    const gains = drives.filter(({ channel }) => channel === aa).map(({ gain }) => gain);
    expect(gains.length).toBeGreaterThan(1);
    expect(new Set(gains)).toEqual(new Set([0.4]));
  });

  it('may say that an expression knows no half way', () => {
    const { expressions, report } = plan(undefined, (groups) => {
      for (const group of groups) group.isBinary = group.presetName === 'blink_l' || group.presetName === 'a';
    });
    expect(
      expressions
        .filter(({ binary }) => binary)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['aa', 'blinkLeft']);
    expect(report.problems.map(({ code }) => code)).toEqual(['mouth-binary']);
  });

  it('is moved by custom expressions that are called as ARKit’s parts', () => {
    const { report, drives, swings } = plan(FACE_PARTS);
    expect(report.visemes.aa).toEqual({ origin: 'own', from: ['aa'] });
    expect(report.visemes.PP.from).toEqual(
      expect.arrayContaining(['MouthPressLeft', 'MouthRollLower', 'MouthPucker']),
    );
    expect(report.channels.mouthSmileLeft).toEqual({ origin: 'own', from: ['MouthSmileLeft'] });
    expect(report.channels.happy).toBeUndefined();
    expect(drives.every(({ channel }) => channel >= CHANNEL_COUNT)).toBe(true);
    expect(swings).toEqual([]);
  });
});

interface Group {
  presetName: string;
  isBinary: boolean;
  binds: { weight: number }[];
}

interface VrmJson {
  extensions: { VRMC_vrm: { lookAt: object; expressions: { preset: Record<string, unknown> } } };
}
