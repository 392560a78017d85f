import { bytesOfBase64, isObject, type Json, readJsonObject } from '../session/json-frame.ts';
import type { Message } from '../session/session.ts';

/** How a response ended. */
export type ResponseStatus = 'completed' | 'cancelled' | 'failed' | 'incomplete';

const STATUSES: readonly ResponseStatus[] = ['completed', 'cancelled', 'failed', 'incomplete'];

/** What an event of the Realtime API says, by its present name or the one before. */
export type OpenAiMessage =
  | { readonly type: 'created'; readonly response: string }
  | {
      readonly type: 'audio';
      readonly bytes: Uint8Array;
      readonly response: string;
      readonly item: string;
      readonly content: number;
    }
  /** More of what the voice says; `whole`: all of it at once. */
  | { readonly type: 'transcript'; readonly text: string; readonly whole: boolean; readonly response: string }
  | {
      readonly type: 'done';
      readonly response: string;
      readonly status: ResponseStatus;
      /** Why, in the service's words, for all but a completed one. */
      readonly reason: string;
      readonly code: string;
    }
  /** Who speaks to the agent began to. */
  | { readonly type: 'speech' }
  /** What was said to the agent. */
  | { readonly type: 'heard'; readonly text: string }
  | { readonly type: 'tool'; readonly name: string; readonly args: unknown; readonly id: string }
  /** `event`: the message of ours that it is about. */
  | { readonly type: 'error'; readonly reason: string; readonly code: string; readonly event: string }
  /** Seconds until the account may ask again, of the limit that is used up; undefined where none is. */
  | { readonly type: 'limits'; readonly resetSeconds: number | undefined }
  /** Nothing to do with it. */
  | { readonly type: 'other' }
  /** Not of this protocol; `got` is what came. */
  | { readonly type: 'garbage'; readonly got: string };

/** Reads one frame. Never throws. */
export function readOpenAiMessage(frame: Message): OpenAiMessage {
  if (typeof frame !== 'string') return { type: 'garbage', got: 'bytes' };
  const json = readJsonObject(frame);
  if (typeof json === 'string') return { type: 'garbage', got: json };
  if (typeof json.type !== 'string') return { type: 'garbage', got: `an object without a type: ${frame}` };
  return readEvent(json, json.type);
}

function readEvent(json: Json, type: string): OpenAiMessage {
  const response = textOf(json.response_id);
  switch (type) {
    case 'response.created':
      return { type: 'created', response: isObject(json.response) ? textOf(json.response.id) : '' };
    case 'response.output_audio.delta':
    case 'response.audio.delta': {
      const bytes = bytesOfBase64(json.delta);
      if (!bytes) return { type: 'garbage', got: 'audio that is no base64' };
      const content = typeof json.content_index === 'number' ? json.content_index : 0;
      return { type: 'audio', bytes, response, item: textOf(json.item_id), content };
    }
    case 'response.output_audio_transcript.delta':
    case 'response.audio_transcript.delta':
      return { type: 'transcript', text: textOf(json.delta), whole: false, response };
    case 'response.output_audio_transcript.done':
    case 'response.audio_transcript.done':
      return { type: 'transcript', text: textOf(json.transcript), whole: true, response };
    case 'response.done':
      return isObject(json.response) ? doneOf(json.response) : { type: 'garbage', got: 'an end of nothing' };
    case 'input_audio_buffer.speech_started':
      return { type: 'speech' };
    case 'conversation.item.input_audio_transcription.completed':
      return { type: 'heard', text: textOf(json.transcript) };
    case 'response.function_call_arguments.done':
      return {
        type: 'tool',
        name: textOf(json.name),
        args: argumentsOf(json.arguments),
        id: textOf(json.call_id),
      };
    case 'rate_limits.updated':
      return { type: 'limits', resetSeconds: resetOf(json.rate_limits) };
    case 'error':
      return errorOf(json);
    default:
      return { type: 'other' };
  }
}

function doneOf(response: Json): OpenAiMessage {
  const status = STATUSES.find((known) => known === response.status);
  if (!status) return { type: 'garbage', got: `a response that is ${JSON.stringify(response.status)}` };
  const details = isObject(response.status_details) ? response.status_details : {};
  const error = isObject(details.error) ? details.error : {};
  const code = textOf(error.code) || textOf(error.type) || textOf(details.reason);
  const reason = textOf(error.message) || code || `it was ${status}`;
  return { type: 'done', response: textOf(response.id), status, reason, code };
}

function errorOf(json: Json): OpenAiMessage {
  const error = isObject(json.error) ? json.error : json;
  const code = textOf(error.code) || (textOf(error.type) === 'error' ? '' : textOf(error.type));
  const reason = textOf(error.message) || code || 'it gave no reason';
  return { type: 'error', reason, code, event: textOf(error.event_id) };
}

/** The longest wait for a limit of which nothing remains. */
function resetOf(limits: unknown): number | undefined {
  if (!Array.isArray(limits)) return undefined;
  const used = limits.filter((limit) => isObject(limit) && limit.remaining === 0);
  const waits = used.map(({ reset_seconds: seconds }) => seconds).filter((wait) => Number.isFinite(wait));
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

function argumentsOf(given: unknown): unknown {
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
