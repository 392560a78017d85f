import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import {
  CreateParleyAsync,
  lokutorVoices,
  type Parley,
  type TalkingNpc,
  VISEMES,
  type VoiceSource,
  type WordMark,
} from '../../src/index.ts';
import { resampleAll } from '../../src/pcm/resampler.ts';
import type { SpatialVoice } from '../../src/playback/spatial-voice.ts';
import { Lips } from '../kit/lip-gap.ts';
import { Recorder, rms } from './recorder.ts';
import { CHARACTER_NAMES, characterUrl, Stage } from './stage.ts';

const TEXT = 'Maybe Bob opened a map.';

/** Closures around open vowels, and nothing else. */
const LIPS = 'Mom, pop, bob. Mama, papa. Pom, mob, bomb.';

let gateway: string;

beforeAll(async () => {
  gateway = await commands.serve();
});
afterAll(() => commands.kill(gateway));

describe('a line in a real page', () => {
  let stage: Stage;
  let voices: VoiceSource;
  let parley: Parley;
  let audioContext: AudioContext;
  let audioEngine: AudioEngineV2;
  let root: TransformNode;
  let npc: TalkingNpc;

  beforeEach(async () => {
    stage = new Stage();
    voices = lokutorVoices({ url: gateway });
    audioContext = new AudioContext();
    audioEngine = await CreateAudioEngineAsync({
      audioContext,
      disableDefaultUI: true,
      listenerEnabled: true,
      listenerAutoUpdate: false,
    });
    parley = await CreateParleyAsync(stage.scene, { voices, audioEngine, audioContext });
    root = await stage.load('mira');
    npc = parley.addNpc(root, { name: 'Mira', voice: 'F1', speed: 1 });
    await parley.unlockAsync();
  });
  afterEach(() => {
    parley.dispose();
    voices.dispose();
    stage.dispose();
    audioEngine.dispose();
  });

  it('is heard at the worklet sample by sample as `parley say` writes it', async () => {
    const { pcm } = await commands.say(TEXT, ['--source', 'local', '--voice', 'F1', '--speed', '1']);
    const said = samplesOf(pcm);
    const { player } = await voiceOf(npc);
    const recorder = await Recorder.start(player.tap);
    const { outcome, seconds } = await npc.say(TEXT).finished;
    await pause(100);
    const heard = recorder.stop()[0]!;
    const rate = player.context.sampleRate;
    const wanted = Float32Array.from(resampleAll(said, 44_100, rate), (sample) => sample / 32_768);
    expect(outcome).toBe('finished');
    expect(seconds).toBeCloseTo(said.length / 44_100, 3);
    const shift = firstSound(heard) - firstSound(wanted);
    const fade = Math.round(0.006 * rate);
    let worst = 0;
    for (let index = fade; index < wanted.length - fade; index++) {
      worst = Math.max(worst, Math.abs(heard[shift + index]! - wanted[index]!));
    }
    expect(worst).toBeLessThan(1 / 32_768);
  });

  it('comes from where the character stands', async () => {
    const loudness = async (x: number) => {
      root.position.x = x;
      await pause(100);
      const recorder = await Recorder.start(endOf(audioEngine));
      await npc.say('Over here!').finished;
      const [left, right] = recorder.stop();
      return 20 * Math.log10(rms(right ?? left!) / rms(left!));
    };
    expect(await loudness(3)).toBeGreaterThan(1.5); // By HRTF the ears differ in time and spectrum more than in level.
    expect(await loudness(-3)).toBeLessThan(-1.5);
    expect(Math.abs(await loudness(0))).toBeLessThan(1);
  });

  it('shows the visemes of its sounds in their order, marks its words, and ends at rest', async () => {
    const { line: truth } = await commands.say(TEXT, [
      '--source',
      'local',
      '--voice',
      'F1',
      '--speed',
      '0.5',
    ]);
    const influence = influencesOf(root);
    const shown: { at: number; viseme: string }[] = [];
    const words: WordMark[] = [];
    const line = npc.say(TEXT, { speed: 0.5 });
    line.onWordObservable.add((word) => words.push(word));
    const watch = stage.scene.onAfterRenderObservable.add(() => {
      const strongest = VISEMES.reduce((best, next) => (influence(next) > influence(best) ? next : best));
      if (influence(strongest) > 0.3) shown.push({ at: line.playhead, viseme: strongest });
    });
    await line.finished;
    watch.remove();

    // Frames are few where the picture is drawn in software, but each must show a shape of its own moment.
    for (const { at, viseme } of shown) {
      const near = truth.cues.filter((cue) => cue.start < at + 0.15 && cue.end > at - 0.15);
      expect(
        near.map((cue) => cue.viseme),
        `${viseme} at ${at.toFixed(3)} s`,
      ).toContain(viseme);
    }
    expect(new Set(shown.map(({ viseme }) => viseme)).size).toBeGreaterThanOrEqual(3);
    expect(shown.map(({ viseme }) => viseme)).toContain('PP');
    expect(words.map((word) => word.text)).toEqual(['Maybe', 'Bob', 'opened', 'a', 'map']);
    await pause(300);
    for (const viseme of VISEMES) expect(influence(viseme), viseme).toBe(0);
  });

  it.each(CHARACTER_NAMES)(
    'closes the lips of %s on every p b m that it says, and opens them on aa',
    async (name) => {
      const { line: truth } = await commands.say(LIPS, ['--source', 'local', '--speed', '0.5']);
      const speaker = name === 'mira' ? npc : parley.addNpc(await stage.load(name), { name });
      const lips = await Lips.ofAsync(speaker.attachedNode!, characterUrl(name));
      const line = speaker.say(LIPS, { voice: 'F1', speed: 0.5 });
      const frames: { at: number; widest: number; middle: number }[] = [];
      const watch = stage.scene.onAfterRenderObservable.add(() => {
        frames.push({ at: line.playhead, widest: lips.widest(), middle: lips.middle() });
      });
      await line.finished;
      watch.remove();
      // The middle of a sound: the frame shows it whatever the frame rate.
      const within = (viseme: string) =>
        frames.filter(({ at }) =>
          truth.cues.some((cue) => {
            const margin = (cue.end - cue.start) * 0.4;
            return cue.viseme === viseme && at > cue.start + margin && at < cue.end - margin;
          }),
        );
      expect(within('PP').length).toBeGreaterThan(0);
      for (const { at, widest } of within('PP'))
        expect(widest, `p, b or m at ${at.toFixed(3)} s`).toBeLessThan(1);
      expect(within('aa').length).toBeGreaterThan(0);
      for (const { at, middle } of within('aa')) expect(middle, `a at ${at.toFixed(3)} s`).toBeGreaterThan(4);
    },
  );

  it('tells what was heard when it is stopped, and the next line works', async () => {
    const line = npc.say('Welcome, traveller. The gate closes at dusk, so do not be late.');
    await new Promise<void>((resolve) =>
      line.onWordObservable.add((word) => word.text === 'gate' && resolve()),
    );
    const heard = await npc.stop();
    expect(heard!.text + heard!.rest).toBe(line.text);
    expect(heard!.text).toMatch(/^Welcome, traveller\. The /);
    expect(await line.finished).toMatchObject({ outcome: 'stopped' });
    expect(await npc.say('Good.').finished).toMatchObject({ outcome: 'finished' });
  });

  it('waits for its turn, or interrupts', async () => {
    const first = npc.say('One.');
    const second = npc.say('Two.');
    expect(second.state).toBe('queued');
    expect(await first.finished).toMatchObject({ outcome: 'finished' });
    expect(await second.finished).toMatchObject({ outcome: 'finished' });
    const long = npc.say('This is a rather long line that nobody will hear to its end.');
    await untilState(long, 'speaking');
    const loud = npc.say('Stop!', { whileSpeaking: 'interrupt' });
    expect(await long.finished).toMatchObject({ outcome: 'stopped' });
    expect(await loud.finished).toMatchObject({ outcome: 'finished' });
  });

  it('ends when its character goes, and leaves nothing behind', async () => {
    const line = npc.say('I shall be gone before the end of this.');
    await untilState(line, 'speaking');
    root.dispose();
    expect(await line.finished).toMatchObject({ outcome: 'stopped' });
    expect(parley.npcs).toEqual([]);
    parley.dispose();
    parley.dispose();
  });
});

