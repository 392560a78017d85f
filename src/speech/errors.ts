/**
 * Base of every error this library throws on purpose.
 * `code` is stable and made for programs; `message` says what was expected and what came.
 */
export class ParleyError extends Error {
  override readonly name: string = 'ParleyError';
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Why a line could not be spoken. */
export type SpeechErrorCode =
  | 'connect-failed'
  | 'connect-timeout'
  | 'first-audio-timeout'
  | 'stalled'
  | 'closed-early'
  | 'refused'
  | 'service-failed'
  | 'protocol'
  | 'empty'
  | 'too-long'
  | 'synthesis-failed'
  | 'locked'
  | 'aborted';

/**
 * What a refusal means. `busy`: more at a time than the account may have, so later it will do. `key`: the key is
 * missing, wrong, or has no right to this. `retired`: the address or model is no longer served. `request`: this very
 * request cannot be spoken.
 */
export type RefusalKind = 'busy' | 'key' | 'retired' | 'request';

/** How far a line came before it broke. */
export interface BreakPoint {
  /** Seconds of audio that were given. */
  readonly seconds: number;
  /**
   * UTF-16 index in the text as given of what has not been spoken whole; undefined where the source told no words, so
   * that nobody knows.
   */
  readonly from: number | undefined;
}

interface SpeechErrorOptions {
  readonly cause?: unknown;
  readonly reason?: string | undefined;
  readonly refusal?: RefusalKind | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly broke?: BreakPoint;
}

/** A line failed on its way from the voice source. */
export class SpeechError extends ParleyError {
  override readonly name = 'SpeechError';
  declare readonly code: SpeechErrorCode;
  /** Of a refusal: why, in the words of whoever refused, without who that was. A gateway passes on these alone. */
  readonly reason: string | undefined;
  /** Of a refusal: what it means. */
  readonly refusal: RefusalKind | undefined;
  /** Of a refusal: when to try again, seconds, where the service says so. */
  readonly retryAfterSeconds: number | undefined;
  /** Of a line that broke after some of it was heard: where to go on. */
  readonly broke: BreakPoint | undefined;

  private constructor(
    code: SpeechErrorCode,
    message: string,
    { reason, refusal, retryAfterSeconds, broke, ...options }: SpeechErrorOptions = {},
  ) {
    super(code, message, options);
    this.reason = reason;
    this.refusal = refusal;
    this.retryAfterSeconds = retryAfterSeconds;
    this.broke = broke;
  }

  /** The same failure, with the place at which the line broke. */
  brokenAt(broke: BreakPoint): SpeechError {
    const { code, message, cause, reason, refusal, retryAfterSeconds } = this;
    return new SpeechError(code, message, { cause, reason, refusal, retryAfterSeconds, broke });
  }

  /** The same failure in words that `rewrite` makes of its own, such as without secrets. */
  reworded(rewrite: (text: string) => string): SpeechError {
    const { code, message, cause, reason, refusal, retryAfterSeconds, broke } = this;
    const more = { cause, reason: reason && rewrite(reason), refusal, retryAfterSeconds };
    return new SpeechError(code, rewrite(message), { ...more, ...(broke && { broke }) });
  }

  /** A failure as another machine tells of it. */
  static told(
    code: SpeechErrorCode,
    message: string,
    more: { reason?: string; refusal?: RefusalKind; retryAfterSeconds?: number } = {},
  ): SpeechError {
    return new SpeechError(code, message, more);
  }

  /** No connection could be made to `where`. */
  static connectFailed(where: string, cause?: unknown): SpeechError {
    return new SpeechError('connect-failed', `Could not connect to ${where}.`, { cause });
  }

  /** Whoever gives the token, or ticket, for `where` gave none: its reason is the `cause`. */
  static noToken(where: string, cause: unknown): SpeechError {
    const message = `Could not connect to ${where}: the function that fetches its token or ticket failed.`;
    return new SpeechError('connect-failed', message, { cause });
  }

