import { VISEMES, type Viseme } from '../../speech/viseme.ts';
import { isObject, type Json, readJsonObject } from '../session/json-frame.ts';
import type { Message } from '../session/session.ts';

/** Something that lasts, milliseconds of its part. */
export interface Lasting {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** What a frame of HeadTTS says. */
export type HeadTtsMessage =
  /** What the sound that follows holds; `ref` is the id of its request. */
  | {
      readonly type: 'audio';
      readonly ref: number;
      /** Whether the sound is a WAV file; else it is raw, 16 bits. */
      readonly wav: boolean;
      readonly visemes: readonly Lasting[];
      readonly words: readonly Lasting[];
    }
  /** The sound of the part that was announced. */
  | { readonly type: 'sound'; readonly bytes: Uint8Array }
  | { readonly type: 'error'; readonly reason: string }
  /** Something newer than this client: nothing to do with it. */
  | { readonly type: 'other' }
  /** Not of this protocol; `got` is what came. */
  | { readonly type: 'garbage'; readonly got: string };

/** Reads one frame. Never throws. Lists of different lengths count as far as all of them go. */
export function readHeadTtsMessage(frame: Message): HeadTtsMessage {
  if (typeof frame !== 'string') return { type: 'sound', bytes: frame };
  const json = readJsonObject(frame);
  if (typeof json === 'string') return { type: 'garbage', got: json };
  const data = isObject(json.data) ? json.data : {};
  if (json.type === 'error') {
    const reason = typeof data.error === 'string' ? data.error.trim() : '';
    return { type: 'error', reason: reason || 'it gave no reason' };
  }
  if (json.type !== 'audio') {
    return typeof json.type === 'string'
      ? { type: 'other' }
      : { type: 'garbage', got: `an object without a type: ${frame}` };
  }
  if (!Number.isSafeInteger(json.ref)) return { type: 'garbage', got: `audio without its ref: ${frame}` };
  return {
    type: 'audio',
    ref: json.ref as number,
    wav: data.audioEncoding !== 'pcm',
    visemes: lasting(data, 'visemes', 'v'),
    words: lasting(data, 'words', 'w'),
  };
}

/** Names with their starts and durations, in rising order; those that are none are left out. */
function lasting(data: Json, names: string, letter: string): Lasting[] {
  const [all, times, durations] = [data[names], data[`${letter}times`], data[`${letter}durations`]];
  if (!Array.isArray(all) || !Array.isArray(times) || !Array.isArray(durations)) return [];
  const found = all.flatMap((name: unknown, index) => {
    const startMs: unknown = times[index];
    const durationMs: unknown = durations[index];
    if (typeof name !== 'string' || !isTime(startMs) || !isTime(durationMs)) return [];
    return [{ name, startMs, endMs: startMs + durationMs }];
  });
  return found.sort((a, b) => a.startMs - b.startMs);
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

const BY_NAME: ReadonlyMap<string, Viseme> = new Map(
  [...VISEMES.map((viseme) => [viseme.toLowerCase(), viseme] as const)].concat([
    ['ih', 'I'],
    ['oh', 'O'],
    ['ou', 'U'],
  ]),
);

/** The viseme of a name as Oculus has them, in either spelling of the vowels; undefined for others. */
export function oculusViseme(name: string): Viseme | undefined {
  return BY_NAME.get(name.toLowerCase().replace(/^viseme_/, ''));
}
