import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import mira from '../../../assets/characters/mira.glb?url';
import {
  CreateParleyAsync,
  InputError,
  type Parley,
  type Track,
  type VoiceSource,
} from '../../../src/index.ts';
import { FACE_PARTS } from '../../../src/pose/channels.ts';
import { SHAPE_COUNT } from '../../../src/speech/face-shapes.ts';
import { azureVoices } from '../../../src/voices/azure/index.ts';
import { ZOO } from '../../kit/zoo/index.ts';
import { Stage } from '../stage.ts';

const TEXT = 'The red deer ran along the quiet lane, and sang under the golden trees. So long, Bob.';

let url: string;

beforeAll(async () => {
  url = await commands.emulate('azure', ['of-this-page']);
});
afterAll(() => commands.kill(url));

/** A moment that was drawn: line time, and the weight of each shape by its name. */
interface Drawn {
  readonly playhead: number;
  readonly weights: ReadonlyMap<string, number>;
}

/** Shapes of a character by the ends of their names: prefixes are the exporter's. */
function weightsOf(root: TransformNode): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { morphTargetManager: manager } of root.getChildMeshes()) {
    for (let index = 0; index < (manager?.numTargets ?? 0); index++) {
      const { name, influence } = manager!.getTarget(index);
      weights.set(name.split('.').at(-1)!, influence);
    }
  }
  return weights;
}

const MOUTH = FACE_PARTS.map((part, index) => ({ part, index })).filter(({ part }) =>
  /^(jaw|mouth|tongue)/.test(part),
);

function frameAt({ shapes, duration }: Track, index: number, time: number): number {
  const { fps, frames } = shapes!;
  const place = Math.min(time * fps, frames.length / SHAPE_COUNT - 1.001);
  const one = frames[Math.floor(place) * SHAPE_COUNT + index]!;
  const other = frames[(Math.floor(place) + 1) * SHAPE_COUNT + index]!;
  expect(time).toBeLessThan(duration);
  return one + (other - one) * (place % 1);
}

const isContact = ({ viseme }: { viseme: string }) => viseme === 'PP' || viseme === 'FF';

/** Moments at which the frames have all of the face: within the line, and away from lips or teeth that touch. */
function free(track: Track, { playhead }: Drawn): boolean {
  const near = track.cues.some(
    (cue) => isContact(cue) && playhead > cue.start - 0.15 && playhead < cue.end + 0.15,
  );
  return !near && playhead > 0.1 && playhead < track.duration - 0.12;
}

describe('a line of Azure Speech with frames, in a real page', () => {
  let stage: Stage;
  let parley: Parley;
  let voices: VoiceSource;

  beforeEach(async () => {
    stage = new Stage();
    voices = azureVoices({ url, token: async () => 'of-this-page', shapes: true });
    parley = await CreateParleyAsync(stage.scene, { voices });
    await parley.unlockAsync();
  });
  afterEach(() => {
    parley.dispose();
    voices.dispose();
    stage.dispose();
  });

  async function addExhibit(name: string, character: Uint8Array): Promise<TransformNode> {
    const made = await ZOO.find((exhibit) => exhibit.name === name)!.make(character);
    return stage.loadFile(made.bytes);
  }

  it('is on the morph targets at the playhead as the service sent it; closed lips stay the cues’; others move by cues', async () => {
    const character = new Uint8Array(await (await fetch(mira)).arrayBuffer());
    const first = parley.addNpc(await stage.load('mira'), { name: 'Mira', life: false });
    const line = first.say(TEXT, { keep: true });
    expect((await line.finished).outcome).toBe('finished');
    const track = await line.track();
    expect(track.shapes!.frames.length / SHAPE_COUNT).toBeGreaterThan(150);

    // The same line again, by three characters at once.
    const bodies = {
      mira: first.attachedNode as TransformNode,
      arkit: await addExhibit('arkit-prefixed', character),
      oculus: await addExhibit('some-visemes', character),
    };
    const npcs = [
      first,
      parley.addNpc(bodies.arkit, { name: 'Arkit', life: false }),
      parley.addNpc(bodies.oculus, { name: 'Oculus', life: false }),
    ];
    const lines = npcs.map((npc) => npc.say(track));
    const drawn: Record<string, Drawn[]> = { mira: [], arkit: [], oculus: [] };
    const watcher = stage.scene.onAfterRenderObservable.add(() => {
      for (const [index, name] of Object.keys(bodies).entries()) {
        const { playhead, state } = lines[index]!;
        if (state !== 'speaking') continue;
        drawn[name]!.push({ playhead, weights: weightsOf(bodies[name as keyof typeof bodies]) });
      }
    });
    await Promise.all(lines.map(({ finished }) => finished));
    await new Promise((resolve) => setTimeout(resolve, 400));
    stage.scene.onAfterRenderObservable.remove(watcher);

    for (const name of ['mira', 'arkit']) {
      const moments = drawn[name]!.filter((moment) => free(track, moment));
      expect(moments.length).toBeGreaterThan(3);
      let widest = 0;
      let whole = 0;
      for (const { playhead, weights } of moments) {
        const shown = MOUTH.filter(({ part }) => weights.has(part)).map(({ part, index }) => ({
          part,
          weight: weights.get(part)!,
          wanted: frameAt(track, index, playhead),
        }));
        // Where this machine lets the sound stop for a moment, the whole mouth relaxes by one gain.
        const size = shown.reduce((sum, { wanted }) => sum + wanted * wanted, 0);
        const gain =
          size > 0 ? shown.reduce((sum, { weight, wanted }) => sum + weight * wanted, 0) / size : 1;
        for (const { part, weight, wanted } of shown) {
          expect(Math.abs(weight - gain * wanted), `${name} ${part} at ${playhead}`).toBeLessThan(2e-3);
          widest = Math.max(widest, weight);
        }
        expect(gain).toBeLessThan(1.01);
        if (gain > 0.99) whole++;
      }
      expect(whole).toBeGreaterThan(moments.length * 0.6);
      expect(widest).toBeGreaterThan(0.3);
      const closed = drawn[name]!.filter(({ playhead }) =>
        track.cues.some((cue) => isContact(cue) && Math.abs(playhead - (cue.start + cue.end) / 2) < 0.012),
      );
      for (const { weights } of closed) expect(weights.get('jawOpen')).toBeLessThan(0.2);
      // At rest in the end, to the last shape.
      const body = bodies[name as keyof typeof bodies];
      for (const { part } of MOUTH) expect(weightsOf(body).get(part) ?? 0).toBe(0);
    }
    const open = drawn.oculus!.map(({ weights }) => weights.get('viseme_aa')!);
    expect(Math.max(...open)).toBeGreaterThan(0.3);
    expect(
      Math.max(
        ...drawn
          .mira!.filter((moment) => free(track, moment))
          .map(({ weights }) => weights.get('viseme_aa')!),
      ),
    ).toBeLessThan(0.01);
  });

  it('takes a key in a page only where it is allowed', () => {
    expect(() => azureVoices({ url, apiKey: 'sk-canary' })).toThrow(InputError);
    expect(() => azureVoices({ url, apiKey: 'sk-canary' })).toThrow(/parley serve --source azure.*token/);
    expect(() => azureVoices({ url, apiKey: 'sk-canary' })).not.toThrow(/sk-canary/);
    azureVoices({ url, apiKey: 'sk-canary', allowKeyInPage: true }).dispose();
  });
});
