/** One player's page: a character without a body, whose lines others hear too. `?gateway=…` is the address of the gateway. */
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import {
  CreateParleyAsync,
  gatewayVoices,
  type JoinedReply,
  type LineInvitation,
  type SpokenReply,
} from '../../../src/index.ts';
import { Stage } from '../../browser/stage.ts';
import { StampedRecorder } from './stamped-recorder.ts';

/** What a frame showed: time of the machine, milliseconds, and the place in the whole line, seconds. */
export type Shown = readonly [wallMs: number, place: number];

/** What was recorded of the voice, before distance: 16-bit samples, and when they left the device. */
export interface Recorded {
  readonly sampleRate: number;
  /** Base64. */
  readonly samples: string;
  /** Pairs of a sample's number and the machine's time at which it is heard, milliseconds. */
  readonly heard: readonly (readonly [sample: number, wallMs: number])[];
}

export interface Player {
  /** Has the gateway keep a line. */
  prefetch(text: string): Promise<void>;
  /** Says a line and gives the invitation to it. */
  share(text: string): Promise<LineInvitation>;
  /** Hears a line of another player. */
  join(invitation: LineInvitation): void;
  /** Resolves with how the last line ended. */
  ended(): Promise<string>;
  /** What the frames of the last line showed, and what was recorded of it. */
  shown(): readonly Shown[];
  recorded(): Recorded;
  /** Milliseconds of silence that the last line had since its stream was late. */
  stalledMs(): number;
}

declare global {
  interface Window {
    player?: Player;
  }
}

const SETTLING_FRAMES = 10;

const stage = new Stage();
const voices = gatewayVoices(new URLSearchParams(location.search).get('gateway')!);
let frameMs = 0;
const parley = await CreateParleyAsync(stage.scene, {
  voices,
  frameTime: () => {
    frameMs = performance.now();
    return frameMs;
  },
});
const npc = parley.addNpc(new TransformNode('Mira', stage.scene), { name: 'Mira', voice: 'F1' });
while (!npc.spatial) await new Promise((resolve) => setTimeout(resolve, 20));
const recorder = await StampedRecorder.start(npc.spatial.player.tap);

let shown: Shown[] = [];
let line: ReturnType<typeof npc.say> | undefined;
let reply: SpokenReply | JoinedReply | undefined;
let before = 0;
stage.scene.onAfterRenderObservable.add(() => {
  recorder.note();
  if (line?.state !== 'speaking' || line.playhead <= before) return;
  before = line.playhead;
  const from = reply && 'from' in reply ? (reply.from ?? 0) : 0;
  shown.push([performance.timeOrigin + frameMs, from + line.playhead]);
});

function say(what: SpokenReply | JoinedReply): void {
  shown = [];
  before = 0;
  recorder.clear();
  reply = what;
  line = npc.say(what);
}

// The first frames compile shaders, which takes a machine without a GPU seconds.
for (let frame = 0; frame < SETTLING_FRAMES; frame++)
  await new Promise((resolve) => stage.scene.onAfterRenderObservable.addOnce(resolve));

window.player = {
  prefetch: (text) => voices.prefetch({ text, voice: 'F1' }),
  share: (text) =>
    new Promise((resolve, reject) => {
      say(voices.share(text, resolve));
      // Of no effect on a line that was told.
      void line!.finished.then(({ outcome, error }) =>
        reject(error ?? new Error(`${outcome}, and never told`)),
      );
    }),
  join: (invitation) => say(voices.join(invitation)),
  ended: async () => {
    const { outcome, error } = await line!.finished;
    return error ? `${outcome}: ${error.message}` : outcome;
  },
  shown: () => shown,
  recorded: () => recorder.recorded(),
  stalledMs: () => line!.stats.stalledMs,
};
