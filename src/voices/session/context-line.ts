import { SpeechError, type SpeechErrorCode } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SharedKeeper } from './shared-keeper.ts';
import type { Addressed, SharedLine } from './shared-session.ts';
import { againIfStale, type LineTalk, receiveParts, type Timeouts } from './socket-line.ts';

/** One line on a shared socket, as a protocol has it. */
export interface ContextTalk<Read> extends LineTalk<Read> {
  /** The messages that cancel the line, in order. */
  readonly cancels: readonly string[];
}

/** How lines go over the shared sockets of one service. */
export interface ContextLines<Read extends Addressed> {
  readonly keeper: SharedKeeper<Read>;
  /** The address, for messages. */
  readonly where: string;
  readonly timeouts: Required<Timeouts>;
  /** Begins a line; its messages name the line's context. */
  readonly talk: (line: SharedLine<Read>) => ContextTalk<Read>;
}

/** Failures after which a socket is not trusted with other lines. */
const SICK: ReadonlySet<SpeechErrorCode> = new Set(['protocol', 'stalled', 'first-audio-timeout']);

/**
 * Speaks one line on a socket that others speak on too. It is cancelled by a message; the socket stays, and what still
 * comes for the line is dropped. A line that finds its socket closed is asked for again, as long as nothing has come.
 */
export function speakOnContext<Read extends Addressed>(
  lines: ContextLines<Read>,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart, void, void> {
  return againIfStale(
    () => lines.keeper.take(signal),
    ({ line }) => speakOn(line, lines, signal),
  );
}

async function* speakOn<Read extends Addressed>(
  line: SharedLine<Read>,
  { keeper, talk: begin, where, timeouts }: ContextLines<Read>,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart, void, void> {
  const talk = begin(line);
  const stop = () => line.nudge();
  /** Whether the service is done with the line. */
  let over = true;
  try {
    if (signal.aborted) throw SpeechError.aborted();
    signal.addEventListener('abort', stop, { once: true });
    over = false;
    for (const ask of talk.asks) line.send(ask);
    for await (const part of receiveParts(line, talk, where, timeouts, signal)) {
      if (part.type !== 'end') yield part;
      else {
        over = true;
        break;
      }
    }
  } catch (error) {
    if (error instanceof SpeechError) {
      over ||= error.refusal !== undefined || error.code === 'service-failed' || error.code === 'empty';
      if (SICK.has(error.code)) line.session.retire();
    }
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    line.leave(over ? undefined : talk.cancels);
    keeper.giveBack(line);
  }
  yield { type: 'end' };
}
