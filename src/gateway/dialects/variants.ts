import { InputError } from '../../speech/errors.ts';

/**
 * What the documents and clients of the two services disagree about, and what can go wrong with them: each name has
 * its choices, the first of which is what the gateway does unless it is asked. Every choice is a form that the
 * service is documented to take, or that one of its clients accepts.
 */
const shared = {
  /** The HTTP status with which the handshake is answered; with `key`, 401 where no key is given, whichever it is. */
  handshake: ['ok', 'key', '401', '403', '410', '429', '500', '503'],
  /** After its last message: the socket stays, is closed, or (`policy`) is closed with code 1008 at the first request. */
  close: ['open', 'after', 'policy'],
  /** Requests of each socket that are rejected as over the account's limit before one is taken. */
  reject: ['0', '1', '2', '3', '4', '5'],
  /** Bytes in a piece of sound: whole samples, or an odd number. */
  pieces: ['even', 'odd'],
  /** What times count from: the sound of the request, or all the sound that the socket has given. */
  times: ['request', 'socket'],
} as const;

export const LOKUTOR_VARIANTS = {
  ...shared,
  /** A list, `{type:"visemes",data:[…]}`, `{…,data:{visemes:[…]}}`, or one message each. */
  visemes: ['array', 'wrapped', 'nested', 'single'],
  /** Fields `v c t`, or `id char timestamp`. */
  names: ['short', 'long'],
  /** `c` is a sound of the reduced set, the same in capitals, or the letter as it is written. */
  letters: ['sounds', 'upper', 'written'],
  /** Whether silences have visemes of their own. */
  silences: ['told', 'untold'],
  /** Visemes come before the sound they describe, or after it. */
  order: ['before', 'after'],
  /** Binary messages, or `{type:"audio",data:base64}`. */
  sound: ['binary', 'base64'],
  /** Samples a second. */
  rate: ['44100', '24000'],
  /** `EOS`, `{type:"eos"}`, or nothing at all. */
  end: ['text', 'json', 'none'],
  /** `ERR: …`, `{type:"error",data:{code,message,retryable}}`, or the message beside the type. */
  errors: ['text', 'data', 'flat'],
  /** Lists without visemes and `{type:"timing"}` in between, or not. */
  extras: ['off', 'on'],
} as const;

export const LIGHTNING_VARIANTS = {
  ...shared,
  /** JSON with base64, or binary messages. */
  sound: ['base64', 'binary'],
  /** Words come with the chunk in which they begin, after the one in which they end, or never. */
  words: ['early', 'late', 'none'],
  /** `status:"complete"`, with `message` and `done`, `status:"comp"` with `done`, or nothing at all. */
  end: ['complete', 'done', 'comp', 'none'],
  /** `error:{message,code}`, `message`, or `message` and `errors:[…]`. */
  errors: ['object', 'message', 'list'],
  /** A request on a socket whose last one still runs: takes a unit of its own or is rejected, or waits for it. */
  overlap: ['reject', 'wait'],
} as const;

type Table = Readonly<Record<string, readonly string[]>>;

/** One choice for each name of a table. */
export type Choices<T extends Table> = { readonly [Name in keyof T]: T[Name][number] };

/** Choices for connections that do not say, by name. */
export type VariantSettings = Readonly<Record<string, string>>;

/**
 * The choices of a connection: those of its address, else the gateway's. Other fields of the address are not looked
 * at: clients send what their service knows. Throws {@link InputError} for a choice that does not exist.
 */
export function readVariants<T extends Table>(
  table: T,
  query: URLSearchParams,
  settings: VariantSettings,
): Choices<T> {
  const chosen = Object.entries(table).map(([name, choices]) => {
    const wanted = query.get(name) ?? (Object.hasOwn(settings, name) ? settings[name] : undefined);
    if (wanted === undefined) return [name, choices[0]];
    if (choices.includes(wanted)) return [name, wanted];
    if (query.has(name)) throw wrong(name, choices, wanted);
    return [name, choices[0]]; // A setting that is meant for the other dialect.
  });
  return Object.fromEntries(chosen) as Choices<T>;
}

/** Throws {@link InputError} for a setting that no dialect knows. */
export function checkVariants(settings: VariantSettings): void {
  for (const [name, wanted] of Object.entries(settings)) {
    const choices = [LOKUTOR_VARIANTS, LIGHTNING_VARIANTS].flatMap((table: Table) =>
      Object.hasOwn(table, name) ? table[name]! : [],
    );
    if (choices.length === 0) {
      const names = new Set([...Object.keys(LOKUTOR_VARIANTS), ...Object.keys(LIGHTNING_VARIANTS)]);
      throw new InputError('variant', `one of ${[...names].join(', ')}`, JSON.stringify(name));
    }
    if (!choices.includes(wanted)) throw wrong(name, [...new Set(choices)], wanted);
  }
}

function wrong(name: string, choices: readonly string[], wanted: string): InputError {
  return new InputError(`variant ${name}`, choices.join(' or '), JSON.stringify(wanted));
}
