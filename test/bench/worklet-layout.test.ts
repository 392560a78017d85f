/** How many worklet nodes and processors serve a crowd of speaking NPCs best. Prints a table; nothing here can fail but by an error. */
import { expect, it } from 'vitest';
import { loadWorkletAsync, VoicePlayer } from '../../src/playback/voice-player.ts';

const RATE = 48_000;
const SECONDS = 2;
const ROUNDS = 7;
const VOICES = 64;

/** A graph of {@link VOICES} voices, of which `speaking` make sound. */
interface Layout {
  readonly name: string;
  /** Builds the graph; what it gives undoes it. */
  readonly build: (context: BaseAudioContext) => void;
}

/** `nodes` worklet nodes of `outputs` outputs each; a gain and a panner follow every output. */
function nodesOf(context: BaseAudioContext, nodes: number, outputs: number, speaking: number): void {
  for (let node = 0; node < nodes; node++) {
    const worklet = new AudioWorkletNode(context, 'many-voices', {
      numberOfInputs: 0,
      numberOfOutputs: outputs,
      outputChannelCount: Array(outputs).fill(1),
      processorOptions: { speaking: Math.max(0, Math.min(outputs, speaking - node * outputs)) },
    });
    for (let output = 0; output < outputs; output++) place(context, worklet, output);
  }
}

function place(context: BaseAudioContext, worklet: AudioNode, output = 0): void {
  const panner = new PannerNode(context, { positionX: 1 + output, positionZ: -2 });
  worklet.connect(new GainNode(context), output).connect(panner).connect(context.destination);
}

function idlePlayers(context: BaseAudioContext, connect: (player: VoicePlayer) => void): void {
  for (let index = 0; index < VOICES; index++) connect(new VoicePlayer(context));
}

const layouts: readonly Layout[] = [
  { name: 'nothing', build: () => {} },
  { name: '64 speak: 64 nodes of 1 output', build: (context) => nodesOf(context, 64, 1, 64) },
  { name: '64 speak: 8 nodes of 8 outputs', build: (context) => nodesOf(context, 8, 8, 64) },
  { name: '64 speak: 4 nodes of 16 outputs', build: (context) => nodesOf(context, 4, 16, 64) },
  { name: '64 speak: 1 node of 64 outputs', build: (context) => nodesOf(context, 1, 64, 64) },
  { name: '4 of 64 speak: 64 nodes of 1 output', build: (context) => nodesOf(context, 64, 1, 4) },
  { name: '4 of 64 speak: 8 nodes of 8 outputs', build: (context) => nodesOf(context, 8, 8, 4) },
  { name: '4 of 64 speak: 1 node of 64 outputs', build: (context) => nodesOf(context, 1, 64, 4) },
  { name: '4 of 4 speak: 4 nodes of 1 output', build: (context) => nodesOf(context, 4, 1, 4) },
  {
    name: '64 idle players, connected with gain and panner',
    build: (context) => idlePlayers(context, (player) => place(context, player.output)),
  },
  {
    name: '64 idle players, output connected to nothing',
    build: (context) => idlePlayers(context, () => {}),
  },
  {
    name: '64 idle players, worklet node connected to nothing',
    build: (context) => idlePlayers(context, (player) => player.tap.disconnect()),
  },
  {
    name: '64 idle players, once connected, then cut before the panner',
    build: (context) =>
      idlePlayers(context, (player) => {
        place(context, player.output);
        player.output.disconnect();
      }),
  },
  {
    name: '64 idle gains and panners',
    build: (context) => {
      for (let index = 0; index < VOICES; index++) place(context, new GainNode(context));
    },
  },
];

async function millisecondsPerSecond(layout: Layout): Promise<number> {
  const context = new OfflineAudioContext(2, RATE * SECONDS, RATE);
  await loadWorkletAsync(context);
  await context.audioWorklet.addModule('/test/bench/worklet-layout.worklet.ts');
  layout.build(context);
  const start = performance.now();
  await context.startRendering();
  return (performance.now() - start) / SECONDS;
}

it('prints what a second of sound costs in each layout', { timeout: 600_000 }, async () => {
  const times = layouts.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, layout] of layouts.entries()) {
      const time = await millisecondsPerSecond(layout);
      if (round > 0) times[index]!.push(time); // The first round warms up.
    }
  }
  const lines = layouts.map(({ name }, index) => {
    const sorted = times[index]!.sort((a, b) => a - b);
    const [least, middle, most] = [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!];
    return `${name.padEnd(62)} median ${middle.toFixed(1)} ms, ${least.toFixed(1)} to ${most.toFixed(1)}`;
  });
  console.log(`one second of sound, rendered offline; ${ROUNDS} rounds\n${lines.join('\n')}`);
  expect(lines).toHaveLength(layouts.length);
});