  /** The connection took longer than `seconds`. */
  static connectTimeout(where: string, seconds: number): SpeechError {
    return new SpeechError('connect-timeout', `No connection to ${where} within ${seconds} s.`);
  }

  /** The service accepted the request but sent no sound within `seconds`. */
  static firstAudioTimeout(where: string, seconds: number): SpeechError {
    return new SpeechError(
      'first-audio-timeout',
      `No audio from ${where} within ${seconds} s of the request.`,
    );
  }

  /** The stream fell silent in the middle of a line for `seconds`. */
  static stalled(where: string, seconds: number): SpeechError {
    return new SpeechError('stalled', `The stream from ${where} stalled: nothing came for ${seconds} s.`);
  }

  /** The connection closed before the line was whole. */
  static closedEarly(where: string, cause?: unknown): SpeechError {
    return new SpeechError('closed-early', `The connection to ${where} closed before the line ended.`, {
      cause,
    });
  }

  /** The service said no, in its own words. */
  static refused(
    where: string,
    reason: string,
    refusal: RefusalKind = 'request',
    retryAfterSeconds?: number,
    cause?: unknown,
  ): SpeechError {
    return new SpeechError('refused', `${where} refused the line: ${reason}`, {
      cause,
      reason,
      refusal,
      retryAfterSeconds,
    });
  }

  /** The service broke down over the line, in its own words; another attempt may do better. */
  static serviceFailed(where: string, reason: string): SpeechError {
    return new SpeechError('service-failed', `${where} failed to speak the line: ${reason}`, { reason });
  }

  /** The service sent something that its protocol does not have. */
  static protocol(where: string, expected: string, got: string): SpeechError {
    return new SpeechError('protocol', `Expected ${expected} from ${where}, got ${got}.`);
  }

  /** The stream ended properly but held no sound although there was text to speak. */
  static empty(where: string): SpeechError {
    return new SpeechError('empty', `${where} ended the line without any audio.`);
  }

  /** The line's audio is larger than `maxBytes`, the limit that the game has set or left. */
  static tooLong(where: string, maxBytes: number): SpeechError {
    return new SpeechError(
      'too-long',
      `${where} sent more than ${maxBytes} bytes of audio for one line. Split the text, or raise maxLineBytes.`,
    );
  }

  /** A single message was larger than any that is taken. Another attempt brings the same. */
  static tooLarge(where: string): SpeechError {
    return new SpeechError(
      'too-long',
      `${where} sent a message that is larger than any that is taken. Split the text, or let it send the sound in pieces.`,
    );
  }

  /** The line lasts longer than `maxSeconds`, the limit of whoever keeps lines for many. */
  static tooManySeconds(where: string, maxSeconds: number): SpeechError {
    return new SpeechError(
      'too-long',
      `${where} sent more than ${maxSeconds} s of audio for one line. Split the text.`,
    );
  }

  /** Local synthesis broke down. */
  static synthesisFailed(reason: string, cause?: unknown): SpeechError {
    return new SpeechError('synthesis-failed', `Local synthesis failed: ${reason}`, { cause });
  }

  /** The page may not make sound yet and the line was not to wait. */
  static locked(): SpeechError {
    return new SpeechError(
      'locked',
      'The browser allows sound only after the player clicks, taps or presses a key, and nothing of that kind has happened yet.',
    );
  }

  /** The line was cancelled by its caller. */
  static aborted(cause?: unknown): SpeechError {
    return new SpeechError('aborted', 'The line was cancelled.', { cause });
  }
}

/** An argument, option or file that cannot be used. */
export class InputError extends ParleyError {
  override readonly name = 'InputError';
  declare readonly code: 'invalid-input';

  constructor(what: string, expected: string, got: string) {
    super('invalid-input', `${what}: expected ${expected}, got ${got}.`);
  }
}
