import type { RawData, WebSocket } from 'ws';
import { ParleyError } from '../../speech/errors.ts';
import type { SpeechRequest } from '../../speech/source.ts';
import { PacedSocket } from '../paced-socket.ts';
import { watchPeer } from '../peer-watch.ts';
import type { Account } from './account.ts';
import { type DialectOptions, oneLine, reasonOf } from './dialect.ts';
import { LightningChunks } from './lightning-chunks.ts';
import { LightningMessages, type RequestNames } from './lightning-messages.ts';
import { type LightningRequest, type LightningVersion, readLightningRequest } from './lightning-request.ts';
import { LightningTurn, type SpokenRequest } from './lightning-turn.ts';
import { OddPieces } from './odd-pieces.ts';
import type { Choices, LIGHTNING_VARIANTS } from './variants.ts';
import { BINARY } from './wire-json.ts';

/** Close codes: the connection has done its work; it breaks a policy. */
const DONE = 1000;
const POLICY = 1008;

/** What a connection of the Lightning dialect needs besides. */
export interface LightningOptions extends DialectOptions {
  readonly version: LightningVersion;
  readonly account: Account;
  readonly variants: Choices<typeof LIGHTNING_VARIANTS>;
  /** Seconds without a message after which a connection with nothing to do is closed. */
  readonly idleSeconds: number;
  /** Names of the service's voices, and what they are called by the source. */
  readonly voices: Readonly<Record<string, string>>;
}

/**
 * Serves one connection in the Lightning dialect. A request holds one of the account's units until `complete`; what
 * comes after its last sound but before `complete` is a new request of the same turn, which one `complete` ends. What
 * cannot be spoken is answered with `status: "error"` and leaves the connection as it is. There is no message to
 * cancel: closing the socket does.
 */
export function serveLightning(socket: WebSocket, options: LightningOptions): void {
  const leave = options.account.enter();
  const connection = new LightningConnection(socket, options);
  socket.on('message', (data, binary) => connection.handleMessage(data, binary));
  socket.on('close', () => {
    connection.dispose();
    leave();
  });
  socket.on('error', () => {}); // A broken peer or frame; `close` follows and does the rest.
}

class LightningConnection {
  readonly #socket: WebSocket;
  readonly #paced: PacedSocket;
  readonly #options: LightningOptions;
  readonly #messages: LightningMessages;
  readonly #stop = new AbortController();
  #turn: LightningTurn | undefined;
  #toReject: number;
  /** Seconds of sound that the socket has given in finished stretches. */
  #seconds = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: WebSocket, options: LightningOptions) {
    this.#socket = socket;
    this.#paced = new PacedSocket(socket, watchPeer(socket, options.pingSeconds));
    this.#options = options;
    this.#messages = new LightningMessages(options.version, options.variants);
    this.#toReject = Number(options.variants.reject);
    this.#watchIdle();
  }

  handleMessage(data: RawData, binary: boolean): void {
    this.#watchIdle();
    const { variants, version } = this.#options;
    if (variants.close === 'policy') {
      this.#socket.close(POLICY, 'not allowed');
      return;
    }
    const { request, problem } = binary ? BINARY : readLightningRequest(data.toString(), version);
    if (problem !== undefined) this.#refuse(this.#messages.names(), 'VALIDATION_ERROR', problem);
    else if (isKeepAlive(request) && !this.#turn?.open) return;
    else this.#take(request);
  }

  dispose(): void {
    clearTimeout(this.#idle);
    this.#stop.abort();
    this.#turn?.dispose();
  }

  #take(request: LightningRequest): void {
    const { account, variants } = this.#options;
    const joins = this.#turn && (this.#turn.joinable || variants.overlap === 'wait');
    const unit = joins || this.#toReject-- > 0 ? undefined : account.take();
    if (!joins && !unit) {
      const many = `${account.units} active ${account.units > 1 ? 'requests' : 'request'} at a time`;
      const reason = `429 Too Many Requests: concurrency limit reached (${many}); try again when one is complete`;
      this.#refuse(this.#messages.names(request), 'RATE_LIMIT_EXCEEDED', reason);
      return;
    }
    this.#turn ??= new LightningTurn({
      namesOf: (message) => this.#messages.names(message),
      speak: (text, spoken) => this.#speak(text, spoken),
      complete: (last) => this.#complete(last),
    });
    if (unit) this.#turn.hold(unit);
    this.#turn.take(request);
  }

  async #speak(text: string, request: SpokenRequest): Promise<boolean> {
    const { source, variants, voices, onError } = this.#options;
    const { asked } = request;
    const { signal } = this.#stop;
    const chunks = new LightningChunks(asked.sampleRate, variants.words === 'late');
    const odd = variants.pieces === 'odd' ? new OddPieces() : undefined;
    const offset = variants.times === 'socket' ? this.#seconds : request.seconds;
    try {
      for await (const part of source.speak(speechOf(text, asked, voices), signal)) {
        for (const { samples, word } of chunks.push(part)) {
          if (samples) {
            const bytes = request.sound.write(samples);
            this.#sendSound(request, odd ? odd.push(bytes) : bytes);
          } else if (asked.words && variants.words !== 'none') {
            this.#paced.send(this.#messages.word(request.names, request.words++, word, offset));
          }
          await this.#paced.room();
          if (signal.aborted) return false;
        }
      }
      if (odd) this.#sendSound(request, odd.end());
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      if (!(error instanceof ParleyError)) onError(error);
      this.#refuse(request.names, 'SYNTHESIS_FAILED', reasonOf(error));
      return false;
    } finally {
      request.seconds += chunks.seconds;
      this.#seconds += chunks.seconds;
    }
  }

  #sendSound({ names }: SpokenRequest, bytes: Uint8Array): void {
    if (bytes.length > 0) this.#paced.send(this.#messages.sound(names, bytes));
  }

  #complete(last: SpokenRequest | undefined): void {
    this.#turn?.dispose();
    this.#turn = undefined;
    this.#watchIdle();
    const message = last && this.#messages.complete(last.names);
    if (message !== undefined) this.#paced.send(message);
    if (last && this.#options.variants.close === 'after') this.#socket.close(DONE);
  }

  #refuse(names: RequestNames, code: string, reason: string): void {
    this.#paced.send(this.#messages.error(names, code, oneLine(reason)));
  }

  /** Closes the connection when nothing comes and nothing is being done for so long. */
  #watchIdle(): void {
    const { idleSeconds } = this.#options;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(
      () => {
        if (this.#turn && !this.#turn.waiting) {
          this.#watchIdle();
          return;
        }
        this.#paced.send(this.#messages.idle(idleSeconds));
        this.#socket.close(DONE);
      },
      Math.min(idleSeconds * 1000, LONGEST_TIMER),
    );
  }
}

/** Longest time that a timer of Node can wait, ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** A blank text with nothing to flush only shows that the client lives. */
function isKeepAlive({ text, flush, more }: LightningRequest): boolean {
  return text.trim() === '' && !flush && !more;
}

function speechOf(
  text: string,
  { voice, lang, speed }: LightningRequest,
  voices: LightningOptions['voices'],
): SpeechRequest {
  return { text, voice: Object.hasOwn(voices, voice) ? voices[voice] : voice, lang, speed };
}
