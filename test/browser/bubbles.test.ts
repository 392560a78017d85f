import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { AdvancedDynamicTexture } from '@babylonjs/gui/2D/advancedDynamicTexture.js';
import type { Control } from '@babylonjs/gui/2D/controls/control.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bubbles, showBubbles } from '../../src/bubbles/index.ts';
import { CreateParleyAsync, InputError, type Parley, type TalkingNpc } from '../../src/index.ts';
import { toneVoices } from '../kit/tone-voices.ts';
import { Stage } from './stage.ts';

const PHRASES = ['You have come a long way to see him, I think.', 'He left at dawn, before the snow.'];
const LINE = PHRASES.join(' ');

let stage: Stage;
let parley: Parley;
let bubbles: Bubbles;

beforeEach(async () => {
  stage = new Stage();
  stage.scene.getEngine().setSize(1280, 720);
  parley = await CreateParleyAsync(stage.scene, { voices: toneVoices() });
  bubbles = showBubbles(parley, { reducedMotion: true });
});

afterEach(() => {
  bubbles.dispose();
  parley.dispose();
  stage.dispose();
});

/** Somebody who stands so many metres to the right, and ahead of the camera. */
function person(name: string, right: number, ahead: number): TalkingNpc {
  const root = new TransformNode(name, stage.scene);
  root.position = new Vector3(right, 1.5, ahead - 2); // Where its eyes are, having no head.
  return parley.addNpc(root, { name });
}

const layer = () => stage.scene.textures.find(({ name }) => name === 'bubbles') as AdvancedDynamicTexture;
const shown = () => layer().rootContainer.children.filter(({ isVisible, alpha }) => isVisible && alpha > 0);
const textOf = (control: Control) =>
  control
    .getDescendants()
    .flatMap((part) => ('text' in part ? [String(part.text).replaceAll('\n', ' ')] : []))[0]!;

async function until<T>(look: () => T | undefined | false, seconds = 20): Promise<T> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    const found = look();
    if (found) return found;
    await new Promise(requestAnimationFrame);
  }
  throw new Error(`not seen within ${seconds} s; shown: ${shown().map(textOf).join(' | ')}`);
}

describe('speech bubbles', () => {
  it('stand over those who speak in the picture, phrase by phrase, none over another', async () => {
    const crowd = [person('Mira', 0, 4), person('Tomas', 0.3, 5), person('Baker', -1, 5)];
    const smith = person('Smith', -9, 1);
    const lines = [...crowd, smith].map((npc) => npc.say(LINE, { speed: 0.4 })); // Slowly: machines that draw in software skip what is short.
    await until(() => shown().length === 3, 40);
    const texts = new Set<string>();
    await until(() => {
      const boxes = shown().map((box) => ({
        left: box.leftInPixels + (box.widthInPixels * (1 - box.scaleX)) / 2,
        right: box.leftInPixels + (box.widthInPixels * (1 + box.scaleX)) / 2,
        top: box.topInPixels + box.heightInPixels * (1 - box.scaleY),
        bottom: box.topInPixels + box.heightInPixels,
      }));
      boxes.forEach((one, index) => {
        expect(one.left).toBeGreaterThanOrEqual(0);
        expect(one.right).toBeLessThanOrEqual(1280);
        for (const other of boxes.slice(index + 1)) {
          const apart = one.right <= other.left || other.right <= one.left;
          expect(apart || one.bottom <= other.top || other.bottom <= one.top).toBe(true);
        }
      });
      for (const box of shown()) texts.add(textOf(box));
      return lines.every(({ ended }) => ended);
    }, 60);
    expect(texts).toEqual(new Set(PHRASES));
    expect(bubbles.shows(smith)).toBe(false);
    await until(() => shown().length === 0);
    expect(layer().layer!.isEnabled).toBe(false);
  });

  it('go with whoever leaves the picture, and come back', async () => {
    const mira = person('Mira', 0, 4);
    mira.say(LINE.repeat(3));
    await until(() => bubbles.shows(mira));
    const { leftInPixels, widthInPixels, topInPixels, heightInPixels } = await until(() => shown()[0]);
    expect(leftInPixels + widthInPixels / 2).toBeCloseTo(640, -1);
    expect(topInPixels + heightInPixels).toBeLessThan(360);
    stage.camera.setTarget(new Vector3(-6, 1.5, -2));
    await until(() => shown().length === 0);
    expect(bubbles.shows(mira)).toBe(false);
    stage.camera.setTarget(new Vector3(0, 1.5, 0));
    await until(() => bubbles.shows(mira) && shown().length === 1);
    mira.attachedNode!.dispose();
    await until(() => shown().length === 0);
  });

  it('leave nothing behind', async () => {
    const textures = stage.scene.textures.length;
    const observed = stage.scene.onBeforeRenderObservable.observers.length;
    const others = showBubbles(parley);
    others.dispose();
    others.dispose();
    expect(stage.scene.textures.length).toBe(textures);
    const { onBeforeRenderObservable } = stage.scene;
    await until(() => onBeforeRenderObservable.observers.length === observed); // Babylon takes them out a task later.
    expect(() => showBubbles(parley, { most: 0 })).toThrow(InputError);
    expect(() => showBubbles(parley, { size: 3 } as never)).toThrow(/size/);
  });
});
