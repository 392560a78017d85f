import { bytesOfBase64, isObject, type Json, readJsonObject, textOf } from '../session/json-frame.ts';
import type { Message } from '../session/session.ts';
import type { Addressed } from '../session/shared-session.ts';

/** A character and its times, seconds from the start of the chunk that it came with. */
export interface ChunkCharacter {
  readonly character: string;
  readonly start: number;
  readonly end: number;
}

/** What a frame of the protocol says; the last of a line may bring sound, too. */
export type ElevenLabsMessage = Addressed &
  (
    | {
        readonly type: 'chunk';
        /** Empty where the frame brings times alone, or nothing. */
        readonly bytes: Uint8Array;
        readonly characters: readonly ChunkCharacter[];
      }
    /** `code` is the service's own name for it, or empty. */
    | { readonly type: 'error'; readonly reason: string; readonly code: string }
    /** Not of this protocol; `got` is what came. */
    | { readonly type: 'garbage'; readonly got: string }
  );

/** Reads one frame. Names are taken as the service writes them, and in snake case, as some of its mirrors do. Never throws. */
export function readElevenLabsMessage(frame: Message): ElevenLabsMessage {
  const garbage = (got: string) => ({ type: 'garbage', got, context: undefined, last: false }) as const;
  if (typeof frame !== 'string') return garbage('a binary frame');
  const json = readJsonObject(frame);
  if (typeof json === 'string') return garbage(json);
  const named = json.contextId ?? json.context_id;
  const context = typeof named === 'string' ? named : undefined;
  const error = errorOf(json);
  if (error) return { ...error, context, last: true };
  const last = (json.isFinal ?? json.is_final) === true;
  const bytes = bytesOfBase64(json.audio ?? '');
  if (!bytes) return { ...garbage('audio that is no base64'), context };
  const alignment = json.alignment ?? json.normalizedAlignment ?? json.normalized_alignment;
  const characters = isObject(alignment) ? charactersOf(alignment) : [];
  if (!characters) return { ...garbage('an alignment without the times of its characters'), context };
  return { type: 'chunk', bytes, characters, context, last };
}

/** Undefined unless there is a start and a duration for each character. */
function charactersOf(alignment: Json): ChunkCharacter[] | undefined {
  const characters = alignment.chars ?? [];
  const starts = alignment.charStartTimesMs ?? alignment.char_start_times_ms ?? [];
  const durations =
    alignment.charDurationsMs ??
    alignment.charsDurationsMs ??
    alignment.char_durations_ms ??
    alignment.chars_durations_ms ??
    [];
  if (!Array.isArray(characters) || !areTimes(starts) || !areTimes(durations)) return undefined;
  if (starts.length !== characters.length || durations.length !== characters.length) return undefined;
  if (!characters.every((character) => typeof character === 'string')) return undefined;
  return characters.map((character: string, nth) => {
    const start = starts[nth]! / 1000;
    return { character, start, end: start + durations[nth]! / 1000 };
  });
}

function areTimes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((time) => Number.isFinite(time) && time >= 0);
}

/** `{ message, error, code }` on sockets; `{ detail: { status, message } }` as HTTP has it. */
function errorOf(json: Json): { type: 'error'; reason: string; code: string } | undefined {
  const detail = isObject(json.detail) ? json.detail : undefined;
  const failed = json.status === 'error' || (json.error !== undefined && json.error !== null);
  if (!failed && !detail) return undefined;
  const inner = detail ?? (isObject(json.error) ? json.error : json);
  const code = textOf(json.error) || textOf(inner.status) || textOf(inner.code);
  return { type: 'error', reason: textOf(inner.message) || code || 'it gave no reason', code };
}
