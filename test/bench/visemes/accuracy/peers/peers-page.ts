/** The page in which packages that need Web Audio are judged: their own code, on an offline context, 60 times a second. */
import { Lipsync } from 'wawa-lipsync';
import { createWLipSyncNode, type Profile, type WLipSyncAudioNode } from 'wlipsync';

/** For each frame, what each package shows: weights by the package's own names. */
export type Shown = Record<'wawa' | 'wlipsync' | 'headaudio', Record<string, number>[]>;

declare global {
  var hear: (base64: string, sampleRate: number, profile: Profile) => Promise<Shown>;
}

interface HeadAudio extends AudioWorkletNode {
  loadModel(url: string): Promise<void>;
  update(milliseconds: number): void;
  onvalue: (key: string, value: number) => void;
}

const FPS = 60;
const RATE = 48_000;
/** Sound after the line, seconds: what is shown late is still seen. */
const TAIL = 0.5;

/** A processor that answers: then all that the worklets sent before has come. */
const ECHO = `registerProcessor('echo', class extends AudioWorkletProcessor {
  constructor() { super(); this.port.onmessage = () => this.port.postMessage(0); }
  process() { return true; }
});`;

/** `wawa-lipsync` asks the page's clock how long a shape lasts: here it is the time of the sound. */
let clock = 0;
performance.now = () => clock;

globalThis.hear = async (base64, sampleRate, profile) => {
  const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const samples = new Int16Array(bytes.buffer);
  const frames = Math.floor((samples.length / sampleRate + TAIL) * FPS);
  const context = new OfflineAudioContext(1, Math.ceil((frames / FPS) * RATE) + 256, RATE);
  const source = context.createBufferSource();
  source.buffer = context.createBuffer(1, samples.length, sampleRate);
  source.buffer.copyToChannel(
    Float32Array.from(samples, (sample) => sample / 32_768),
    0,
  );

  await context.audioWorklet.addModule(`data:text/javascript,${encodeURIComponent(ECHO)}`);
  const echo = new AudioWorkletNode(context, 'echo');
  const answered = (): Promise<void> =>
    new Promise((resolve) => {
      echo.port.onmessage = () => resolve();
      echo.port.postMessage(0);
    });

  const wawa = wawaOn(context);
  // Private, and the only way in without an element that plays in real time.
  source.connect((wawa as unknown as { analyser: AnalyserNode }).analyser);
  const wlipsync: WLipSyncAudioNode = await createWLipSyncNode(context as unknown as AudioContext, profile);
  source.connect(wlipsync);
  const { node: head, values } = await headAudioOn(context);
  source.connect(head);
  source.connect(context.destination);
  source.start();

  const shown: Shown = { wawa: [], wlipsync: [], headaudio: [] };
  for (let frame = 0; frame < frames; frame++) {
    void context.suspend(frame / FPS).then(async () => {
      // What the packages load is there when the line begins.
      if (frame === 0) await new Promise((resolve) => setTimeout(resolve, 150));
      await answered();
      clock = (frame / FPS) * 1000;
      wawa.processAudio();
      shown.wawa.push({ [wawa.viseme]: 1 });
      const { weights, volume } = wlipsync;
      shown.wlipsync.push(
        Object.fromEntries(Object.keys(weights).map((key) => [key, weights[key]! * volume])),
      );
      head.update(1000 / FPS);
      shown.headaudio.push({ ...values });
      await context.resume();
    });
  }
  await context.startRendering();
  return shown;
};

/** The package makes a context of its own; its analyser works as well on this one. */
function wawaOn(context: OfflineAudioContext): Lipsync {
  const Usual = globalThis.AudioContext;
  globalThis.AudioContext = function Offline() {
    return context;
  } as unknown as typeof AudioContext;
  try {
    return new Lipsync();
  } finally {
    globalThis.AudioContext = Usual;
  }
}

/** As its README has it. */
async function headAudioOn(
  context: OfflineAudioContext,
): Promise<{ node: HeadAudio; values: Record<string, number> }> {
  const place = '/headaudio/dist';
  const { HeadAudio } = (await import(`${place}/headaudio.min.mjs`)) as {
    HeadAudio: new (context: BaseAudioContext, options: unknown) => HeadAudio;
  };
  await context.audioWorklet.addModule(`${place}/headworklet.min.mjs`);
  const node = new HeadAudio(context, {
    processorOptions: {},
    parameterData: { vadGateActiveDb: -40, vadGateInactiveDb: -60 },
  });
  await node.loadModel(`${place}/model-en-mixed.bin`);
  const values: Record<string, number> = {};
  node.onvalue = (key, value) => {
    values[key] = value;
  };
  return { node, values };
}
