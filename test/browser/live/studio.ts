import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { commands } from 'vitest/browser';
import {
  CreateParleyAsync,
  type Parley,
  type TalkingNpc,
  trackOf,
  type VoiceSource,
} from '../../../src/index.ts';
import { loadSoundModel } from '../../../src/lipsync/timing/learned.ts';
import { TimingMaker } from '../../../src/lipsync/timing/timing-maker.ts';
import { MouthWatch, mouthOfTrack } from '../mouth-watch.ts';
import { type OpenSound, openSound } from '../open-sound.ts';
import { Stage } from '../stage.ts';
import { until } from '../waiting.ts';

const RECORDER = `
registerProcessor('ear-recorder', class extends AudioWorkletProcessor {
  process([input]) {
    if (input.length > 0) this.port.postMessage({ frame: currentFrame, channels: input.map((one) => one.slice()) });
    return true;
  }
});
`;

/** What a stream brought and what was heard of it, sample by sample on one clock. */
export interface Take {
  readonly rate: number;
  /** Context time of the first sample, seconds. */
  readonly from: number;
  readonly came: Float32Array;
  readonly heard: Float32Array;
}

/** What a frame showed, and the context time that left the device then. */
export interface Shown {
  readonly output: number;
  readonly open: number;
}

/** Nobody says a text here. */
const mute: VoiceSource = {
  name: 'mute',
  timing: { origin: 'text', confidence: 0 },
  home: 'page',
  async *speak() {},
  dispose() {},
};

/** Samples of `text` as Flite says it, 44,100 Hz. */
export async function spoken(text: string): Promise<Int16Array<ArrayBuffer>> {
  const { pcm } = await commands.say(text, ['--source', 'local', '--voice', 'F1']);
  const bytes = Uint8Array.from(atob(pcm), (letter) => letter.charCodeAt(0));
  return new Int16Array(bytes.buffer);
}

/** Somebody who talks into a stream. */
export class Caller {
  readonly context = new AudioContext();
  readonly #out = new MediaStreamAudioDestinationNode(this.context, { channelCount: 1 });
  readonly #links: RTCPeerConnection[] = [];

  /** As it is. */
  get stream(): MediaStream {
    return this.#out.stream;
  }

  get track(): MediaStreamTrack {
    return this.stream.getAudioTracks()[0]!;
  }

  /** Says samples of 44,100 Hz; resolves when they are said. */
  async say(samples: Int16Array): Promise<void> {
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: 44_100 });
    buffer.copyToChannel(
      Float32Array.from(samples, (sample) => sample / 32_768),
      0,
    );
    const source = new AudioBufferSourceNode(this.context, { buffer });
    source.connect(this.#out);
    source.start();
    await new Promise((resolve) => {
      source.onended = resolve;
    });
  }

  /** The same over a real connection within the page. */
  async call(): Promise<MediaStream> {
    const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
    this.#links.push(near, far);
    near.onicecandidate = ({ candidate }) => void far.addIceCandidate(local(candidate));
    far.onicecandidate = ({ candidate }) => void near.addIceCandidate(local(candidate));
    const came = new Promise<MediaStream>((resolve) => {
      far.ontrack = ({ streams }) => resolve(streams[0]!);
    });
    near.addTrack(this.track, this.stream);
    await near.setLocalDescription();
    await far.setRemoteDescription(near.localDescription!);
    await far.setLocalDescription();
    await near.setRemoteDescription(far.localDescription!);
    await until(() => far.connectionState === 'connected');
    return came;
  }

  hangUp(): void {
    for (const link of this.#links.splice(0)) link.close();
  }

  async dispose(): Promise<void> {
    this.hangUp();
    await this.context.close();
  }
}

/** Chromium hides addresses behind names that only a network can tell. */
function local(candidate: RTCIceCandidate | null): RTCIceCandidateInit | undefined {
  if (!candidate) return undefined;
  const named = candidate.toJSON();
  return { ...named, candidate: named.candidate?.replace(/\S+\.local/, '127.0.0.1') ?? '' };
}

/** A character that streams speak through, and all that is to be known of it. */
export class Studio {
  readonly stage = new Stage();
  readonly shown: Shown[] = [];
  sound!: OpenSound;
  parley!: Parley;
  npc!: TalkingNpc;
  root!: TransformNode;
  #watch!: MouthWatch;
  readonly #sources: AudioNode[] = [];
  readonly #plain = globalThis.MediaStreamAudioSourceNode;

