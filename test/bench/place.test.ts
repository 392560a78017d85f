/** What walls, backs and rooms cost the audio thread: `npx vitest run --project bench test/bench/place.test.ts`. */
import { expect, it } from 'vitest';
import { roomResponse } from '../../src/pcm/room-response.ts';
import { loadWorkletAsync, VoicePlayer } from '../../src/playback/voice-player.ts';
import { VoiceTone } from '../../src/playback/voice-tone.ts';

const RATE = 48_000;
const SECONDS = 4;
const ROUNDS = 9;
const VOICES = 32;

type Build = (context: BaseAudioContext, voices: readonly AudioNode[]) => void;

/** Voices as they are, each at a node of its own. */
const plain: Build = (context, voices) => {
  for (const voice of voices) voice.connect(new GainNode(context)).connect(context.destination);
};

const toned =
  (moving: boolean): Build =>
  (context, voices) => {
    for (const voice of voices) {
      const to = new GainNode(context);
      voice.connect(to).connect(context.destination);
      const tone = new VoiceTone(voice, to);
      tone.jumpTo(0.25, 0.025);
      if (!moving) continue;
      for (let at = 0; at < SECONDS; at += 1 / 60)
        tone.moveTo(0.6 + 0.3 * Math.sin(5 * at), 0.4 + 0.3 * Math.cos(5 * at), at);
    }
  };

const roomed =
  (decaySeconds: number): Build =>
  (context, voices) => {
    plain(context, voices);
    const [left, right] = roomResponse({ decaySeconds, trebleDecay: 0.7 }, RATE);
    const buffer = new AudioBuffer({ length: left.length, numberOfChannels: 2, sampleRate: RATE });
    buffer.copyToChannel(left, 0);
    buffer.copyToChannel(right, 1);
    const input = new GainNode(context, { channelCount: 1, channelCountMode: 'explicit' });
    input
      .connect(new ConvolverNode(context, { buffer, disableNormalization: true }))
      .connect(context.destination);
    for (const voice of voices) voice.connect(new GainNode(context, { gain: 0.2 })).connect(input);
  };

const builds: Readonly<Record<string, Build>> = {
  plain,
  'tone, still': toned(false),
  'tone, moving': toned(true),
  'a room of 0.5 s': roomed(0.5),
  'a hall of 1.9 s': roomed(1.9),
  'a church of 4 s': roomed(4),
};

async function millisecondsPerSecond(build: Build): Promise<number> {
  const context = new OfflineAudioContext(2, RATE * SECONDS, RATE);
  await loadWorkletAsync(context);
  const samples = Int16Array.from({ length: 24_000 * SECONDS }, (_, index) => 8_000 * Math.sin(index / 9));
  const players = Array.from({ length: VOICES }, () => new VoicePlayer(context));
  for (const player of players) {
    const line = player.begin({ sampleRate: 24_000 });
    line.push(samples.slice(0, 48_000));
    line.end();
  }
  build(
    context,
    players.map(({ output }) => output),
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  const start = performance.now();
  await context.startRendering();
  const spent = (performance.now() - start) / SECONDS;
  for (const player of players) player.dispose();
  return spent;
}

it('a second of sound, rendered offline', { timeout: 900_000 }, async () => {
  const times = new Map(Object.keys(builds).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, build] of Object.entries(builds)) {
      const time = await millisecondsPerSecond(build);
      if (round > 0) times.get(name)!.push(time); // The first round warms up.
    }
  }
  const lines = [...times].map(([name, values]) => {
    const sorted = values.sort((a, b) => a - b);
    const [least, middle, most] = [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!];
    return `${name.padEnd(24)} least ${least.toFixed(1)} ms, median ${middle.toFixed(1)}, most ${most.toFixed(1)}`;
  });
  console.log(`milliseconds for a second of sound, ${VOICES} voices, ${ROUNDS} rounds\n${lines.join('\n')}`);
  expect(lines).toHaveLength(times.size);
});
