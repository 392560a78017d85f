import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CreateParleyAsync, type Parley, type TalkingNpc } from '../../src/index.ts';
import { TONE_SECONDS, type ToneVoices, toneVoices } from '../kit/tone-voices.ts';
import { Stage } from './stage.ts';
import { until } from './waiting.ts';

describe('a line with mark-up', () => {
  let stage: Stage;
  let voices: ToneVoices;
  let parley: Parley;
  let npc: TalkingNpc;

  beforeEach(async () => {
    stage = new Stage();
    voices = toneVoices();
    parley = await CreateParleyAsync(stage.scene, { voices, audioContext: 'none' });
    npc = parley.addNpc(await stage.load('mira'), { name: 'Mira', voice: 'F1', speed: 1 });
  });
  afterEach(() => {
    parley.dispose();
    stage.dispose();
  });

  it('is sent as plain words, and tells its words and marks by their places in the text as given', async () => {
    const text = 'Mama <pause 0.2s/><em>mia</em>, <cue wave/>papa.<cue end/>';
    const line = npc.say(text);
    const told: string[] = [];
    const words: string[] = [];
    line.onMarkObservable.add((mark) => told.push(mark.kind));
    line.onWordObservable.add((word) => {
      told.push(word.text);
      words.push(text.slice(word.from, word.to));
    });
    expect((await line.finished).outcome).toBe('finished');
    expect(voices.requests.map((request) => request.text)).toEqual(['Mama, mia, papa.']);
    expect(told).toEqual(['Mama', 'pause', 'emphasis', 'mia', 'cue', 'papa', 'cue']);
    expect(words).toEqual(['Mama', 'mia', 'papa']);
    expect(parley.voices).toBe(voices);
  });

  it('tells its marks while its text is still being written', async () => {
    const told: string[] = [];
    const pieces = ['Mama <cue ', 'wave/>mia. ', 'Papa <em>', 'pia</em>. ', '<cue end/>'];
    const line = npc.say(
      (async function* () {
        yield* pieces;
      })(),
    );
    line.onMarkObservable.add((mark) => told.push('name' in mark ? mark.name : mark.kind));
    line.onWordObservable.add((word) => told.push(word.text));
    expect((await line.finished).outcome).toBe('finished');
    expect(voices.requests.some((request) => request.text.includes('<'))).toBe(false);
    expect(told).toEqual(['Mama', 'wave', 'mia', 'Papa', 'emphasis', 'pia', 'end']);
  });

  it('shows its emotions at their words, and nods on its emphasis, on the face itself', async () => {
    // Each frame is 30 ms after the last, however long it takes to draw.
    let frameMs = 0;
    let stepMs = 30;
    const calm = await CreateParleyAsync(stage.scene, {
      voices,
      audioContext: 'none',
      frameTime: () => frameMs,
    });
    stage.scene.onAfterRenderObservable.add(() => {
      frameMs += stepMs;
    });
    const root = await stage.load('tomas');
    const life = {
      blinks: false,
      gaze: false,
      saccades: false,
      sway: false,
      breath: false,
      listening: false,
    };
    const tomas = calm.addNpc(root, { name: 'Tomas', voice: 'M1', life });
    const targets = root.getChildMeshes().flatMap(({ morphTargetManager: manager }) => {
      return Array.from({ length: manager?.numTargets ?? 0 }, (_, index) => manager!.getTarget(index));
    });
    const weightOf = (name: string) => targets.find((target) => target.name === name)!.influence;
    const plain = 'Mama mia oh no now papa is up and away oh my.';
    const text = plain
      .replace('papa is', '<emotion sad>papa is')
      .replace('away', 'away</emotion>')
      .replace('oh no', '<em>oh</em> no');
    const line = tomas.say(text);
    const shown: { playhead: number; frown: number; brow: number }[] = [];
    stage.scene.onAfterRenderObservable.add(() => {
      if (line.state !== 'speaking') return;
      shown.push({
        playhead: line.playhead,
        frown: weightOf('mouthFrownLeft'),
        brow: weightOf('browOuterUpLeft'),
      });
    });
    expect((await line.finished).outcome).toBe('finished');
    const startOf = (word: string) => plain.indexOf(word) * TONE_SECONDS;
    const most = (of: 'frown' | 'brow', from: number, to: number) =>
      Math.max(...shown.filter(({ playhead }) => playhead >= from && playhead <= to).map((each) => each[of]));
    expect(most('frown', 0, startOf('papa') - 0.02)).toBeLessThan(0.01);
    expect(most('frown', startOf('and'), startOf('away'))).toBeGreaterThan(0.15);
    expect(most('brow', startOf('oh'), startOf('oh') + 0.2)).toBeGreaterThan(0.08);
    stepMs = 250; // Two seconds later it has let go of it.
    await until(() => weightOf('mouthFrownLeft') < 0.001);
    calm.dispose();
  });
});
