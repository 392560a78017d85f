import { WebSocket } from 'ws';
import type { Cue } from '../speech/cue.ts';
import { ParleyError } from '../speech/errors.ts';
import type { VoiceSource } from '../speech/source.ts';
import { LokutorLetters, type LokutorViseme } from './lokutor-letters.ts';
import { type LokutorRequest, parseLokutorRequest } from './lokutor-request.ts';

/** The dialect's fixed rate, Hz. Audio is signed 16-bit little-endian mono. */
export const LOKUTOR_SAMPLE_RATE = 44_100;

/** Samples in one audio message: 30 ms, in the middle of the 20 to 40 that the service sends. */
const CHUNK = 1_323;

/** Bytes that may wait for a slow reader before we wait for it: about three seconds of sound. */
const HIGH_WATER = 262_144;

/**
 * One connection of the Lokutor dialect: a request, its stream, `EOS`, and the next request. Bad requests are
 * answered with `ERR:` and cost nothing else; closing the socket cancels the line.
 */
export function serveLokutor(socket: WebSocket, source: VoiceSource): void {
  let running: AbortController | undefined;

  socket.on('message', (data, binary) => {
    const request = binary
      ? 'expected a JSON text message, got a binary one'
      : parseLokutorRequest(String(data));
    if (typeof request === 'string') return refuse(socket, request);
    if (running)
      return refuse(socket, 'a line is still being spoken on this socket; wait for EOS or open another');
    const line = new AbortController();
    running = line;
    void speak(socket, source, request, line.signal).finally(() => {
      running = undefined;
    });
  });
  socket.on('close', () => running?.abort());
  socket.on('error', () => running?.abort()); // A broken socket closes by itself; nobody is left to tell.
}

function refuse(socket: WebSocket, reason: string): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(`ERR: ${reason}`);
}

async function speak(
  socket: WebSocket,
  source: VoiceSource,
  request: LokutorRequest,
  signal: AbortSignal,
): Promise<void> {
  try {
    const stream = new LokutorStream(socket, request);
    for await (const part of source.speak(request, signal)) {
      if (part.type === 'cues') stream.addCues(part.cues);
      else if (part.type === 'audio') await stream.sendAudio(part.samples, signal);
    }
    if (signal.aborted) return;
    stream.sendRest();
    socket.send('EOS');
  } catch (error) {
    if (signal.aborted) return;
    refuse(socket, error instanceof ParleyError ? error.message : 'the line could not be spoken');
  }
}

/** The order of a stream: each batch of visemes just before the audio it describes. */
class LokutorStream {
  readonly #socket: WebSocket;
  readonly #letters: LokutorLetters;
  readonly #wanted: boolean;
  #cues: Cue[] = [];
  #sent = 0;

  constructor(socket: WebSocket, { text, visemes }: LokutorRequest) {
    this.#socket = socket;
    this.#letters = new LokutorLetters(text);
    this.#wanted = visemes;
  }

  addCues(cues: readonly Cue[]): void {
    if (this.#wanted) this.#cues.push(...cues);
  }

  async sendAudio(samples: Int16Array, signal: AbortSignal): Promise<void> {
    for (let from = 0; from < samples.length && !signal.aborted; from += CHUNK) {
      const chunk = samples.subarray(from, from + CHUNK);
      this.#sendVisemesBefore((this.#sent + chunk.length) / LOKUTOR_SAMPLE_RATE);
      this.#sent += chunk.length;
      await this.#send(littleEndian(chunk));
    }
  }

  sendRest(): void {
    this.#sendVisemesBefore(Number.POSITIVE_INFINITY);
  }

  #sendVisemesBefore(end: number): void {
    const later = this.#cues.findIndex((cue) => cue.start >= end);
    const due = this.#cues.splice(0, later < 0 ? this.#cues.length : later);
    if (due.length === 0) return;
    const events: LokutorViseme[] = due.map((cue) => this.#letters.eventOf(cue));
    this.#socket.send(JSON.stringify(events));
  }

  /** Resolves at once while the reader keeps up, else when what is sent has left the process. */
  #send(bytes: Uint8Array): Promise<void> {
    if (this.#socket.bufferedAmount < HIGH_WATER) {
      this.#socket.send(bytes);
      return Promise.resolve();
    }
    // A send that fails means that the socket closes, which aborts the line.
    return new Promise((resolve) => this.#socket.send(bytes, () => resolve()));
  }
}

function littleEndian(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < samples.length; index++) view.setInt16(index * 2, samples[index]!, true);
  return bytes;
}
