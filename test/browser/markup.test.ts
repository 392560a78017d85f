import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CreateParleyAsync, MarkTimes, type Parley, parseMarkup, type TalkingNpc } from '../../src/index.ts';
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
    const text = 'Mama <pause 0.2s/><em>mia</em>, <cue wave/>papa.';
    const line = npc.say(text);
    const times = new MarkTimes(parseMarkup(line.text));
    const words: string[] = [];
    const cues: number[] = [];
    line.onWordObservable.add((word) => {
      words.push(word.text);
      expect(text.slice(word.from, word.to)).toBe(word.text);
      for (const { mark, start } of times.push([word]))
        if (mark.kind === 'cue') cues.push(start - word.start);
    });
    expect((await line.finished).outcome).toBe('finished');
    expect(voices.requests.map((request) => request.text)).toEqual(['Mama, mia, papa.']);
    expect(words).toEqual(['Mama', 'mia', 'papa']);
    expect(cues).toEqual([0]);
    expect(parley.voices).toBe(voices);
  });
});
