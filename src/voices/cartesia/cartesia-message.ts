import type { TimedSound } from '../phone-mouth.ts';
import { bytesOfBase64, isObject, type Json, readJsonObject } from '../session/json-frame.ts';
import type { Message } from '../session/session.ts';
import type { Addressed } from '../session/shared-session.ts';

/** A word and its times, seconds from the first sample of its context. */
export interface ContextWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** What a frame of the protocol says. */
export type CartesiaMessage = Addressed &
  (
    | { readonly type: 'audio'; readonly bytes: Uint8Array }
    | { readonly type: 'words'; readonly words: readonly ContextWord[] }
    | { readonly type: 'sounds'; readonly sounds: readonly TimedSound[] }
    | { readonly type: 'end' }
    /** `status` as HTTP has it, 0 where there is none; `code` is the service's own name for it, or empty. */
    | { readonly type: 'error'; readonly reason: string; readonly code: string; readonly status: number }
    /** Of a flush, or something newer than this client: nothing to do with it. */
    | { readonly type: 'other' }
    /** Not of this protocol; `got` is what came. */
    | { readonly type: 'garbage'; readonly got: string }
  );

/** Reads one frame. Never throws. */
export function readCartesiaMessage(frame: Message): CartesiaMessage {
  const garbage = (got: string) => ({ type: 'garbage', got, context: undefined, last: false }) as const;
  if (typeof frame !== 'string') return garbage('a binary frame');
  const json = readJsonObject(frame);
  if (typeof json === 'string') return garbage(json);
  const context = typeof json.context_id === 'string' ? json.context_id : undefined;
  const here = { context, last: json.done === true };
  const type = json.type ?? (json.error === undefined ? undefined : 'error');
  switch (type) {
    case 'chunk': {
      const bytes = bytesOfBase64(json.data);
      return bytes ? { type: 'audio', bytes, ...here } : { ...garbage('a chunk without base64'), context };
    }
    case 'timestamps': {
      const spans = spansOf(json.word_timestamps, 'words');
      if (!spans) return { ...garbage('words without their times'), context };
      return { type: 'words', words: spans.map(({ name, ...times }) => ({ word: name, ...times })), ...here };
    }
    case 'phoneme_timestamps': {
      const spans = spansOf(json.phoneme_timestamps, 'phonemes');
      if (!spans) return { ...garbage('phonemes without their times'), context };
      return {
        type: 'sounds',
        sounds: spans.map(({ name, ...times }) => ({ ipa: name, ...times })),
        ...here,
      };
    }
    case 'done':
      return { type: 'end', context, last: true };
    case 'error':
      return { ...errorOf(json), context, last: true };
    default:
      if (typeof type === 'string' && context !== undefined) return { type: 'other', ...here };
      return { ...garbage(`a message without a type or context: ${frame}`), context };
  }
}

/** Names with their times, in three lists of one length; none where the service tells none. */
function spansOf(lists: unknown, names: string): { name: string; start: number; end: number }[] | undefined {
  if (lists === null || lists === undefined) return [];
  if (!isObject(lists)) return undefined;
  const { [names]: name, start, end } = lists;
  if (!Array.isArray(name) || !areTimes(start) || !areTimes(end)) return undefined;
  if (start.length !== name.length || end.length !== name.length) return undefined;
  if (!name.every((each) => typeof each === 'string')) return undefined;
  return name.map((each: string, nth) => ({ name: each, start: start[nth]!, end: end[nth]! }));
}

function areTimes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((time) => Number.isFinite(time));
}

/** Title, message and code since version 2026-03-01; before it one string, "Title: Message". */
function errorOf(json: Json): { type: 'error'; reason: string; code: string; status: number } {
  const parts = [json.title, json.message, json.error].filter(
    (part): part is string => typeof part === 'string' && part.trim() !== '',
  );
  const code = typeof json.error_code === 'string' ? json.error_code : '';
  const status = typeof json.status_code === 'number' ? json.status_code : 0;
  return { type: 'error', reason: parts.join(': ') || code || 'it gave no reason', code, status };
}
