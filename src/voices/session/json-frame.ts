/** An object that came as JSON, with nothing known about its fields. */
export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
