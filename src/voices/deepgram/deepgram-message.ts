import { type Json, readJsonObject, textOf } from '../session/json-frame.ts';
import type { Message } from '../session/session.ts';

/** What a frame of Aura's protocol says. */
export type DeepgramMessage =
  | { readonly type: 'audio'; readonly bytes: Uint8Array }
  /** All text before a `Flush` has been spoken. */
  | { readonly type: 'flushed' }
  /** What had not been spoken yet is thrown away. */
  | { readonly type: 'cleared' }
  /** Something was not done; `code` is the service's own. */
  | { readonly type: 'warning'; readonly code: string; readonly reason: string }
  | { readonly type: 'error'; readonly code: string; readonly reason: string }
  /** Metadata, or something newer than this client: nothing to do with it. */
  | { readonly type: 'other' }
  /** Not of this protocol; `got` is what came. */
  | { readonly type: 'garbage'; readonly got: string };

/** Reads one frame. Never throws. */
export function readDeepgramMessage(frame: Message): DeepgramMessage {
  if (typeof frame !== 'string') return { type: 'audio', bytes: frame };
  const json = readJsonObject(frame);
  if (typeof json === 'string') return { type: 'garbage', got: json };
  switch (json.type) {
    case 'Flushed':
      return { type: 'flushed' };
    case 'Cleared':
      return { type: 'cleared' };
    case 'Warning':
      return { type: 'warning', ...troubleOf(json) };
    case 'Error':
      return { type: 'error', ...troubleOf(json) };
    default:
      return typeof json.type === 'string'
        ? { type: 'other' }
        : { type: 'garbage', got: `an object without a type: ${frame}` };
  }
}

/** Names of the fields have changed with the years. */
function troubleOf(json: Json): { code: string; reason: string } {
  const code = textOf(json.code) || textOf(json.warn_code) || textOf(json.err_code);
  const reason =
    textOf(json.description) || textOf(json.warn_msg) || textOf(json.err_msg) || textOf(json.message);
  return { code, reason: reason || code || 'it gave no reason' };
}
