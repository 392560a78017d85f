import type { LetterEvent } from '../../lipsync/letters.ts';
import type { AgentStatus } from '../conversation.ts';
import { isObject, type Json } from '../session/json-frame.ts';
import type { Message } from '../session/session.ts';
import { readLokutorMessage } from './lokutor-message.ts';

const STATUSES: readonly AgentStatus[] = ['listening', 'thinking', 'speaking', 'interrupted'];

/** What a frame of Lokutor's agent endpoint says. `generation` counts the agent's turns, where the service tells it. */
export type AgentMessage =
  | { readonly type: 'audio'; readonly bytes: Uint8Array; readonly generation: number | undefined }
  | {
      readonly type: 'letters';
      readonly letters: readonly LetterEvent[];
      readonly generation: number | undefined;
    }
  | { readonly type: 'status'; readonly status: AgentStatus; readonly generation: number | undefined }
  | { readonly type: 'transcript'; readonly role: 'user' | 'agent'; readonly text: string }
  | { readonly type: 'tool'; readonly name: string; readonly args: unknown; readonly id: string | undefined }
  | { readonly type: 'end' }
  | {
      readonly type: 'error';
      readonly reason: string;
      readonly code?: string | undefined;
      readonly retryable?: boolean | undefined;
    }
  | { readonly type: 'other' }
  | { readonly type: 'garbage'; readonly got: string };

/** Reads one frame. Never throws. */
export function readAgentMessage(frame: Message): AgentMessage {
  const json = typeof frame === 'string' ? objectOf(frame) : undefined;
  const generation = numberOf(json?.generation);
  switch (json?.type) {
    case 'status': {
      const status = STATUSES.find((known) => known === json.data);
      return status ? { type: 'status', status, generation } : { type: 'other' };
    }
    case 'transcript':
      if (typeof json.data !== 'string') return { type: 'garbage', got: 'a transcript without its text' };
      return {
        type: 'transcript',
        role: json.role === 'user' ? 'user' : 'agent', // Of itself it speaks by several names.
        text: json.data,
      };
    case 'tool_call':
      return toolOf(json);
    default: {
      const message = readLokutorMessage(frame);
      return message.type === 'audio' || message.type === 'letters' ? { ...message, generation } : message;
    }
  }
}

/** A tool's arguments come as JSON in a string, or as they are. */
function toolOf(json: Json): AgentMessage {
  const body = isObject(json.data) ? json.data : json;
  const { name, arguments: given, id } = body;
  if (typeof name !== 'string') return { type: 'garbage', got: 'a tool call without a name' };
  const args = typeof given === 'string' ? (parse(given) ?? given) : given;
  return { type: 'tool', name, args, id: typeof id === 'string' ? id : undefined };
}

function objectOf(text: string): Json | undefined {
  const value = parse(text);
  return isObject(value) ? value : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
