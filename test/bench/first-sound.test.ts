import { afterAll, beforeAll, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import { CreateParleyAsync, lokutorVoices, timedVoices, type VoiceSource } from '../../src/index.ts';
import { Stage } from '../browser/stage.ts';

/** The same speech over the same socket: with its letters in time, and as sound alone, whose mouth is made here. */
const SOURCES: Readonly<Record<string, (url: string) => VoiceSource>> = {
  timed: (url) => lokutorVoices({ url }),
  untimed: (url) => timedVoices(lokutorVoices({ url, visemes: false })),
};

const LINES = 20;
const TEXTS = [
  'Hello.',
  'Welcome, traveller. The gate closes at dusk.',
  'Did you see the lamps above the river? We put them up for the harvest, and they will burn until the snow comes.',
];

let gateway: string;

beforeAll(async () => {
  gateway = await commands.serve();
});
afterAll(() => commands.kill(gateway));

const CASES = TEXTS.flatMap((text) => Object.entries(SOURCES).map(([kind, open]) => ({ text, kind, open })));

it.each(CASES)('time from say() to the first sample of "$text", $kind', async ({ text, kind, open }) => {
  const stage = new Stage();
  const voices = open(gateway);
  const audioContext = new AudioContext();
  const { CreateAudioEngineAsync } = await import('@babylonjs/core/AudioV2/webAudio/webAudioEngine.js');
  const audioEngine = await CreateAudioEngineAsync({ audioContext, disableDefaultUI: true });
  const parley = await CreateParleyAsync(stage.scene, { voices, audioEngine, audioContext });
  await parley.unlockAsync();
  const npc = parley.addNpc(await stage.load('mira'), { name: 'Mira', voice: 'F1' });
  await npc.say('One line to warm up.').finished;
  const rendered: number[] = [];
  const heard: number[] = [];
  for (let index = 0; index < LINES; index++) {
    const line = npc.say(text);
    await new Promise<void>((resolve) =>
      line.onStateObservable.add((state) => state === 'speaking' && resolve()),
    );
    const { contextTime = 0, performanceTime = 0 } = audioContext.getOutputTimestamp();
    const latencyMs = 1000 * (audioContext.currentTime - contextTime) - (performance.now() - performanceTime);
    heard.push(line.stats.firstSoundMs!);
    rendered.push(line.stats.firstSoundMs! - latencyMs);
    await npc.stop();
  }
  console.log(
    `"${text}", ${kind}\n  first sample rendered ${summary(rendered)}\n  heard (with the output's latency) ${summary(heard)}`,
  );
  expect(rendered).toHaveLength(LINES);
  parley.dispose();
  voices.dispose();
  stage.dispose();
  audioEngine.dispose();
});

function summary(values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!.toFixed(0);
  return `median ${at(0.5)} ms, min ${at(0)}, p90 ${at(0.9)}, max ${at(1)} (n = ${sorted.length})`;
}
