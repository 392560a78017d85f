import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commands, userEvent } from 'vitest/browser';
import {
  CreateParleyAsync,
  type Line,
  type LineState,
  lokutorVoices,
  type Parley,
  type VoiceSource,
} from '../../src/index.ts';
import { Stage } from './stage.ts';

const TEXT = 'The road to the north is closed until the snow has gone, I am afraid.';

let gateway: string;
let breakable: string;

beforeAll(async () => {
  gateway = await commands.serve();
  breakable = await commands.breakable(gateway);
});
afterAll(async () => {
  await commands.kill(breakable);
  await commands.kill(gateway);
});

describe('when the stream breaks', () => {
  let stage: Stage;
  let root: TransformNode;
  let parley: Parley;
  let sources: VoiceSource[];

  beforeEach(async () => {
    stage = new Stage();
    root = await stage.load('mira');
    sources = [];
  });
  afterEach(() => {
    parley.dispose();
    for (const source of sources) source.dispose();
    stage.dispose();
  });

  /** Says a line through `url` and keeps every end it has. */
  async function sayThrough(url: string, text = TEXT): Promise<{ line: Line; ends: LineState[] }> {
    const source = lokutorVoices({ url, timeouts: { connect: 2, firstAudio: 4, stall: 1.5 } });
    sources.push(source);
    parley = await CreateParleyAsync(stage.scene, { voices: source });
    await parley.unlockAsync();
    const npc = parley.addNpc(root, { name: 'Mira', voice: 'F1' });
    const line = npc.say(text);
    const ends: LineState[] = [];
    line.onStateObservable.add((state) => {
      if (['finished', 'stopped', 'failed'].includes(state)) ends.push(state);
    });
    await line.finished;
    return { line, ends };
  }

  it.each([
    ['the connection is cut', 'kill', 'closed-early'],
    ['garbage comes', 'garbage', 'protocol'],
    ['the service refuses', 'err', 'refused'],
    ['the stream falls silent', 'stall', 'stalled'],
    ['the end is never told', 'no-eos', 'stalled'],
  ])('a line fails once, with its reason, when %s', async (_, fault, code) => {
    const { line, ends } = await sayThrough(`${breakable}/?fault=${fault}&after=25`);
    expect(await line.finished).toMatchObject({ outcome: 'failed', error: { code } });
    expect(ends).toEqual(['failed']);
    expect((await line.finished).seconds).toBeGreaterThan(0.3); // What came before the fault was heard.
    const next = parley.npcs[0]!.say('Good.');
    await next.finished; // It may fail by the same fault; the page goes on, and it ends.
    expect(['finished', 'failed']).toContain(next.state);
  });

  it('samples torn apart are put together again', async () => {
    const { line } = await sayThrough(`${breakable}/?fault=odd`, 'Well then.');
    expect(await line.finished).toMatchObject({ outcome: 'finished' });
  });

  it('a line fails in words when nobody listens, and the page goes on', async () => {
    const { line, ends } = await sayThrough('ws://127.0.0.1:9/ws');
    expect(await line.finished).toMatchObject({
      outcome: 'failed',
      seconds: 0,
      error: { code: 'connect-failed' },
    });
    expect(ends).toEqual(['failed']);
    expect(line.text).toBe(TEXT);
  });

  it('a killed gateway fails the line, and the next line works when it is back', async () => {
    const mortal = await commands.serve();
    const port = Number(new URL(mortal).port);
    const source = lokutorVoices({ url: mortal });
    sources.push(source);
    parley = await CreateParleyAsync(stage.scene, { voices: source });
    await parley.unlockAsync();
    const npc = parley.addNpc(root, { name: 'Mira', voice: 'F1' });
    // Long enough that the gateway, which is ahead of the player, has not yet sent it all.
    const line = npc.say(`${TEXT} `.repeat(40));
    await new Promise<void>((resolve) =>
      line.onStateObservable.add((state) => state === 'speaking' && resolve()),
    );
    await commands.kill(mortal);
    expect(await line.finished).toMatchObject({ outcome: 'failed', error: { code: 'closed-early' } });
    expect(await npc.say('Is anybody there?').finished).toMatchObject({ outcome: 'failed' });
    await commands.serve(port);
    expect(await npc.say('Good to have you back.').finished).toMatchObject({ outcome: 'finished' });
    await commands.kill(mortal);
  });

  it('a line plays silently, with its mouth, where no gesture comes in time', async () => {
    const source = lokutorVoices({ url: gateway });
    sources.push(source);
    const audioContext = new AudioContext();
    await audioContext.suspend();
    const audioEngine = await CreateAudioEngineAsync({
      audioContext,
      disableDefaultUI: true,
      resumeOnInteraction: false,
    });
    parley = await CreateParleyAsync(stage.scene, {
      voices: source,
      audioEngine,
      audioContext,
      whenLocked: { policy: 'wait', seconds: 0.5 },
    });
    expect(parley.audioState).toBe('locked');
    const line = parley.addNpc(root, { name: 'Mira', voice: 'F1' }).say('Nobody hears me, but my lips move.');
    const states: LineState[] = [];
    line.onStateObservable.add((state) => states.push(state));
    const words: string[] = [];
    line.onWordObservable.add((word) => words.push(word.text));
    expect(await line.finished).toMatchObject({ outcome: 'finished' });
    expect(states).toEqual(['waiting', 'buffering', 'speaking', 'finished']);
    expect(words.join(' ')).toBe('Nobody hears me but my lips move');
    expect(audioContext.state).toBe('suspended');
    audioEngine.dispose();
  });

  it('a locked page speaks as soon as the player makes any gesture', async () => {
    const source = lokutorVoices({ url: gateway });
    sources.push(source);
    const audioContext = new AudioContext();
    await audioContext.suspend();
    const audioEngine = await CreateAudioEngineAsync({
      audioContext,
      disableDefaultUI: true,
      resumeOnInteraction: false,
    });
    parley = await CreateParleyAsync(stage.scene, { voices: source, audioEngine, audioContext });
    const line = parley.addNpc(root, { name: 'Mira', voice: 'F1' }).say('At last!');
    await new Promise<void>((resolve) =>
      line.onStateObservable.add((state) => state === 'waiting' && resolve()),
    );
    await userEvent.keyboard('a');
    expect(await line.finished).toMatchObject({ outcome: 'finished' });
    expect(parley.audioState).toBe('running');
    audioEngine.dispose();
  });
});
