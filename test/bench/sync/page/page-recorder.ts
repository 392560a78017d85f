import type { Line, TalkingNpc, VoiceSource } from '../../../../src/index.ts';
import type { VoicePlayer } from '../../../../src/playback/voice-player.ts';
import type { ArrivalLog, FrameLog, LineLog, OutputPair, PageLog } from '../recording.ts';
import type { LipSpan } from './lip-span.ts';
import { type TapBlock, tapAsync } from './tap.ts';

/** Context frames between two readings of the player's gap map; odd, so that no rhythm of the audio thread hides between. */
const MAP_STEP = 13;

/** Milliseconds between two readings of the output's time stamp. */
const PAIR_MS = 25;

/** Notes every frame, every arrival, what the output tells and all sound of one NPC. */
export class PageRecorder {
  readonly #context: AudioContext;
  readonly #lips: LipSpan;
  readonly #frames: FrameLog[] = [];
  readonly #arrivals: ArrivalLog[] = [];
  readonly #pairs: OutputPair[] = [];
  readonly #lines: LineLog[] = [];
  #blocks: TapBlock[] = [];
  #line: Line | undefined;
  #text = '';
  #player: VoicePlayer | undefined;
  #beganAt = 0;
  #frameMs = 0;

  constructor(context: AudioContext, lips: LipSpan) {
    this.#context = context;
    this.#lips = lips;
    setInterval(() => {
      const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
      if (contextTime > 0) this.#pairs.push({ contextTime, ms: performanceTime });
    }, PAIR_MS);
  }

  /** The same source, with the arrival of its audio noted. */
  watch(source: VoiceSource): VoiceSource {
    const arrived = (samples: number) =>
      this.#arrivals.push({ line: this.#lines.length, ms: performance.now(), samples });
    return {
      ...source,
      async *speak(request, signal) {
        for await (const part of source.speak(request, signal)) {
          if (part.type === 'audio') arrived(part.samples.length);
          yield part;
        }
      },
    };
  }

  /** Hears all that `npc` says from here on. */
  async attachAsync(npc: TalkingNpc): Promise<void> {
    while (!npc.spatial) await new Promise((resolve) => setTimeout(resolve, 10));
    this.#player = npc.spatial.player;
    this.#blocks = await tapAsync(this.#player.tap);
  }

  readonly beforeFrame = (): void => {
    this.#frameMs = performance.now();
  };

  readonly afterFrame = (): void => {
    const line = this.#line && !this.#line.ended ? this.#lines.length : -1;
    this.#frames.push({
      ms: this.#frameMs,
      line,
      playhead: line < 0 ? 0 : this.#line!.playhead,
      gapMm: this.#lips.mm,
      targetMs: line < 0 ? 0 : this.#line!.stats.targetMs,
    });
  };

  begin(line: Line): void {
    this.#line = line;
    this.#text = line.text;
    this.#beganAt = this.#context.currentTime;
  }

  end(outcome: string): void {
    const rate = this.#context.sampleRate;
    const mapFrom = Math.round(this.#beganAt * rate);
    const mapEnd = Math.round(this.#context.currentTime * rate);
    const map: number[] = [];
    for (let frame = mapFrom; frame < mapEnd; frame += MAP_STEP) {
      map.push(this.#player?.line?.gapMap.lineTimeAt(frame / rate) ?? 0);
    }
    this.#line = undefined;
    this.#lines.push({ text: this.#text, outcome, mapFrom, mapStep: MAP_STEP, map });
  }

  log(): PageLog {
    return {
      timeOrigin: performance.timeOrigin,
      sampleRate: this.#context.sampleRate,
      frames: this.#frames,
      arrivals: this.#arrivals,
      pairs: this.#pairs,
      lines: this.#lines,
      sound: this.#blocks.map(({ frame, count }) => ({ frame, count })),
      walls: this.#blocks.flatMap(({ count, walls }) => [...walls.subarray(0, count / 128)]),
    };
  }

  sound(from: number, to: number): string {
    const part = new Float32Array(to - from);
    let at = 0;
    for (const { count, samples } of this.#blocks) {
      const start = Math.max(from, at);
      const end = Math.min(to, at + count);
      if (start < end) part.set(samples.subarray(start - at, end - at), start - from);
      at += count;
    }
    return base64Of(new Uint8Array(part.buffer));
  }
}

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}
