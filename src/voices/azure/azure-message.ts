import { isObject, type Json } from '../session/json-frame.ts';
import type { Message } from '../session/session.ts';
import { readAzureFrame } from './azure-frame.ts';

/** Something that the service tells of the sound, seconds from the first sample of its request. */
export type AzureMark =
  | {
      readonly kind: 'word';
      /** As it stands in the SSML, or as it is said: escaped or not, in its tags or not. */
      readonly text: string;
      readonly start: number;
      readonly end: number;
    }
  | {
      readonly kind: 'viseme';
      /** 0 to 21. */
      readonly id: number;
      readonly start: number;
      /** A piece of the face's animation, as JSON. */
      readonly animation: string;
      /** Whether the event, and with it its animation, is whole. */
      readonly last: boolean;
    };

/** What a message says. `request` is the one that it belongs to; empty where it says none. */
export type AzureMessage =
  | { readonly type: 'audio'; readonly request: string; readonly bytes: Uint8Array }
  | { readonly type: 'marks'; readonly request: string; readonly marks: readonly AzureMark[] }
  | { readonly type: 'end'; readonly request: string }
  /** Of no use to a line, or newer than this client. */
  | { readonly type: 'other'; readonly request: string }
  /** Not of this protocol; `got` is what came. */
  | { readonly type: 'garbage'; readonly request: string; readonly got: string };

/** Times come in units of 100 ns. */
const TICKS_PER_SECOND = 10_000_000;

/** Reads one message. Never throws. */
export function readAzureMessage(message: Message): AzureMessage {
  const frame = readAzureFrame(message);
  if (!frame) return { type: 'garbage', request: '', got: shown(message) };
  const { path, request, body } = frame;
  switch (path) {
    case 'audio':
      // An empty text body ends the sound in some versions of the service.
      if (typeof body !== 'string') return { type: 'audio', request, bytes: body };
      return body === ''
        ? { type: 'other', request }
        : { type: 'garbage', request, got: `audio as text: ${body}` };
    case 'audio.metadata':
      return marksOf(typeof body === 'string' ? body : new TextDecoder().decode(body), request);
    case 'turn.end':
      return { type: 'end', request };
    default:
      return { type: 'other', request };
  }
}

function shown(message: Message): string {
  return typeof message === 'string'
    ? `text without a path: ${message}`
    : `${message.length} bytes without a path`;
}

function marksOf(body: string, request: string): AzureMessage {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { type: 'garbage', request, got: `metadata that is no JSON: ${body}` };
  }
  const list = isObject(json) ? json.Metadata : undefined;
  if (!Array.isArray(list)) return { type: 'garbage', request, got: `metadata without a list: ${body}` };
  const marks: AzureMark[] = [];
  for (const item of list) {
    const known = isObject(item) && (item.Type === 'Viseme' || item.Type === 'WordBoundary');
    if (!known) continue;
    const data = isObject(item.Data) ? item.Data : {};
    const mark = item.Type === 'Viseme' ? visemeOf(data) : wordOf(data);
    if (mark === undefined) {
      return { type: 'garbage', request, got: `${item.Type} that is none: ${JSON.stringify(item)}` };
    }
    if (mark !== 'none') marks.push(mark);
  }
  return { type: 'marks', request, marks };
}

function wordOf(data: Json): AzureMark | 'none' | undefined {
  const start = secondsOf(data.Offset);
  const length = secondsOf(data.Duration);
  const { Text: text, BoundaryType: kind = 'WordBoundary' } = isObject(data.text) ? data.text : {};
  if (typeof kind === 'string' && kind !== 'WordBoundary' && kind !== 'Word') return 'none'; // Punctuation.
  if (typeof text !== 'string' || start === undefined || length === undefined) return undefined;
  return { kind: 'word', text, start, end: start + length };
}

function visemeOf({
  Offset: offset,
  VisemeId: id,
  AnimationChunk: chunk,
  IsLastAnimation: last,
}: Json): AzureMark | undefined {
  const start = secondsOf(offset);
  if (start === undefined || !Number.isInteger(id)) return undefined;
  return {
    kind: 'viseme',
    id: id as number,
    start,
    animation: typeof chunk === 'string' ? chunk : '',
    last: last !== false,
  };
}

function secondsOf(ticks: unknown): number | undefined {
  return typeof ticks === 'number' && Number.isFinite(ticks) && ticks >= 0
    ? ticks / TICKS_PER_SECOND
    : undefined;
}
