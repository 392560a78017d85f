import { ParleyError, SpeechError } from '../speech/errors.ts';

/** Exit codes of `parley`; scripts rely on them. */
export const EXIT = { done: 0, failed: 1, usage: 2, refused: 3, stream: 4, unreadable: 5 } as const;

/** Wrong use of the command line: told in one line, exit code 2. */
export class UsageError extends ParleyError {
  override readonly name = 'UsageError';

  constructor(message: string) {
    super('usage', message);
  }
}

/** An input file that is not what it should be: exit code 5. */
export class UnreadableError extends ParleyError {
  override readonly name = 'UnreadableError';

  constructor(message: string, cause?: unknown) {
    super('unreadable', message, { cause });
  }
}

/** Some of the work is done and some failed; the exit code is that of its `cause`, the first failure. */
export class PartlyError extends ParleyError {
  override readonly name = 'PartlyError';

  constructor(message: string, cause: SpeechError) {
    super('partly', message, { cause });
  }
}

/** The exit code that tells scripts what went wrong. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof PartlyError) return exitCodeOf(error.cause);
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof UnreadableError) return EXIT.unreadable;
  if (error instanceof SpeechError) return error.code === 'refused' ? EXIT.refused : EXIT.stream;
  if (error instanceof ParleyError && error.code === 'invalid-input') return EXIT.usage;
  return EXIT.failed;
}

/** What went wrong, and why where that is known, in one line that shows no key. */
export function lineOf(error: unknown): string {
  const reason = error instanceof SpeechError ? reasonOf(error) : '';
  const message = `${error instanceof Error ? error.message : String(error)}${reason && ` (${reason})`}`;
  return `parley: ${hideKeys(message).replace(/\s+/g, ' ').trim()}`;
}

/** Of a connection that failed or broke, what the network said: the last cause that has words. */
function reasonOf({ code: kind, cause, message }: SpeechError): string {
  if (kind !== 'connect-failed' && kind !== 'closed-early') return '';
  let reason = '';
  for (let at = cause; at instanceof Error; at = at.cause) {
    const code = (at as NodeJS.ErrnoException).code ?? '';
    reason = at.message || code || reason;
  }
  return message.includes(reason) ? '' : reason;
}

/** Environment variables and query fields that hold keys. */
const KEY_VARIABLE = /_API_KEY$/;
const KEY_FIELD = /\b(api_key|token|ticket)=[^&\s'"]*/gi;

/** The adapters show no key; this is for what they never see, such as a mistyped option that holds an address. */
function hideKeys(text: string): string {
  const keys = Object.entries(process.env).flatMap(([name, key]) =>
    key && KEY_VARIABLE.test(name) ? [key] : [],
  );
  return keys.reduce((rest, key) => rest.replaceAll(key, '***'), text).replace(KEY_FIELD, '$1=***');
}
