import type { RawData, WebSocket } from 'ws';
import { ParleyError, SpeechError } from '../../speech/errors.ts';
import { PacedSocket } from '../paced-socket.ts';
import { watchPeer } from '../peer-watch.ts';
import { type DialectOptions, oneLine, reasonOf } from './dialect.ts';
import { LokutorFrames } from './lokutor-frames.ts';
import { LetterWriter } from './lokutor-letters.ts';
import { type LokutorRequest, readLokutorRequest } from './lokutor-request.ts';
import { LokutorWire } from './lokutor-wire.ts';
import type { Choices, LOKUTOR_VARIANTS } from './variants.ts';
import { BINARY } from './wire-json.ts';

/** Close codes: the connection has done its work; it breaks a policy. */
const DONE = 1000;
const POLICY = 1008;

/** What a connection of the Lokutor dialect needs besides. */
export interface LokutorOptions extends DialectOptions {
  readonly variants: Choices<typeof LOKUTOR_VARIANTS>;
}

/**
 * Serves one connection in the Lokutor dialect: a JSON request, then visemes and sound, then `EOS`; the next request
 * may follow. What cannot be spoken gets `ERR: …` and leaves the connection, and a running request, as they are.
 * There is no message to cancel: closing the socket does.
 */
export function serveLokutor(
  socket: WebSocket,
  { source, onError, pingSeconds, variants }: LokutorOptions,
): void {
  const paced = new PacedSocket(socket, watchPeer(socket, pingSeconds));
  const wire = new LokutorWire(variants);
  let running: AbortController | undefined;
  let toReject = Number(variants.reject);
  /** Seconds of sound that the socket has given in finished requests. */
  let given = 0;

  function handleMessage(data: RawData, binary: boolean): void {
    if (variants.close === 'policy') {
      socket.close(POLICY, 'not allowed');
      return;
    }
    const { request, problem } = binary ? BINARY : readLokutorRequest(data.toString());
    if (problem !== undefined) refuse('validation.invalid_request_format', problem);
    else if (running) {
      const reason = 'a line is being spoken on this socket: wait for its EOS, or open another socket';
      refuse('tts.session_limit_reached', reason);
    } else if (toReject-- > 0) refuse('tts.session_limit_reached', 'session limit reached; try again later');
    else {
      running = new AbortController();
      void speak(request, running.signal).finally(() => {
        running = undefined;
      });
    }
  }

  /** Never rejects: whatever happens is told to the client. */
  async function speak({ speech, visemes }: LokutorRequest, signal: AbortSignal): Promise<void> {
    const asked = performance.now();
    const offset = variants.times === 'socket' ? given : 0;
    const frames = new LokutorFrames({
      wire,
      sampleRate: Number(variants.rate),
      letters: visemes ? new LetterWriter(speech.text, variants.letters, offset) : undefined,
      late: variants.order === 'after',
      silences: variants.silences === 'told',
    });
    let first = true;
    try {
      for await (const part of source.speak(speech, signal)) {
        for (const frame of frames.push(part)) {
          if (first) for (const told of wire.timing(Math.round(performance.now() - asked))) paced.send(told);
          first = false;
          paced.send(frame);
          await paced.room();
          if (signal.aborted) return;
        }
      }
      for (const message of wire.end()) paced.send(message);
      if (variants.close === 'after') socket.close(DONE);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ParleyError)) onError(error);
      refuse(codeOf(error), reasonOf(error));
    } finally {
      given += frames.seconds;
    }
  }

  function refuse(code: string, reason: string): void {
    paced.send(wire.error(code, oneLine(reason)));
  }

  socket.on('message', handleMessage);
  socket.on('close', () => running?.abort());
  socket.on('error', () => {}); // A broken peer or frame; `close` follows and does the rest.
}

/** The code of an error, of those that the service's clients know. */
function codeOf(error: unknown): string {
  if (!(error instanceof ParleyError)) return 'internal.error';
  return error instanceof SpeechError && error.code === 'refused'
    ? 'tts.voice_unavailable'
    : 'tts.synthesis_failed';
}
