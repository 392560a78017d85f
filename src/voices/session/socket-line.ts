import { SpeechError } from '../../speech/errors.ts';
import { anything, type OptionChecks } from '../../speech/option-checks.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { waitSeconds } from './seconds.ts';
import type { Message, Session } from './session.ts';
import type { SessionKeeper } from './session-keeper.ts';

/** How long to wait for what, in seconds: each above 0, up to 86,400 (a day). */
export interface Timeouts {
  /** For the connection. Default: 5. */
  readonly connect?: number;
  /** From the request to the first audio. Default: 10, which leaves a busy service time to begin. */
  readonly firstAudio?: number;
  /**
   * Between two messages of a running line. Default: 5. Services send faster than the line is heard, so a gap this long
   * means that the stream is lost; waiting longer only keeps the player in silence.
   */
  readonly stall?: number;
}

/** Their names; how long each may be is checked by {@link fullTimeouts}. */
export const TIMEOUT_CHECKS: OptionChecks<Timeouts> = {
  connect: anything,
  firstAudio: anything,
  stall: anything,
};

/** All time-outs, with their defaults. Throws {@link InputError} for one that is out of range. */
export function fullTimeouts({ connect = 5, firstAudio = 10, stall = 5 }: Timeouts = {}): Required<Timeouts> {
  return {
    connect: waitSeconds('timeouts.connect', connect),
    firstAudio: waitSeconds('timeouts.firstAudio', firstAudio),
    stall: waitSeconds('timeouts.stall', stall),
  };
}

/** One line, as a protocol has it. */
export interface LineTalk<Read = Message> {
  /** The messages that ask for the line, in order. */
  readonly asks: readonly string[];
  /**
   * The parts that a message makes, `end` the last of the line. Throws the {@link SpeechError} of a message that says,
   * or is, something wrong.
   */
  read(message: Read): readonly SpeechPart[];
}

/** One line on a socket of its own. */
export interface Talk extends LineTalk {
  /** How the line is cancelled by a message, where the service can. Without it the socket is closed. */
  readonly cancel?: Cancel;
}

/** A line that is cancelled while its socket stays. */
export interface Cancel {
  /** What is sent at once. */
  asks(): readonly string[];
  /**
   * What comes after that is read here and dropped: `over` with the last message of the cancelled line, else what is to be
   * sent in answer.
   */
  read(message: Message): 'over' | readonly string[];
}

/** How long a service may take to be done with a line that was cancelled, seconds; after that its socket is closed. */
const HUSH_SECONDS = 1;

/** How lines go over the sockets of one service. */
export interface SocketLines {
  readonly keeper: SessionKeeper;
  /** The address, for messages. */
  readonly where: string;
  readonly timeouts: Required<Timeouts>;
  /** Begins a line on a socket. */
  readonly talk: (session: Session) => Talk;
}

/**
 * Speaks one line on a socket of its own: a whole one is kept for the next line, any other is closed, which is how a
 * line is cancelled. A kept socket that turns out to be closed is replaced, as long as nothing has come.
 */
export function speakOnSocket(
  lines: SocketLines,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart, void, void> {
  return againIfStale(
    () => lines.keeper.take(signal),
    ({ session }) => speakOn(session, lines, signal),
  );
}

/** Speaks on what is taken; on another if that was used before and turns out to be closed, as long as nothing has come. */
export async function* againIfStale<Taken extends { readonly reused: boolean }>(
  take: () => Promise<Taken>,
  speak: (taken: Taken) => AsyncIterable<SpeechPart>,
): AsyncGenerator<SpeechPart, void, void> {
  for (;;) {
    const taken = await take();
    let heard = false;
    try {
      for await (const part of speak(taken)) {
        heard = true;
        yield part;
      }
      return;
    } catch (error) {
      const stale = taken.reused && !heard && error instanceof SpeechError && error.code === 'closed-early';
      if (!stale) throw error;
    }
  }
}

async function* speakOn(
  session: Session,
  { keeper, talk: begin, where, timeouts }: SocketLines,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart, void, void> {
  const talk = begin(session);
  let cancelled = false;
  const stop = () => {
    if (cancelled) return;
    cancelled = true;
    if (talk.cancel)
      void hush(session, talk.cancel, keeper); // Never rejects; the line does not wait for it.
    else session.close();
  };
  let over = false;
  let failed = false;
  try {
    if (signal.aborted) throw SpeechError.aborted();
    for (const ask of talk.asks) session.send(ask);
    signal.addEventListener('abort', stop, { once: true });
    for await (const part of receiveParts(session, talk, where, timeouts, signal)) {
      if (part.type !== 'end') yield part;
      else {
        over = true;
        break;
      }
    }
  } catch (error) {
    failed = true;
    // A line that never had its turn leaves nothing behind on the socket, which may be used for another attempt.
    over = error instanceof SpeechError && error.refusal === 'busy';
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    if (over) {
      session.finish();
      keeper.giveBack(session);
    } else {
      if (!failed) stop(); // Whoever read the line has left it.
      if (!cancelled || !talk.cancel) keeper.drop(session);
    }
  }
  yield { type: 'end' };
}

/** Cancels the line of a socket and keeps the socket, once nothing of the line is on its way any more. Never rejects. */
async function hush(session: Session, cancel: Cancel, keeper: SessionKeeper): Promise<void> {
  try {
    for (const ask of cancel.asks()) session.send(ask);
    session.nudge();
    const until = performance.now() + HUSH_SECONDS * 1000;
    for (;;) {
      const message = await session.receive((until - performance.now()) / 1000);
      const answer = message === undefined ? undefined : cancel.read(message);
      if (answer === undefined) break;
      if (answer === 'over') {
        session.finish();
        keeper.giveBack(session);
        return;
      }
      for (const ask of answer) session.send(ask);
    }
  } catch {
    // A socket that broke meanwhile is dropped like one that is not done in time; nobody waits for this line any more.
  }
  keeper.drop(session);
}

/** The parts of the line that was just asked for. */
export async function* receiveParts<Read>(
  session: { receive(seconds: number): Promise<Read | undefined> },
  talk: Pick<LineTalk<Read>, 'read'>,
  where: string,
  { firstAudio, stall }: Required<Timeouts>,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart, void, void> {
  let patience = firstAudio;
  let heard = false;
  for (;;) {
    const asked = performance.now();
    if (signal.aborted) throw SpeechError.aborted();
    const message = await session.receive(patience);
    if (signal.aborted) throw SpeechError.aborted();
    if (message === undefined) {
      throw heard ? SpeechError.stalled(where, stall) : SpeechError.firstAudioTimeout(where, firstAudio);
    }
    patience -= (performance.now() - asked) / 1000;
    const parts = talk.read(message);
    heard ||= parts.some((part) => part.type === 'audio');
    yield* parts;
    if (parts.at(-1)?.type === 'end') return;
    // Before the sound, nothing that comes extends the wait for it; after it, only what belongs to the line does.
    if (heard && parts.length > 0) patience = stall;
  }
}
