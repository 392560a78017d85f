import { bytesOfBase64, isObject, type Json, readJsonObject } from '../session/json-frame.ts';
import type { Message } from '../session/session.ts';
import type { Addressed } from '../session/shared-session.ts';
import { type InworldTimes, NO_TIMES, readInworldTimes } from './inworld-times.ts';

/** What a frame of the protocol says. */
export type InworldMessage = Addressed &
  (
    | {
        readonly type: 'chunk';
        /** Empty where the frame brings times alone. */
        readonly bytes: Uint8Array;
        readonly times: InworldTimes;
      }
    /** All text before a flush has been spoken. */
    | { readonly type: 'flushed' }
    /** The context is no more. */
    | { readonly type: 'closed' }
    /** `code` is a number of gRPC's, 2 (unknown) where there is none. */
    | { readonly type: 'error'; readonly reason: string; readonly code: number }
    /** Nothing to do with it. */
    | { readonly type: 'other' }
    /** Not of this protocol; `got` is what came. */
    | { readonly type: 'garbage'; readonly got: string }
  );

/** gRPC's code for what has no other. */
const UNKNOWN = 2;

/** Reads one frame, in the names of JSON or of Protocol Buffers. Never throws. */
export function readInworldMessage(frame: Message): InworldMessage {
  const garbage = (got: string, context?: string) =>
    ({ type: 'garbage', got, context, last: false }) as const;
  if (typeof frame !== 'string') return garbage('a binary frame');
  const json = readJsonObject(frame);
  if (typeof json === 'string') return garbage(json);
  const result = isObject(json.result) ? json.result : {};
  const named = result.contextId ?? result.context_id ?? json.contextId ?? json.context_id;
  const context = typeof named === 'string' && named !== '' ? named : undefined;
  const error = errorOf(json.error) ?? errorOf(result.error) ?? errorOf(result.status);
  if (error) return { ...error, context, last: true };
  if (result.contextClosed ?? result.context_closed) return { type: 'closed', context, last: true };
  if (result.flushCompleted ?? result.flush_completed) return { type: 'flushed', context, last: false };
  const chunk = result.audioChunk ?? result.audio_chunk;
  if (isObject(chunk)) {
    const bytes = bytesOfBase64(chunk.audioContent ?? chunk.audio_content ?? '');
    if (!bytes) return garbage('audio that is no base64', context);
    return { type: 'chunk', bytes, times: timesOf(chunk, result), context, last: false };
  }
  if (json.result === undefined) return garbage(`an object without a result: ${frame}`, context);
  // What is about no line is about the socket, and of those only errors are known.
  return context === undefined
    ? garbage(`a result without a context: ${frame}`)
    : { type: 'other', context, last: false };
}

function timesOf(chunk: Json, result: Json): InworldTimes {
  const info = chunk.timestampInfo ?? chunk.timestamp_info ?? result.timestampInfo;
  return info === undefined || info === null ? NO_TIMES : readInworldTimes(info);
}

/** An error, or a status that is not well; undefined for none. */
function errorOf(value: unknown): { type: 'error'; reason: string; code: number } | undefined {
  if (typeof value === 'string' && value !== '') return { type: 'error', reason: value, code: UNKNOWN };
  if (!isObject(value)) return undefined;
  const code = typeof value.code === 'number' ? value.code : UNKNOWN;
  const reason = typeof value.message === 'string' && value.message !== '' ? value.message : `code ${code}`;
  const fine = value.code === 0 || Object.keys(value).length === 0;
  return fine ? undefined : { type: 'error', reason, code };
}
