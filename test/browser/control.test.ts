import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CreateParleyAsync, type Line, type Parley, type TalkingNpc } from '../../src/index.ts';
import { TONE_SECONDS, type ToneVoices, toneVoices } from '../kit/tone-voices.ts';
import { Stage } from './stage.ts';

const TEXT = 'A mame is a name of some use to me.';

describe('what a game can do with a line', () => {
  let stage: Stage;
  let voices: ToneVoices;
  let parley: Parley;
  let npc: TalkingNpc;

  beforeEach(async () => {
    stage = new Stage();
    voices = toneVoices();
    parley = await CreateParleyAsync(stage.scene, { voices });
    npc = parley.addNpc(new TransformNode('Nobody', stage.scene), { name: 'Nobody' });
    await parley.unlockAsync();
  });
  afterEach(() => {
    parley.dispose();
    stage.dispose();
  });

  it('pauses it, also before it has begun, and goes on', async () => {
    const line = npc.say(TEXT);
    line.pause();
    await until(line, 'paused');
    expect(line.playhead).toBe(0);
    line.resume();
    await until(line, 'speaking');
    await pause(300);
    line.pause();
    await until(line, 'paused');
    await pause(200);
    const held = line.playhead;
    await pause(200);
    expect(line.playhead).toBe(held);
    line.resume();
    const { outcome, seconds } = await line.finished;
    expect(outcome).toBe('finished');
    expect(seconds).toBeCloseTo(TEXT.length * TONE_SECONDS, 3);
    expect(line.stats.stalledMs).toBe(0);
  });

  it('goes to another place of a line that keeps its sound, marks its words again, and refuses others', async () => {
    const line = npc.say(TEXT, { keep: true });
    const words: string[] = [];
    line.onWordObservable.add(({ text }) => words.push(text));
    await until(line, 'speaking');
    while (words.length < 4) await pause(20);
    line.seek(0);
    await pause(800);
    line.seek(TEXT.indexOf('use') * TONE_SECONDS);
    expect((await line.finished).outcome).toBe('finished');
    const all = TEXT.match(/\w+/g)!;
    expect(words.slice(0, 4)).toEqual(all.slice(0, 4));
    const again = words.indexOf('A', 1);
    expect(again).toBeGreaterThan(3);
    expect(words.slice(again + 1, again + 3)).toEqual(all.slice(1, 3));
    expect(words.slice(words.indexOf('use'))).toEqual(['use', 'to', 'me']);
    const other = npc.say('Oh');
    expect(() => other.seek(1)).toThrowError(expect.objectContaining({ code: 'invalid-input' }));
    expect(() => line.seek(Number.NaN)).toThrowError(expect.objectContaining({ code: 'invalid-input' }));
  });

  it('speaks faster and slower, also on the way', async () => {
    const line = npc.say(TEXT, { rate: 2 });
    await until(line, 'speaking');
    const begun = performance.now();
    expect((await line.finished).outcome).toBe('finished');
    const took = (performance.now() - begun) / 1000;
    expect(took).toBeLessThan(0.75 * TEXT.length * TONE_SECONDS);
    expect(took).toBeGreaterThan(0.4 * TEXT.length * TONE_SECONDS);
    expect(() => npc.say('Oh', { rate: 3 })).toThrowError(/0\.5 to 2, got 3/);
    const other = npc.say('Oh');
    expect(() => {
      other.rate = 0;
    }).toThrowError(/0\.5 to 2, got 0/);
  });

  it('enqueues, interrupts or drops, as the line or its NPC says', async () => {
    const first = npc.say(TEXT);
    await until(first, 'speaking');
    const dropped = npc.say('no', { whileSpeaking: 'drop' });
    expect(await dropped.finished).toMatchObject({ outcome: 'stopped', seconds: 0 });
    const waiting = npc.say('later');
    expect(waiting.state).toBe('queued');
    const loud = npc.say('now', { whileSpeaking: 'interrupt' });
    expect((await first.finished).outcome).toBe('stopped');
    expect((await waiting.finished).outcome).toBe('stopped');
    expect((await loud.finished).outcome).toBe('finished');

    const node = new TransformNode('Shy', stage.scene);
    const shy = parley.addNpc(node, { name: 'Shy', whileSpeaking: 'drop' });
    const said = shy.say('hello');
    expect((await shy.say('again').finished).outcome).toBe('stopped');
    expect((await said.finished).outcome).toBe('finished');
  });

  it('has a prepared line ready, asks for it once, and can give it up', async () => {
    const prepared = npc.prepare(TEXT);
    expect(await prepared.ready).toBe(true);
    expect(voices.requests.length).toBe(1);
    const line = npc.say(TEXT);
    expect(line.fetched).toBe(true);
    await until(line, 'speaking');
    expect(voices.requests.length).toBe(1);
    await line.stop();

    const given = npc.prepare('never');
    given.cancel();
    given.cancel();
    npc.prepare('!refuse me please');
    expect(await npc.prepare('!refuse me please').ready).toBe(false);
    const asked = voices.requests.length;
    void npc.say('never').stop();
    expect(voices.requests.length).toBe(asked + 1);
  });

  it('says the rest of a line that was stopped, from the word that was cut', async () => {
    const line = npc.say(TEXT);
    expect(() => npc.continue(line)).toThrowError(/a line that was stopped/);
    await until(line, 'speaking');
    await pause(700);
    const heard = await line.stop();
    expect(heard.text + heard.rest).toBe(TEXT);
    const rest = npc.continue(line)!;
    expect(rest.text).toBe(heard.rest);
    expect((await rest.finished).outcome).toBe('finished');
    expect(voices.requests.at(-1)!.text).toBe(heard.rest);

    const kept = npc.say(TEXT, { keep: true });
    await until(kept, 'speaking');
    await pause(700);
    const asked = voices.requests.length;
    const { rest: left } = await kept.stop();
    const other = npc.continue(kept)!;
    expect(other.text).toBe(left);
    expect((await other.finished).seconds).toBeCloseTo(left.length * TONE_SECONDS, 2);
    expect(voices.requests.length).toBe(asked);
  });

  it('stops at the end of a syllable when asked, unless the machine is too busy to hear of it in time', async () => {
    const misses: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const line = npc.say(TEXT, { keep: true });
      const { cues, words } = await line.track();
      await until(line, 'speaking');
      await pause(400 + 30 * turn);
      const { seconds } = await line.stop({ at: 'syllable', fadeMs: 10 });
      const ends = [...words, ...cues].map(({ end }) => Math.abs(end - seconds));
      misses.push(Math.min(...ends));
    }
    expect(misses.filter((miss) => miss < 0.001).length).toBeGreaterThan(1);
  });

  it('gives a line as a track, and plays tracks', async () => {
    const line = npc.say(TEXT, { keep: true });
    const track = await line.track();
    expect(track).toMatchObject({ text: TEXT, sampleRate: 44_100, timing: { origin: 'service' } });
    expect(track.duration).toBeCloseTo(TEXT.length * TONE_SECONDS, 3);
    await line.stop();
    const again = npc.say(track, { rate: 2 });
    const marked: string[] = [];
    again.onWordObservable.add(({ text }) => marked.push(text));
    expect((await again.finished).outcome).toBe('finished');
    expect(marked).toEqual(TEXT.match(/\w+/g));
    expect(voices.requests.length).toBe(1);
    await expect(npc.say('Oh').track()).rejects.toMatchObject({ code: 'invalid-input' });
    expect(() => npc.say(7 as never)).toThrowError(/a text, .* a track/);
    expect(() => npc.say(null as never)).toThrowError(/a text, .* a track/);
  });

  it('remembers a seek before its turn, and goes to the end', async () => {
    const track = await npc.say(TEXT, { keep: true }).track();
    await npc.stop();
    const line = npc.say(track);
    const marked: string[] = [];
    line.onWordObservable.add(({ text }) => marked.push(text));
    line.seek(TEXT.indexOf('use') * TONE_SECONDS);
    expect(await line.finished).toMatchObject({ outcome: 'finished' });
    expect(marked).toEqual(['use', 'to', 'me']);

    const other = npc.say(track);
    await until(other, 'speaking');
    other.pause();
    await until(other, 'paused');
    other.seek(0.5);
    await pause(300);
    expect(other.playhead).toBeCloseTo(0.5, 2);
    other.seek(99);
    other.resume();
    const { outcome, seconds } = await other.finished;
    expect(outcome).toBe('finished');
    expect(seconds).toBeCloseTo(track.duration, 2);
  });

  it('continues a track that never had its turn from itself', async () => {
    const track = await npc.say(TEXT, { keep: true }).track();
    await npc.stop();
    const asked = voices.requests.length;
    await until(npc.say(TEXT), 'speaking');
    const queued = npc.say(track);
    await npc.stop();
    const rest = npc.continue(queued)!;
    expect(rest.text).toBe(TEXT);
    expect((await rest.finished).outcome).toBe('finished');
    expect(voices.requests.length).toBe(asked + 1);
  });

  it('leaves a prepared line to whoever else wants it, and refuses a rate before it is taken', async () => {
    const [one, other] = [npc.prepare('hello'), npc.prepare('hello')];
    one.cancel();
    one.cancel();
    expect(await other.ready).toBe(true);
    expect(() => npc.say('hello', { rate: 3 })).toThrowError(/0\.5 to 2/);
    expect(npc.say('hello').fetched).toBe(true);
    expect(voices.requests.length).toBe(1);
    expect(() => npc.say('x', { whileSpeaking: 'shout' as never })).toThrowError(
      /enqueue, interrupt or drop/,
    );
    expect(() => npc.say('x', { voice: 5 as never })).toThrowError(/a string, got number/);
    expect(() => npc.say({ samples: new Int16Array(4) } as never)).toThrowError(/trackOf/);
  });

  it('ends silent lines too when the game lets go of them', async () => {
    const other = new Stage();
    const silent = await CreateParleyAsync(other.scene, { voices, whenLocked: 'silent' });
    const one = silent.addNpc(new TransformNode('One', other.scene), { name: 'One' });
    const line = one.say(TEXT);
    await pause(300);
    silent.dispose();
    expect((await line.finished).outcome).toBe('stopped');
    other.dispose();
  });

  it.each([
    [{ voices: undefined }, /voices.*a voice source/],
    [{ maxLineBytes: Number.NaN }, /maxLineBytes.*a number above 0, got NaN/],
    [{ whenLocked: 'bogus' }, /wait, silent or fail/],
    [{ whenLocked: { seconds: Number.NaN } }, /seconds from 0/],
    [{ frameTime: 5 }, /frameTime.*a function/],
    [{ audioContext: 'none', audioEngine: {} }, /audioContext.*the context of audioEngine, got none/],
  ])('is not made with %o', async (options, message) => {
    await expect(CreateParleyAsync(stage.scene, { voices, ...(options as object) })).rejects.toThrowError(
      message,
    );
  });

  it('fails a line that is larger than the limit, after what came before it', async () => {
    const other = new Stage();
    const small = await CreateParleyAsync(other.scene, { voices, maxLineBytes: 100_000 });
    await small.unlockAsync();
    const one = small.addNpc(new TransformNode('One', other.scene), { name: 'One' });
    const { outcome, error, seconds } = await one.say(TEXT).finished;
    expect(outcome).toBe('failed');
    expect(error).toMatchObject({ code: 'too-long', message: expect.stringContaining('maxLineBytes') });
    expect(seconds).toBeCloseTo(1, 2);
    small.dispose();
    other.dispose();
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function until(line: Line, state: Line['state']): Promise<void> {
  return new Promise((resolve) => {
    const look = () => line.state === state && resolve();
    line.onStateObservable.add(look);
    look();
  });
}
