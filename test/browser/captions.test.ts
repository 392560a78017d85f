import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CaptionOptions, type Captions, showCaptions } from '../../src/captions/index.ts';
import { CreateParleyAsync, InputError, type Parley, type TalkingNpc } from '../../src/index.ts';
import { toneVoices } from '../kit/tone-voices.ts';
import { Stage } from './stage.ts';

const LINE =
  'You have come a long way to see him, I think. He left at dawn and will not be back before the snow has melted.';
const PHRASES = [
  'You have come a long way to see him, I think.',
  'He left at dawn and will not be back before the snow has melted.',
];

let stage: Stage;
let parley: Parley;
let parent: HTMLElement;
let captions: Captions;

beforeEach(async () => {
  stage = new Stage();
  parley = await CreateParleyAsync(stage.scene, { voices: toneVoices() });
});

afterEach(() => {
  captions?.dispose();
  parley.dispose();
  stage.dispose();
  parent?.remove();
});

function show(options: CaptionOptions = {}, width = 1280, height = 720): void {
  parent = document.createElement('div');
  parent.style.cssText = `width: ${width}px; height: ${height}px; background: #88a;`;
  document.body.append(parent);
  captions = showCaptions(parley, { parent, ...options });
}

/** Somebody who stands so many metres to the right, and ahead of the camera. */
function person(name: string, right: number, ahead: number): TalkingNpc {
  const root = new TransformNode(name, stage.scene);
  root.position = new Vector3(right, 1.5, ahead - 2); // Where its eyes are, having no head.
  return parley.addNpc(root, { name });
}

const root = () => captions.element.shadowRoot!;
const all = (selector: string) => [...root().querySelectorAll<HTMLElement>(selector)];
const shownBoxes = () => all('.caption').filter((box) => !box.hidden);
const textOf = (box: HTMLElement) => box.querySelector('.text')!.textContent.replaceAll('\n', ' ');
const told = () => all('[aria-live] > p').map((phrase) => phrase.textContent);

async function until<T>(look: () => T | undefined | null | false, seconds = 20): Promise<T> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    const found = look();
    if (found) return found;
    await new Promise(requestAnimationFrame);
  }
  throw new Error(`not seen within ${seconds} s; shown: ${shownBoxes().map(textOf).join(' | ')}`);
}

