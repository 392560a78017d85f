import type { ToolCall } from '../conversation.ts';
import { bytesOfBase64, isObject, type Json, readJsonObject } from '../session/json-frame.ts';
import type { Message } from '../session/session.ts';

/** Sound as the service sends it where it does not say at which rate, Hz. */
export const GEMINI_RATE = 24_000;

/** A run of sound and its rate, Hz. */
export interface GeminiSound {
  readonly bytes: Uint8Array;
  readonly sampleRate: number;
}

/** What a message of the Live API says: several things at a time, and in no order between sound and words. */
export interface GeminiMessage {
  readonly type: 'message';
  readonly ready: boolean;
  readonly sounds: readonly GeminiSound[];
  /** More of what the model says; `finished`: no more of this turn. */
  readonly said: { readonly text: string; readonly finished: boolean } | undefined;
  /** More of what was said to it. */
  readonly heard: { readonly text: string; readonly finished: boolean } | undefined;
  readonly interrupted: boolean;
  /** All of a turn has been sent. */
  readonly generated: boolean;
  /** The turn is over, for the model waits until it has been heard. */
  readonly turnOver: boolean;
  readonly tools: readonly ToolCall[];
  /** The connection will be closed in so many seconds. */
  readonly leavesIn: number | undefined;
  /** By which another connection goes on with this conversation. */
  readonly handle: string | undefined;
}

export type GeminiFrame = GeminiMessage | { readonly type: 'garbage'; readonly got: string };

/** Reads one frame, text or binary. Never throws. */
export function readGeminiMessage(frame: Message): GeminiFrame {
  const text = typeof frame === 'string' ? frame : new TextDecoder().decode(frame);
  const json = readJsonObject(text);
  if (typeof json === 'string') return { type: 'garbage', got: json };
  const content = isObject(json.serverContent) ? json.serverContent : {};
  const turn = isObject(content.modelTurn) ? content.modelTurn : {};
  const sounds = listOf(turn.parts).map(soundOf);
  if (sounds.includes('garbage')) return { type: 'garbage', got: 'audio that is no base64' };
  const update = isObject(json.sessionResumptionUpdate) ? json.sessionResumptionUpdate : {};
  return {
    type: 'message',
    ready: json.setupComplete !== undefined && json.setupComplete !== null,
    sounds: sounds.filter((sound) => typeof sound === 'object'),
    said: transcriptOf(content.outputTranscription),
    heard: transcriptOf(content.inputTranscription),
    interrupted: content.interrupted === true,
    generated: content.generationComplete === true,
    turnOver: content.turnComplete === true,
    tools: isObject(json.toolCall) ? listOf(json.toolCall.functionCalls).flatMap(toolOf) : [],
    leavesIn: isObject(json.goAway) ? secondsOf(json.goAway.timeLeft) : undefined,
    handle:
      update.resumable !== false && typeof update.newHandle === 'string' && update.newHandle !== ''
        ? update.newHandle
        : undefined,
  };
}

function soundOf(part: Json): GeminiSound | 'none' | 'garbage' {
  const data = isObject(part.inlineData) ? part.inlineData : undefined;
  if (!data) return 'none'; // Text, such as thoughts, is not spoken.
  const type = typeof data.mimeType === 'string' ? data.mimeType : 'audio/pcm';
  if (!type.startsWith('audio/')) return 'none';
  const bytes = bytesOfBase64(data.data);
  const rate = Number(/rate=(\d+)/.exec(type)?.[1] ?? GEMINI_RATE);
  if (!bytes || rate < 8_000 || rate > 48_000) return 'garbage';
  return { bytes, sampleRate: rate };
}

function transcriptOf(value: unknown): { text: string; finished: boolean } | undefined {
  if (!isObject(value)) return undefined;
  return { text: typeof value.text === 'string' ? value.text : '', finished: value.finished === true };
}

function toolOf({ name, args, id }: Json): ToolCall[] {
  return typeof name === 'string'
    ? [{ name, args: args ?? {}, id: typeof id === 'string' ? id : undefined }]
    : [];
}

/** A duration in JSON is text such as `9.5s`. */
function secondsOf(duration: unknown): number {
  const seconds = Number.parseFloat(String(isObject(duration) ? duration.seconds : duration));
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
