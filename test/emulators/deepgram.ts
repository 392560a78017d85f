/**
 * Deepgram Aura (`/v1/speak`) as its documents have it: raw sound in binary frames, Speak, Flush, Clear and Close, at most
 * 20 flushes in 60 seconds. Query of the address: `odd=1` tears samples apart, `end=none` never confirms a flush,
 * `flushes=N&window=S` another limit, `lead=MS` before the first frame of sound,
 * `pace=MS` between two, `die=N` closes with an error after N frames.
 */
import type { IncomingMessage } from 'node:http';
import { type RawData, WebSocket } from 'ws';
import { objectIn, protocolsOf } from './frames.ts';
import { type ServedPort, servePort } from './service-port.ts';
import { bytesOfSamples, pace, piecesOfBytes, sayable, speech, standInFor } from './speech.ts';

export interface DeepgramEmulatorOptions {
  /** The key that is let in. Default: any. */
  readonly key?: string;
  /** Sockets at a time. Default: any number. */
  readonly units?: number;
}

/** What was asked, for tests. */
export interface DeepgramEmulator extends ServedPort {
  readonly handshakes: {
    readonly url: URL;
    readonly authorization: string | undefined;
    readonly protocols: string[];
  }[];
  /** All that visitors sent, in order. */
  readonly asked: Record<string, unknown>[];
}

const RATES = ['8000', '16000', '24000', '44100', '48000'];
const LONGEST = 2000;
const FRAME_SECONDS = 0.06;

/** The voice of this machine that speaks for a model. */
export const voiceOfModel = standInFor;

export async function serveDeepgram(options: DeepgramEmulatorOptions = {}): Promise<DeepgramEmulator> {
  const handshakes: DeepgramEmulator['handshakes'] = [];
  const asked: Record<string, unknown>[] = [];
  let open = 0;
  const port = await servePort({
    admit(request, url) {
      const protocols = protocolsOf(request);
      handshakes.push({ url, authorization: request.headers.authorization, protocols });
      if (options.units !== undefined && open >= options.units) {
        return no(429, 'TOO_MANY_REQUESTS', 'Too many requests. Please try again later.');
      }
      return judge(request, url, protocols, options.key);
    },
    carry(socket, url) {
      open++;
      socket.on('close', () => open--);
      new Visitor(socket, url.searchParams, asked);
    },
  });
  return { ...port, url: `${port.url}/v1/speak`, handshakes, asked };
}

function no(status: number, code: string, message: string) {
  return { status, body: { err_code: code, err_msg: message, request_id: 'emulated' } };
}

function judge(request: IncomingMessage, url: URL, protocols: string[], key: string | undefined) {
  const header = /^(?:Token|Bearer) (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const [scheme, secret] = protocols;
  const given = header ?? (scheme === 'token' || scheme === 'bearer' ? secret : undefined);
  if (given === undefined || (key !== undefined && given !== key)) {
    return no(401, 'INVALID_AUTH', `Invalid credentials: ${given ?? 'none'}.`);
  }
  if (url.pathname !== '/v1/speak') return no(404, 'NOT_FOUND', 'There is nothing here.');
  const query = url.searchParams;
  if (!/^aura(-2)?-[a-z]+-[a-z]{2}$/.test(query.get('model') ?? 'aura-asteria-en')) {
    return no(400, 'Bad Request', 'No such model/language/tier combination found.');
  }
  if (query.get('encoding') !== 'linear16')
    return no(400, 'UNSUPPORTED_AUDIO_FORMAT', 'Unsupported encoding here.');
  if (!RATES.includes(query.get('sample_rate') ?? '24000')) {
    return no(400, 'UNSUPPORTED_AUDIO_FORMAT', 'Unsupported sample rate.');
  }
  const speed = Number(query.get('speed') ?? 1);
  return speed >= 0.7 && speed <= 1.5
    ? undefined
    : no(400, 'Bad Request', 'speed must be between 0.7 and 1.5');
}

class Visitor {
  readonly #socket: WebSocket;
  readonly #query: URLSearchParams;
  readonly #flushes: number[] = [];
  #text = '';
  #sequence = 0;
  /** Counts what was cleared: sound of before is not sent any more. */
  #generation = 0;
  #frames = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(socket: WebSocket, query: URLSearchParams, asked: Record<string, unknown>[]) {
    this.#socket = socket;
    this.#query = query;
    const model = query.get('model') ?? 'aura-asteria-en';
    this.#tell({ type: 'Metadata', request_id: 'r', model_name: model, model_version: '1', model_uuid: 'u' });
    socket.on('message', (data: RawData, binary) => {
      const message = binary ? undefined : objectIn(String(data));
      if (message) asked.push(message);
      if (message) this.#take(message);
      else socket.close(1008, 'DATA-0000: The payload cannot be decoded as a message.');
    });
  }

  #take(message: Record<string, unknown>): void {
    switch (message.type) {
      case 'Speak':
        if (typeof message.text !== 'string') this.#socket.close(1008, 'DATA-0000: text must be a string.');
        else if (message.text.length > LONGEST) this.#warn('DATA-0001', 'Text is over 2000 characters.');
        else this.#text += message.text;
        return;
      case 'Flush':
        this.#flush();
        return;
      case 'Clear':
        this.#generation++;
        this.#text = '';
        this.#tell({ type: 'Cleared', sequence_id: this.#sequence++ });
        return;
      case 'Close':
        this.#socket.close(1000);
        return;
      default:
        this.#socket.close(1008, 'DATA-0000: The payload cannot be decoded as a message.');
    }
  }

  #flush(): void {
    const now = performance.now() / 1000;
    const window = Number(this.#query.get('window') ?? 60);
    while (this.#flushes.length > 0 && this.#flushes[0]! < now - window) this.#flushes.shift();
    if (this.#flushes.length >= Number(this.#query.get('flushes') ?? 20)) {
      this.#warn('EXCESSIVE_FLUSH', `Only 20 flushes are processed in ${window} seconds.`);
      return;
    }
    this.#flushes.push(now);
    const text = this.#text;
    const generation = this.#generation;
    this.#text = '';
    this.#last = this.#last.then(() => this.#speak(text, generation)).catch(() => this.#socket.terminate());
  }

  async #speak(text: string, generation: number): Promise<void> {
    const query = this.#query;
    const voice = voiceOfModel(query.get('model') ?? 'aura-asteria-en');
    const rate = Number(query.get('sample_rate') ?? 24_000);
    const stale = () => generation !== this.#generation || this.#socket.readyState !== WebSocket.OPEN;
    await pace(Number(query.get('lead') ?? 0));
    if (stale()) return;
    const { samples } = sayable(text)
      ? await speech(text, voice, rate, Number(query.get('speed') ?? 1))
      : { samples: new Int16Array() };
    for (const piece of piecesOfBytes(bytesOfSamples(samples), FRAME_SECONDS * rate * 2, query.has('odd'))) {
      if (stale()) return;
      this.#socket.send(piece);
      if (++this.#frames === Number(query.get('die'))) {
        this.#socket.close(1011, 'NET-0001: The service has run into trouble.');
        return;
      }
      await pace(Number(query.get('pace') ?? 0));
    }
    if (!stale() && query.get('end') !== 'none') {
      this.#tell({ type: 'Flushed', sequence_id: this.#sequence++ });
    }
  }

  #warn(code: string, description: string): void {
    this.#tell({ type: 'Warning', code, description });
  }

  #tell(message: unknown): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
