import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CreateParleyAsync, type Parley, type TalkingNpc } from '../../src/index.ts';
import { type ToneVoices, toneVoices } from '../kit/tone-voices.ts';
import { Stage } from './stage.ts';

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
});