/** The node through which all of an engine's sound goes to the device; Babylon keeps it to itself. */
function endOf(engine: AudioEngineV2): AudioNode {
  return (engine.mainOut as unknown as { readonly _inNode: AudioNode })._inNode;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function voiceOf(npc: TalkingNpc): Promise<SpatialVoice> {
  while (!npc.spatial) await pause(10);
  return npc.spatial;
}

function untilState(
  line: { state: string; onStateObservable: { add(f: () => void): unknown } },
  state: string,
): Promise<void> {
  return new Promise((resolve) => {
    const look = () => line.state === state && resolve();
    line.onStateObservable.add(look);
    look();
  });
}

function samplesOf(base64: string): Int16Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Int16Array(bytes.buffer);
}

/** The first sample that stands out of fades and noise. */
function firstSound(signal: Float32Array): number {
  return signal.findIndex((sample) => Math.abs(sample) > 0.01);
}

/** Largest influence of a viseme's target on any mesh of the character. */
function influencesOf(root: TransformNode): (viseme: string) => number {
  const targets = new Map<string, { influence: number }[]>();
  for (const mesh of root.getChildMeshes()) {
    const manager = mesh.morphTargetManager;
    for (let index = 0; index < (manager?.numTargets ?? 0); index++) {
      const target = manager!.getTarget(index);
      targets.set(target.name, [...(targets.get(target.name) ?? []), target]);
    }
  }
  return (viseme) =>
    Math.max(0, ...(targets.get(`viseme_${viseme}`) ?? []).map((target) => target.influence));
}
