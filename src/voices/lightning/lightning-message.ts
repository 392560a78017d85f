import { bytesOfBase64, isObject, type Json, readJsonObject } from '../session/json-frame.ts';
import type { Message } from '../session/session.ts';

/** What a frame of the Lightning protocol says, in whichever of its forms it came. */
export type LightningMessage =
  | {
      readonly type: 'audio';
      readonly bytes: Uint8Array;
      readonly request: string | undefined;
      /** Whether the same frame ends the line. */
      readonly last: boolean;
    }
  /** A word and its times, seconds from the start of its request's audio. */
  | {
      readonly type: 'word';
      readonly word: string;
      readonly start: number;
      readonly end: number;
      readonly request: string | undefined;
    }
  | { readonly type: 'end' }
  /** `code` is the service's own, where it came as one. */
  | { readonly type: 'error'; readonly reason: string; readonly code: string }
  /** The socket was idle for too long and is about to close. */
  | { readonly type: 'idle'; readonly reason: string }
  /** Something newer than this client: nothing to do with it. */
  | { readonly type: 'other' }
  /** Not of this protocol; `got` is what came. */
  | { readonly type: 'garbage'; readonly got: string };

/** The end, by the current documents and by older ones. */
const ENDS = new Set(['complete', 'completed', 'comp']);

/** The service's words for a socket that nobody used. */
const IDLE = /timed? ?out after .*inactiv|inactivity/i;

/** Reads one frame. Never throws. */
export function readLightningMessage(frame: Message): LightningMessage {
  // Not documented, but seen: sound in binary frames.
  if (typeof frame !== 'string') return { type: 'audio', bytes: frame, request: undefined, last: false };
  const json = readJsonObject(frame);
  if (typeof json === 'string') return { type: 'garbage', got: json };
  return readObject(isObject(json.payload) ? { ...json, ...json.payload } : json, frame);
}

function readObject(json: Json, frame: string): LightningMessage {
  const status = typeof json.status === 'string' ? json.status.toLowerCase() : undefined;
  if (status === 'error' || (json.error !== undefined && json.error !== null)) return errorOf(json);
  if (status === 'word_timestamp') return wordOf(json);
  const data = isObject(json.data) ? json.data : json;
  const ends = json.done === true || (status !== undefined && ENDS.has(status));
  if (data.audio !== undefined && data.audio !== null) {
    const bytes = bytesOfBase64(data.audio);
    if (!bytes) return { type: 'garbage', got: 'audio that is no base64' };
    return { type: 'audio', bytes, request: requestOf(json), last: ends };
  }
  if (ends) return { type: 'end' };
  if (status === 'chunk') return { type: 'garbage', got: 'a chunk without audio' };
  return status === undefined
    ? { type: 'garbage', got: `an object without a status: ${frame}` }
    : { type: 'other' };
}

function wordOf(json: Json): LightningMessage {
  const data = isObject(json.data) ? json.data : json;
  const { word, start, end } = data;
  if (typeof word !== 'string' || !isTime(start) || !isTime(end)) {
    return { type: 'garbage', got: 'a word without its times' };
  }
  return { type: 'word', word, start, end, request: requestOf(json) };
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function requestOf({ request_id: id }: Json): string | undefined {
  return typeof id === 'string' ? id : undefined;
}

/** `error` holds message and code, or is the message; else they stand at the top, with a list of reasons at times. */
function errorOf(json: Json): LightningMessage {
  const body = isObject(json.error) ? json.error : json;
  const code = textOf(body.code) || textOf(body.error_code) || textOf(json.error_code) || textOf(json.code);
  const list = Array.isArray(json.errors) ? json.errors : [];
  const words = [
    typeof json.error === 'string' ? json.error : '',
    textOf(body.message) || textOf(json.message),
    ...list.map((item) => (isObject(item) ? textOf(item.message) : textOf(item))),
  ];
  const reason = [...new Set(words.filter((word) => word !== ''))].join(': ') || code || 'it gave no reason';
  const instead = textOf(json.recommended_endpoint);
  if (IDLE.test(reason)) return { type: 'idle', reason };
  return { type: 'error', reason: instead ? `${reason}; it recommends ${instead}` : reason, code };
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() : '';
}
