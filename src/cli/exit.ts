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

/** The exit code that tells scripts what went wrong. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof SpeechError) return error.code === 'refused' ? EXIT.refused : EXIT.stream;
  if (error instanceof ParleyError && error.code === 'invalid-input') return EXIT.usage;
  return EXIT.failed;
}

/** What went wrong, in one line. */
export function lineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `parley: ${message.replace(/\s+/g, ' ').trim()}`;
}
