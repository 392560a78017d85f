import type { RawData, WebSocket } from 'ws';
import { ParleyError, SpeechError } from '../speech/errors.ts';
import type { VoiceSource } from '../speech/source.ts';
import { LokutorFrames } from './lokutor-frames.ts';
import { type LokutorRequest, type Reading, readLokutorRequest } from './lokutor-request.ts';
import { PacedSocket } from './paced-socket.ts';
import { watchPeer } from './peer-watch.ts';

/** Longest explanation of a refusal, characters. */
const LONGEST_REASON = 500;

/** What a connection needs to speak. */
export interface DialectOptions {
  readonly source: VoiceSource;
  /** Told of errors that are faults of ours and not of a request. */
  readonly onError: (error: unknown) => void;
  /** Seconds between pings. */
  readonly pingSeconds: number;
}

const BINARY: Reading = { problem: 'expected a JSON text message, got a binary one' };

/**
 * Serves one connection in the Lokutor dialect: a JSON request, then visemes and sound, then `EOS`; the next request
 * may follow. What cannot be spoken gets `ERR: …` and leaves the connection, and a running request, as they are.
 * There is no message to cancel: closing the socket does.
 */
export function serveLokutor(socket: WebSocket, { source, onError, pingSeconds }: DialectOptions): void {
  const paced = new PacedSocket(socket, watchPeer(socket, pingSeconds));
  let running: AbortController | undefined;

  function handleMessage(data: RawData, binary: boolean): void {
    const { request, problem } = binary ? BINARY : readLokutorRequest(data.toString());
    if (problem !== undefined) refuse(problem);
    else if (running)
      refuse('a line is being spoken on this socket: wait for its EOS, or open another socket');
    else {
      running = new AbortController();
      void speak(request, running.signal).finally(() => {
        running = undefined;
      });
    }
  }

  /** Never rejects: whatever happens is told to the client. */
  async function speak({ speech, visemes }: LokutorRequest, signal: AbortSignal): Promise<void> {
    const frames = new LokutorFrames(speech.text, visemes);
    try {
      for await (const part of source.speak(speech, signal)) {
        for (const frame of frames.push(part)) {
          paced.send(frame);
          await paced.room();
          if (signal.aborted) return;
        }
      }
      paced.send('EOS');
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ParleyError)) onError(error);
      refuse(reasonOf(error));
    }
  }

  function refuse(reason: string): void {
    paced.send(`ERR: ${reason.replace(/\s+/g, ' ').slice(0, LONGEST_REASON)}`);
  }

  socket.on('message', handleMessage);
  socket.on('close', () => running?.abort());
  socket.on('error', () => {}); // A broken peer or frame; `close` follows and does the rest.
}

/** What the client is told; a refusal passes on in the words of whoever refused. */
function reasonOf(error: unknown): string {
  if (error instanceof SpeechError && error.reason) return error.reason;
  return error instanceof ParleyError ? error.message : 'the gateway failed to speak this; its log says why';
}