  static async open({ suspended = false, rate = undefined as number | undefined } = {}): Promise<Studio> {
    const studio = new Studio();
    const { stage } = studio;
    stage.camera.setTarget(new Vector3(0, 1.5, -10)); // Software draws a dozen characters a second, but moves more.
    const audioContext = new AudioContext(rate === undefined ? {} : { sampleRate: rate });
    studio.sound = await openSound({ suspended, audioContext });
    studio.parley = await CreateParleyAsync(stage.scene, { voices: mute, ...studio.sound });
    studio.root = await stage.load('mira');
    studio.npc = studio.parley.addNpc(studio.root, { name: 'Mira', life: false });
    studio.#watch = new MouthWatch(studio.root);
    studio.#spy();
    stage.scene.onAfterRenderObservable.add(() => {
      const { contextTime = 0, performanceTime = 0 } = studio.context.getOutputTimestamp();
      const output = contextTime + (performance.now() - performanceTime) / 1000;
      studio.shown.push({ output, open: studio.#watch.furthest });
    });
    await until(() => studio.npc.spatial !== undefined);
    return studio;
  }

  get context(): AudioContext {
    return this.sound.audioContext;
  }

  /** How far the mouth is from rest now. */
  get mouth(): number {
    return this.#watch.furthest;
  }

  /** How many nodes read a stream for the voice. */
  get sources(): number {
    return this.#sources.length;
  }

  /** Records what comes to the voice by the next stream, and what it makes of it, until the result is called. */
  async record(): Promise<() => Promise<Take>> {
    const { context } = this;
    const url = URL.createObjectURL(new Blob([RECORDER], { type: 'text/javascript' }));
    await context.audioWorklet.addModule(url);
    const recorder = new AudioWorkletNode(context, 'ear-recorder', { outputChannelCount: [1] });
    const pair = new ChannelMergerNode(context, { numberOfInputs: 2 });
    pair.connect(recorder).connect(context.destination);
    const blocks: { frame: number; channels: Float32Array[] }[] = [];
    recorder.port.onmessage = ({ data }) => blocks.push(data);
    this.#onSource = (source) => source.connect(pair, 0, 0);
    this.npc.spatial!.player.tap.connect(pair, 0, 1);
    return async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      recorder.port.onmessage = null;
      this.#onSource = () => {};
      pair.disconnect();
      recorder.disconnect();
      // The number of a frame is now and then one that stood still.
      const starts = blocks.map(({ frame }, index) => frame - 128 * index).sort((a, b) => a - b);
      const channel = (at: number): Float32Array => {
        const all = new Float32Array(128 * blocks.length);
        for (const [index, { channels }] of blocks.entries()) all.set(channels[at]!, 128 * index);
        return all;
      };
      const rate = context.sampleRate;
      return { rate, from: starts[starts.length >> 1]! / rate, came: channel(0), heard: channel(1) };
    };
  }

  async dispose(): Promise<void> {
    globalThis.MediaStreamAudioSourceNode = this.#plain;
    this.parley.dispose();
    this.stage.dispose();
    this.sound.audioEngine.dispose();
    await this.sound.audioContext.close().catch(() => {});
  }

  #onSource: (source: AudioNode) => void = () => {};

  /** Sees the nodes that read the stream as they are made: another reader of the same stream would have a clock of its own. */
  #spy(): void {
    const seen = (source: AudioNode): void => {
      this.#sources.push(source);
      this.#onSource(source);
    };
    globalThis.MediaStreamAudioSourceNode = class extends this.#plain {
      constructor(context: AudioContext, options: MediaStreamAudioSourceOptions) {
        super(context, options);
        seen(this);
      }
    };
  }
}

/** Frames by which `heard` is later than `came`, and the largest difference of what is left of both. */
export function delayOf({ came, heard, rate }: Take): { frames: number; difference: number } {
  const first = came.findIndex((sample) => Math.abs(sample) > 0.05);
  const length = Math.round(0.3 * rate);
  const pattern = came.subarray(first, first + length);
  let best = 0;
  let likeness = Number.NEGATIVE_INFINITY;
  for (let shift = 0; shift < rate; shift++) {
    let sum = 0;
    for (let i = 0; i < length; i += 3) sum += pattern[i]! * heard[first + shift + i]!;
    if (sum > likeness) [likeness, best] = [sum, shift];
  }
  let difference = 0;
  for (let i = first; i + best < heard.length; i++)
    difference = Math.max(difference, Math.abs(heard[i + best]! - came[i]!));
  return { frames: best, difference };
}

/**
 * How much later than the sound the mouth moves, seconds: what frames showed, against the mouth that is made of the whole
 * recording with all the look-ahead that there is. Asks nothing of our own clocks and maps.
 */
export async function mouthLag(
  take: Take,
  shown: readonly Shown[],
): Promise<{ lag: number; likeness: number }> {
  const { heard, rate, from } = take;
  const samples = Int16Array.from(heard, (sample) => Math.round(sample * 32_768));
  const maker = new TimingMaker(await loadSoundModel(), { sampleRate: rate });
  const cues = [...maker.push(samples), ...maker.end()];
  const track = trackOf({ text: '', samples, sampleRate: rate, cues, words: [] });
  const mouthAt = mouthOfTrack(track, furthest);
  const frames = shown.filter(
    ({ output }) => output > from + 0.3 && output < from + heard.length / rate - 0.3,
  );
  let result = { lag: 0, likeness: -1 };
  for (let ms = -200; ms <= 200; ms += 2) {
    const wanted = frames.map(({ output }) => mouthAt(output - from - ms / 1000)[0]!);
    const likeness = correlation(
      wanted,
      frames.map(({ open }) => open),
    );
    if (likeness > result.likeness) result = { lag: ms / 1000, likeness };
  }
  return result;
}

const furthest = (row: Float32Array): readonly number[] => [Math.max(...row.subarray(0, 15))];

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - meanA) * (b[i]! - meanB);
    aa += (a[i]! - meanA) ** 2;
    bb += (b[i]! - meanB) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}
