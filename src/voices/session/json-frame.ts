/** An object that came as JSON, with nothing known about its fields. */
export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that a text is; for one that is none, what it is instead, in words for a message. */
export function readJsonObject(text: string): Json | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `text that is no JSON: ${text}`;
  }
  return isObject(value) ? value : `JSON that is no object: ${text}`;
}

/** A string of a service without the white space around it; empty for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** The bytes of a base64 string; undefined for anything else. */
export function bytesOfBase64(data: unknown): Uint8Array | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    return Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** Bytes that are made into letters in one call: engines limit how many arguments it may have. */
const AT_ONCE = 8192;

/** Bytes as base64. */
export function base64OfBytes(bytes: Uint8Array): string {
  let letters = '';
  for (let at = 0; at < bytes.length; at += AT_ONCE) {
    letters += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  }
  return btoa(letters);
}
