import type { LetterEvent } from '../../lipsync/letters.ts';
import type { Message } from '../session/session.ts';

/** What a frame of the Lokutor protocol says, in whichever of its forms it came. */
export type LokutorMessage =
  | { readonly type: 'audio'; readonly bytes: Uint8Array }
  | { readonly type: 'letters'; readonly letters: readonly LetterEvent[] }
  | { readonly type: 'end' }
  /** `code` is the service's own, where it came as one; `retryable` what it says of another attempt. */
  | {
      readonly type: 'error';
      readonly reason: string;
      readonly code?: string | undefined;
      readonly retryable?: boolean | undefined;
    }
  /** Telemetry, or something newer than this client: nothing to do with it. */
  | { readonly type: 'other' }
  /** Not of this protocol; `got` is what came. */
  | { readonly type: 'garbage'; readonly got: string };

type Json = Record<string, unknown>;

/** Reads one frame. Never throws. */
export function readLokutorMessage(frame: Message): LokutorMessage {
  if (typeof frame !== 'string') return { type: 'audio', bytes: frame };
  const text = frame.trim();
  if (text === 'EOS') return { type: 'end' };
  if (text.startsWith('ERR:')) return error(text.slice(4));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return garbage(`text that is no JSON: ${text}`);
  }
  if (Array.isArray(json)) return letters(json);
  if (!isObject(json)) return garbage(`JSON that is neither array nor object: ${text}`);
  return readObject(json, text);
}

function readObject(json: Json, text: string): LokutorMessage {
  switch (typeof json.type === 'string' ? json.type.toLowerCase() : undefined) {
    case 'eos':
      return { type: 'end' };
    case 'audio':
      return audio(json.data);
    case 'visemes':
    case 'viseme':
      return letters(listOf(json.data ?? json));
    case 'error':
      return errorOf(json);
    case undefined:
      if (timeOf(json) !== undefined || Array.isArray(json.visemes)) return letters(listOf(json));
      if ('error' in json) return errorOf(json);
      return garbage(`an object without a type: ${text}`);
    default:
      return { type: 'other' };
  }
}

/** Visemes come as a list, as `{ visemes: list }`, or as a single one. */
function listOf(data: unknown): unknown[] {
  if (Array.isArray(data)) return data;
  return isObject(data) && Array.isArray(data.visemes) ? data.visemes : [data];
}

function letters(items: readonly unknown[]): LokutorMessage {
  const read: LetterEvent[] = [];
  for (const item of items) {
    const time = isObject(item) ? timeOf(item) : undefined;
    if (!isObject(item) || time === undefined) return garbage('a viseme without a time');
    const letter = item.c ?? item.char;
    const index = item.v ?? item.id;
    read.push({
      letter: typeof letter === 'string' ? letter : 'sil',
      index: typeof index === 'number' && Number.isInteger(index) && index >= 0 ? index : -1,
      time: Math.max(0, time),
    });
  }
  return { type: 'letters', letters: read };
}

function timeOf(item: Json): number | undefined {
  const time = item.t ?? item.timestamp;
  return typeof time === 'number' && Number.isFinite(time) ? time : undefined;
}

function audio(data: unknown): LokutorMessage {
  if (typeof data !== 'string') return garbage('audio without data');
  try {
    return { type: 'audio', bytes: Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)) };
  } catch {
    return garbage('audio that is no base64');
  }
}

/** The service's words: at the top, in `data` or in `error`, with its code where it has one. */
function errorOf(json: Json): LokutorMessage {
  const body = isObject(json.data) ? json.data : isObject(json.error) ? json.error : json;
  const plain = [json.data, json.error];
  const parts = [body.code, body.message, body.detail, ...plain].filter((part) => typeof part === 'string');
  return {
    ...error([...new Set(parts)].join(': ')),
    ...(typeof body.code === 'string' && { code: body.code }),
    ...(typeof body.retryable === 'boolean' && { retryable: body.retryable }),
  };
}

function error(reason: string): LokutorMessage & { type: 'error' } {
  return { type: 'error', reason: reason.trim() || 'it gave no reason' };
}

function garbage(got: string): LokutorMessage {
  return { type: 'garbage', got };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
