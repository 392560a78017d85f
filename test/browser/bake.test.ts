import { afterEach, beforeEach, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import {
  CreateParleyAsync,
  loadTracksAsync,
  type Parley,
  type TalkingNpc,
  type TrackLibrary,
  trackVoices,
} from '../../src/index.ts';
import { MouthWatch, mouthOfTrack } from './mouth-watch.ts';
import { Stage } from './stage.ts';

const LINES = {
  voice: 'F1',
  lines: [
    { id: 'gate/mama', text: 'Mama, papa, <em>pia</em>, aha.', emotion: 'warm' },
    { id: 'gate/halt', text: 'Halt!', voice: 'M1' },
  ],
};

let url: string;
let stage: Stage;
let parley: Parley;
let npc: TalkingNpc;
let library: TrackLibrary;
let mouth: MouthWatch;

beforeEach(async () => {
  url = await commands.bake(LINES);
  stage = new Stage();
  library = await loadTracksAsync(url);
  // Each frame is 30 ms after the last, however long it takes to draw.
  let frameMs = 0;
  stage.scene.onAfterRenderObservable.add(() => {
    frameMs += 30;
  });
  parley = await CreateParleyAsync(stage.scene, {
    voices: trackVoices(library),
    audioContext: 'none',
    frameTime: () => frameMs,
  });
  const root = await stage.load('mira');
  npc = parley.addNpc(root, { name: 'Mira', voice: 'F1', lang: 'en', life: false });
  mouth = new MouthWatch(root);
});

afterEach(async () => {
  parley.dispose();
  stage.dispose();
  await commands.kill(url);
});

it('a folder that was baked is played by its texts, mark-up and all, with its mouth', async () => {
  const { text, emotion } = library.lines[0]!;
  expect([text, emotion]).toEqual([LINES.lines[0]!.text, 'warm']);
  const track = await library.loadAsync('gate/mama');
  const at = mouthOfTrack(track);
  const line = npc.say(text, { keep: true, emotion: emotion! });
  const told: string[] = [];
  line.onWordObservable.add(({ from, to }) => told.push(text.slice(from, to)));
  const shown: { open: number; closed: number; wanted: readonly number[] }[] = [];
  stage.scene.onAfterRenderObservable.add(() => {
    const [open, closed] = mouth.weights();
    if (line.state === 'speaking') shown.push({ open: open!, closed: closed!, wanted: at(line.playhead) });
  });
  expect((await line.finished).outcome).toBe('finished');
  expect(told).toEqual(['Mama', 'papa', 'pia', 'aha']);
  expect((await line.track()).samples).toEqual(track.samples);
  expect(shown.length).toBeGreaterThan(30);
  expect(Math.max(...shown.map(({ open }) => open))).toBeGreaterThan(0.2);
  for (const { open, closed, wanted } of shown) {
    expect(open).toBeCloseTo(wanted[0]!, 1);
    expect(closed).toBeCloseTo(wanted[1]!, 1);
  }
});

it('what was not baked in the voice of the character is refused', async () => {
  const { outcome, error } = await npc.say('Halt!').finished;
  expect([outcome, error?.code]).toEqual(['failed', 'refused']);
  expect((await npc.say('Halt!', { voice: 'M1' }).finished).outcome).toBe('finished');
});