describe('captions', () => {
  it('show who speaks, phrase by phrase, and tell screen readers each phrase once', async () => {
    show();
    const seen = new Set<string>();
    const mira = person('Mira', 0, 3);
    const line = mira.say(LINE, { to: 'player' });
    const [box] = await until(() => shownBoxes().length > 0 && shownBoxes());
    expect(line.playhead).toBeGreaterThan(0);
    expect(box!.querySelector('.name')!.textContent).toBe('Mira');
    expect(box!.dataset.from).toBeUndefined();
    await until(() => {
      if (shownBoxes()[0]) seen.add(textOf(shownBoxes()[0]!));
      return shownBoxes().length === 0;
    }, 40);
    expect([...seen]).toEqual(PHRASES);
    expect(told()).toEqual([`Mira: ${PHRASES[0]}`, PHRASES[1]]);
    const region = all('[aria-live]')[0]!;
    expect(region.getAttribute('aria-live')).toBe('polite');
    expect(root().querySelector('[role=group]')!.getAttribute('aria-label')).toBe('Captions');
  });

  for (const [width, height] of [
    [1280, 720],
    [360, 640],
  ] as const) {
    it(`of several lie one above the other and stay where they are, at ${width} × ${height}`, async () => {
      show({ chatterMetres: 20 }, width, height);
      const talk = 'Fresh bread, fresh bread, five silver, and butter for six if you have a';
      const quest = person('Elder', 0, 4);
      const crowd = ['Baker', 'Smith', 'Guard'].map((name, index) => person(name, index - 1, 6 + 3 * index));
      const lines = crowd.map((npc, index) => npc.say(`${talk} ${index}`));
      await until(() => shownBoxes().length === 3);
      lines.push(quest.say(LINE, { priority: 1 }));
      const places = new Map<string, number>();
      let most = 0;
      await until(() => {
        const boxes = shownBoxes();
        most = Math.max(most, boxes.length);
        const stageBox = parent.getBoundingClientRect();
        const rects = boxes.map((box) => box.getBoundingClientRect());
        rects.forEach((rect, index) => {
          expect(rect.left).toBeGreaterThanOrEqual(stageBox.left);
          expect(rect.right).toBeLessThanOrEqual(stageBox.right);
          expect(rect.top).toBeGreaterThan(stageBox.top + height * 0.4);
          expect(rect.bottom).toBeLessThanOrEqual(stageBox.bottom);
          for (const other of rects.slice(index + 1))
            expect(rect.bottom <= other.top || other.bottom <= rect.top).toBe(true);
          const name = boxes[index]!.querySelector('.name')!.textContent!;
          const bottom = Math.round(rect.bottom - stageBox.top);
          expect(Math.abs((places.get(name) ?? bottom) - bottom)).toBeLessThanOrEqual(1);
          places.set(name, bottom);
        });
        return boxes.some((box) => textOf(box).startsWith('He left'));
      }, 40);
      expect(most).toBe(3);
      expect(places.has('Elder')).toBe(true);
      const [first, second, ...others] = told();
      expect(first).toMatch(/^Elder: You have come/);
      expect(LINE).toContain(second);
      for (const phrase of others) expect(LINE).toContain(phrase); // Never chatter.
      for (const line of lines) void line.stop();
    });
  }

  it('point to who is not in the picture, and say so to those who read it', async () => {
    show();
    const smith = person('Smith', -6, 1);
    smith.say(LINE, { to: 'player' });
    const [box] = await until(() => shownBoxes().length > 0 && shownBoxes());
    expect(box!.dataset.from).toBe('left');
    expect(getComputedStyle(box!.querySelector('.arrow') as Element).display).toBe('block');
    expect(box!.querySelector('.heard-only')!.textContent).toBe(' (left)');
    expect(told()[0]).toBe(`Smith (left): ${PHRASES[0]}`);
    stage.camera.setTarget(new Vector3(6, 1.5, -1.5));
    await until(() => box!.dataset.from === 'behind');
    stage.camera.setTarget(smith.attachedNode!.position);
    await until(() => box!.dataset.from === undefined);
  });

  it('of a stopped line keep what was heard, and those of a failed one show its text', async () => {
    show();
    const mira = person('Mira', 0, 3);
    const line = mira.say(LINE);
    await until(() => line.playhead > 1);
    await line.stop();
    const cut = await until(() =>
      shownBoxes()
        .map(textOf)
        .find((text) => text.endsWith('—')),
    );
    expect(LINE.startsWith(cut.slice(0, -1))).toBe(true);
    expect(cut.length).toBeLessThan(PHRASES[0]!.length);
    mira.say('!refuse to say this aloud.');
    await until(() => shownBoxes().map(textOf).includes('!refuse to say this aloud.'));
    await until(() => shownBoxes().length === 0);
  });

  it('follow the settings: size, colours of enough contrast, place, words', async () => {
    show({ colours: { Mira: '#203060' }, words: 'marked' });
    const mira = person('Mira', 0, 3);
    const line = mira.say(LINE);
    const [box] = await until(() => shownBoxes().length > 0 && shownBoxes());
    const mark = await until(() => box!.querySelector('mark')!.textContent);
    expect(LINE).toContain(mark);
    const size = Number.parseFloat(getComputedStyle(box!).fontSize);
    expect(size).toBeCloseTo((720 * 46) / 1080, 1);
    const brightness = (colour: string) => Math.max(...colour.match(/\d+/g)!.map(Number));
    const name = getComputedStyle(box!.querySelector('.name') as Element).color;
    expect(brightness(name)).toBeGreaterThan(150); // A dark blue was made lighter.

    captions.set({ sizePercent: 200, position: 'top', contrast: 'high', words: 'spoken' });
    expect(Number.parseFloat(getComputedStyle(box!).fontSize)).toBeCloseTo(2 * size, 1);
    await until(() => box!.getBoundingClientRect().top < parent.getBoundingClientRect().top + 100);
    expect(getComputedStyle(box!).backgroundColor).toBe('rgb(0, 0, 0)');
    const coming = await until(() => box!.querySelector<HTMLElement>('.coming'));
    expect(getComputedStyle(coming).visibility).toBe('hidden');
    const width = box!.getBoundingClientRect().width;
    expect(width).toBeLessThanOrEqual(1280);
    captions.set({ visible: false });
    expect(getComputedStyle(box!).visibility).toBe('hidden');
    expect(() => captions.set({ sizePercent: 20 })).toThrow(InputError);
    expect(captions.settings.sizePercent).toBe(200);
    void line.stop();
  });

  it('run from right to left where the text does, in its language', async () => {
    show();
    person('Elder', 0, 3).say('مساء الخير أيها المسافر، البوابة تغلق عند الغسق.', { lang: 'ar' });
    const [box] = await until(() => shownBoxes().length > 0 && shownBoxes());
    expect(getComputedStyle(box!).direction).toBe('rtl');
    expect(box!.querySelector<HTMLElement>('.text')!.lang).toBe('ar');
  });

  it('go, and leave nothing behind', () => {
    show();
    const mira = person('Mira', 0, 3);
    expect(parent.style.position).toBe('relative');
    const observed = mira.onLineObservable.observers.length;
    captions.dispose();
    captions.dispose();
    expect(mira.onLineObservable.observers.length).toBe(observed - 1);
    expect(parent.childElementCount).toBe(0);
    expect(parent.style.position).toBe('');
    expect(() => showCaptions(parley, { words: 'none' as never })).toThrow(/phrase, spoken, marked/);
    expect(() => showCaptions(parley, { colours: { Mira: 'red' } })).toThrow(InputError);
    expect(() => showCaptions(parley, { fontSize: 12 } as never)).toThrow(/fontSize/);
  });
});
