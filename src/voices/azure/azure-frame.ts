/** A message of the service's own kind: headers, then a body. The same form goes both ways, in text and in bytes. */
export interface AzureFrame {
  /** What the message is: `ssml`, `audio`, `turn.end`, … in lower case. */
  readonly path: string;
  /** The request that it belongs to, in upper case; empty where it says none. */
  readonly request: string;
  readonly body: string | Uint8Array;
}

const LINE_END = '\r\n';
const BODY_BEGINS = '\r\n\r\n';

/** Bytes before the headers of a binary message: their length, big-endian. */
const PREFIX = 2;

/** A text message as the service takes it. `now` is the wall clock. */
export function writeAzureFrame(
  path: string,
  request: string,
  type: string,
  body: string,
  now: Date,
): string {
  const headers = [
    `Path: ${path}`,
    `X-RequestId: ${request}`,
    `X-Timestamp: ${now.toISOString()}`,
    `Content-Type: ${type}`,
  ];
  return headers.join(LINE_END) + BODY_BEGINS + body;
}

/** Reads a message; undefined for what has not the form of one. */
export function readAzureFrame(message: string | Uint8Array): AzureFrame | undefined {
  return typeof message === 'string' ? readText(message) : readBytes(message);
}

function readText(message: string): AzureFrame | undefined {
  const end = message.indexOf(BODY_BEGINS);
  const head = end < 0 ? message : message.slice(0, end);
  return frameOf(head, end < 0 ? '' : message.slice(end + BODY_BEGINS.length));
}

function readBytes(message: Uint8Array): AzureFrame | undefined {
  if (message.length < PREFIX) return undefined;
  const length = message[0]! * 256 + message[1]!;
  if (message.length < PREFIX + length) return undefined;
  const head = String.fromCharCode(...message.subarray(PREFIX, PREFIX + length));
  return frameOf(head, message.subarray(PREFIX + length));
}

function frameOf(head: string, body: string | Uint8Array): AzureFrame | undefined {
  let path = '';
  let request = '';
  for (const line of head.split(/[\r\n]+/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'path') path = value.toLowerCase();
    if (name === 'x-requestid') request = value.toUpperCase();
  }
  return path === '' ? undefined : { path, request, body };
}
