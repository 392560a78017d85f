import { isOffline, OfflineOutput } from '../playback/offline-output.ts';
import { InputError } from '../speech/errors.ts';
import { FrameClock } from './frame-clock.ts';
import type { Parley } from './parley.ts';

/** What {@link renderOfflineAsync} can be told. */
export interface RenderOfflineOptions {
  /** Frames a second, 1 to 240. Default 60. */
  readonly fps?: number;
  /**
   * Called before each frame is rendered: the place to say lines, move cameras, and to keep the picture of the frame
   * before. A promise is waited for; the recording's time stands meanwhile.
   */
  readonly onFrame?: (frame: OfflineFrame) => void | Promise<void>;
  /** Ends the recording before its time: rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A frame of a recording. */
export interface OfflineFrame {
  /** Its number, from 0. */
  readonly index: number;
  /** The moment it shows, seconds from the beginning: `index / fps`, exactly. */
  readonly seconds: number;
}

/** Samples in a block of Web Audio: recordings can be halted between blocks only. */
const BLOCK = 128;

const MAX_FPS = 240;

/**
 * Renders the scene of a Parley that was created with an `OfflineAudioContext`: sound and picture for the whole length
 * of the context, frame by frame, as fast as the machine can. Babylon's own animations move by the recording's time too.
 * While a voice source works, time stands. Sound and faces are the same each time.
 *
 * The render loop must not run. Resolves with the sound; the context is closed then, and lines that were not over are
 * stopped. Rejects with {@link InputError} for a Parley without an offline context, one that was
 * rendered before, and for `fps` out of range, and with whatever `onFrame` or a renderer throws.
 */
export async function renderOfflineAsync(
  parley: Parley,
  { fps = 60, onFrame, signal }: RenderOfflineOptions = {},
): Promise<AudioBuffer> {
  const context = parley.host?.context;
  const output = parley.host?.output;
  if (!context || !isOffline(context) || !(output instanceof OfflineOutput)) {
    throw new InputError(
      'renderOfflineAsync(parley)',
      'a Parley made with an OfflineAudioContext',
      'another',
    );
  }
  if (output.begun) {
    throw new InputError('renderOfflineAsync(parley)', 'a context that was not rendered', 'one that was');
  }
  if (!(fps >= 1 && fps <= MAX_FPS)) {
    throw new InputError('renderOfflineAsync({ fps })', `1 to ${MAX_FPS} frames a second`, String(fps));
  }
  output.begin();
  const frames = new FrameClock(parley.scene);

  const renderFrame = async (index: number) => {
    signal?.throwIfAborted();
    await settle(output);
    const seconds = index / fps;
    await onFrame?.({ index, seconds });
    output.frameMs = seconds * 1000; // Not before: nothing may be stepped to it by anything but the frame.
    frames.render(output.frameMs);
    await settle(output);
    while (parley.npcs.some(({ line }) => line && !line.ended && !isReady(line))) {
      signal?.throwIfAborted();
      await settle(output);
    }
    await settle(output);
    await context.resume();
  };

  const rendered = new Promise<AudioBuffer>((resolve, reject) => {
    for (let index = 0; index * context.sampleRate < context.length * fps; index++) {
      const block = Math.ceil((index / fps) * (context.sampleRate / BLOCK) - 1e-6);
      if (block * BLOCK >= context.length) break;
      // Chromium rounds up to the next block: half a block before it is safe from rounding.
      const at = Math.max(0, ((block - 0.5) * BLOCK) / context.sampleRate);
      context
        .suspend(at)
        .then(() => renderFrame(index))
        .catch(reject);
    }
    context.startRendering().then(resolve, reject);
  });
  try {
    return await rendered;
  } finally {
    frames.dispose();
    for (const npc of parley.npcs) void npc.stop();
  }
}

/** Whether all of a line has come and its audio is on its way. */
function isReady({ fetched, state }: { readonly fetched: boolean; readonly state: string }): boolean {
  return fetched && !/^(queued|loading|waiting)$/.test(state);
}

/** Resolves when page and audio thread have told each other everything, and every promise that follows has settled. */
async function settle(output: OfflineOutput): Promise<void> {
  for (let turn = 0; turn < 2; turn++) {
    await output.settleAsync();
    await nextTask();
  }
}

/** Resolves in a task of its own. Timers would be held back, in hidden tabs by a second each. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
