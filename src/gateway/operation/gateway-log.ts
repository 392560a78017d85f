import { type LevelWithSilent, type Logger, pino } from 'pino';
import { scrubber } from './scrub.ts';

export type LogLevel = LevelWithSilent;

/** How the gateway logs. */
export interface LogOptions {
  /** Default `info`. */
  readonly level?: LogLevel | undefined;
  /**
   * Whether messages of errors are logged. What a service says of a line may hold the line, so by default there are only
   * the kind of an error, its code and its place in the program. Default false.
   */
  readonly messages?: boolean | undefined;
  /** Where lines of JSON go. Default: standard error. */
  readonly write?: (line: string) => void;
  /** Secrets to be hidden besides those of the environment (`…_API_KEY`, `…_SECRET`, `…_PASSWORD`, `…_TOKEN`). */
  readonly secrets?: readonly string[] | undefined;
}

/** A log that takes pino's calls. */
export type GatewayLog = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** Fields that hold what nobody may read, should one ever be logged. */
const REDACTED = ['text', 'key', 'ticket', 'user', 'secret', 'authorization', 'headers', 'url'].flatMap(
  (name) => [name, `*.${name}`],
);

/** A log in lines of JSON, without keys, tickets, texts and players. Every line passes the scrubber as it leaves. */
export function createLog(options: LogOptions = {}): GatewayLog {
  const { level = 'info', messages = false, secrets } = options;
  const { write = (line: string) => void process.stderr.write(line) } = options;
  const scrub = scrubber(secrets);
  return pino(
    {
      level,
      base: { name: 'parley' },
      redact: { paths: REDACTED, censor: '***' },
      serializers: { error: (error: unknown) => errorFields(error, messages) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    { write: (line: string) => write(scrub(line)) },
  );
}

/** What is logged of an error: where it came from, and what kind of. */
export function errorFields(error: unknown, messages: boolean): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name: type, code, stack = '', cause } = error as Error & { code?: unknown };
  // The message comes before the frames, in as many lines as it has.
  const frames = stack.split('\n').filter((line) => /^\s+at .*[:)\d]$/.test(line));
  return {
    type,
    ...(typeof code === 'string' && { code }),
    ...(messages && { message: error.message }),
    frames: frames.slice(0, 6).map((line) => line.trim()),
    ...(cause instanceof Error && { cause: errorFields(cause, messages) }),
  };
}
