import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** Changes whenever kept lines can no longer be read, or would be made otherwise: then all are spoken anew. */
const SCHEMA = 1;

/** All that the sound, mouth and words of a line depend on. What is undefined is the source's own choice. */
export interface LineIdentity {
  readonly tenant?: string | undefined;
  /** Name of the source. */
  readonly provider: string;
  readonly model?: string | undefined;
  readonly voice?: string | undefined;
  readonly lang?: string | undefined;
  readonly speed?: number | undefined;
  /** Steps of a synthesis that has them. */
  readonly steps?: number | undefined;
  readonly sampleRate?: number | undefined;
  /** As `normalText` makes it. */
  readonly text: string;
  /** Version or hash of the lexicon. */
  readonly lexicon?: string | undefined;
}

/** SHA-256 in hex of what a line is: two lines with the same key are the same. */
export function lineKey(line: LineIdentity): string {
  const { tenant, provider, model, voice, lang, speed, steps, sampleRate, text, lexicon } = line;
  const all = [tenant, provider, model, voice, lang, speed, steps, sampleRate, text, lexicon, SCHEMA];
  return createHash('sha256')
    .update(JSON.stringify(all.map((value) => value ?? null)))
    .digest('hex');
}

/** Bytes of the secret behind shares. */
export const SHARE_SECRET_BYTES = 32;

const CIPHER = 'aes-256-cbc';
/** A key is never encrypted but as a whole, and the same one shall give the same share: nothing is to be varied. */
const NO_IV = Buffer.alloc(16);
const SHARE = /^[A-Za-z0-9_-]{43}$/;

/**
 * Names of lines for others to join by. Whoever knows what a line says could work out its key, so a share is the key
 * encrypted: nobody can make one without `secret`, and nothing need be kept to read it.
 */
export function shareOf(key: string, secret: Uint8Array): string {
  const cipher = createCipheriv(CIPHER, secret, NO_IV).setAutoPadding(false);
  return Buffer.concat([cipher.update(key, 'hex'), cipher.final()]).toString('base64url');
}

/** The key behind a share; undefined for what has not the form of one. One that is made up leads to no line. */
export function keyOfShare(share: string, secret: Uint8Array): string | undefined {
  if (!SHARE.test(share)) return undefined;
  const decipher = createDecipheriv(CIPHER, secret, NO_IV).setAutoPadding(false);
  return Buffer.concat([decipher.update(share, 'base64url'), decipher.final()]).toString('hex');
}
