import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { commands } from 'vitest/browser';
import {
  CreateParleyAsync,
  type Line,
  type LineState,
  lokutorVoices,
  type Parley,
  type TalkingNpc,
  type VoiceSource,
} from '../../src/index.ts';
import { Stage } from './stage.ts';

const OPEN = 'Ah, ah, ah, ah, ah, ah, ah, ah, ah, ah, ah, ah.';

let gateway: string;

beforeAll(async () => {
  gateway = await commands.serve();
});
afterAll(() => commands.kill(gateway));

describe('what a game may do wrong, or a device', () => {
  let stage: Stage;
  let root: TransformNode;
  let voices: VoiceSource;
  let audioContext: AudioContext;
  let parley: Parley;
  let npc: TalkingNpc;
  let reported: unknown[];

  beforeEach(async () => {
    stage = new Stage();
    voices = lokutorVoices({ url: gateway });
    audioContext = new AudioContext();
    const audioEngine = await CreateAudioEngineAsync({
      audioContext,
      disableDefaultUI: true,
      resumeOnInteraction: false,
    });
    parley = await CreateParleyAsync(stage.scene, { voices, audioEngine, audioContext });
    await parley.unlockAsync();
    root = await stage.load('mira');
    npc = parley.addNpc(root, { name: 'Mira', voice: 'F1' });
    reported = [];
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    parley.dispose();
    voices.dispose();
    stage.dispose();
  });

  it.each<LineState>(['loading', 'waiting', 'buffering', 'speaking', 'finished'])(
    'a listener that throws at "%s" costs nothing but itself',
    async (bad) => {
      const line = npc.say('One.');
      line.onStateObservable.add((state) => {
        if (state === bad) throw new Error(`from the game at ${state}`);
      });
      line.onWordObservable.add(() => {
        throw new Error('from the game at a word');
      });
      const next = npc.say('Two.');
      if (bad === 'loading') {
        next.onStateObservable.add((state) => {
          if (state === bad) throw new Error('from the game');
        });
      }
      expect(await line.finished).toMatchObject({ outcome: 'finished' });
      expect(await next.finished).toMatchObject({ outcome: 'finished' });
      expect(await npc.stop()).toBeUndefined();
      expect(reported.length).toBeGreaterThan(0);
    },
  );

  it('a listener that throws at "stopped" does not make stop() fail', async () => {
    const line = npc.say(OPEN);
    line.onStateObservable.add((state) => {
      if (state === 'stopped') throw new Error('from the game');
    });
    await until(line, 'speaking');
    await expect.poll(() => line.playhead).toBeGreaterThan(0.2);
    expect((await npc.stop())?.rest).toContain('ah.');
    expect(line.state).toBe('stopped');
  });

  it('the mouth closes when the device is taken away in the middle of a line, and goes on when it is back', async () => {
    const line = npc.say(OPEN);
    await until(line, 'speaking');
    await pause(600);
    await audioContext.suspend();
    await pause(500);
    expect(line.state).toBe('stalled');
    expect(widestOf(root)).toBeLessThan(0.001);
    await audioContext.resume();
    expect(await line.finished).toMatchObject({ outcome: 'finished' });
  });

  it('a context that is closed under a line fails it with its reason', async () => {
    const line = npc.say(OPEN);
    await until(line, 'speaking');
    await audioContext.close();
    expect(await line.finished).toMatchObject({ outcome: 'failed', error: { code: 'audio-lost' } });
    expect(parley.audioState).toBe('none');
    expect(await npc.say('Silently, then.').finished).toMatchObject({ outcome: 'finished' });
  });

  it('nothing is being said once a line is finished', async () => {
    await npc.say('Yes.').finished;
    expect(npc.speaking).toBe(false);
    expect(npc.line).toBeUndefined();
  });

  it.each([Number.NaN, 'x' as unknown as number])('a fade of %s is refused in words', async (fadeMs) => {
    const line = npc.say('Yes.');
    await expect(line.stop({ fadeMs })).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await line.finished).toMatchObject({ outcome: 'finished' });
  });

  it.each([-50, 0, 1e9])('a fade of %s ms is brought into its range', async (fadeMs) => {
    const line = npc.say(OPEN);
    await until(line, 'speaking');
    await line.stop({ fadeMs });
    expect(line.state).toBe('stopped');
  });

  it('an NPC has one node, and a node one NPC', async () => {
    expect(() => parley.addNpc(root, { name: 'Twin' })).toThrowError(
      expect.objectContaining({ code: 'invalid-input' }),
    );
    const other = await stage.load('tomas');
    expect(() => other.addBehavior(npc)).toThrowError(expect.objectContaining({ code: 'invalid-input' }));
    expect(parley.npcs).toEqual([npc]);
  });

  it('what is disposed speaks no more', async () => {
    const other = await stage.load('tomas');
    parley.dispose();
    expect(() => parley.addNpc(other, { name: 'Late' })).toThrowError(
      expect.objectContaining({ code: 'invalid-input' }),
    );
    expect(() => npc.say('Hello?')).toThrowError(expect.objectContaining({ code: 'invalid-input' }));
  });

  it('a scene that is disposed while the sound is opened leaves none open', async () => {
    const opened: AudioContext[] = [];
    class Watched extends AudioContext {
      constructor(options?: AudioContextOptions) {
        super(options);
        opened.push(this);
      }
    }
    vi.stubGlobal('AudioContext', Watched);
    const brief = new Stage();
    const opening = CreateParleyAsync(brief.scene, { voices });
    brief.dispose();
    await expect(opening).rejects.toMatchObject({ code: 'invalid-input' });
    await pause(200);
    expect(opened.map((context) => context.state)).toEqual(['closed']);
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function until(line: Line, state: LineState): Promise<void> {
  return new Promise((resolve) => {
    const look = () => line.state === state && resolve();
    line.onStateObservable.add(look);
    look();
  });
}

/** The strongest viseme on any mesh of the character. */
function widestOf(root: TransformNode): number {
  let widest = 0;
  for (const { morphTargetManager: manager } of root.getChildMeshes()) {
    for (let index = 0; index < (manager?.numTargets ?? 0); index++) {
      const target = manager!.getTarget(index);
      if (/^viseme_/.test(target.name)) widest = Math.max(widest, target.influence);
    }
  }
  return widest;
}
