/**
 * Inworld (`voice:streamBidirectional`) as its documents and clients show it: contexts on one socket, each created, sent text,
 * flushed and closed. Query of the address: `times=chunk` counts times from their chunk instead of the context's first
 * sample; `order=late` tells times after all sound (ASYNC); `tell=words|characters|visemes|shapes` tells no sounds but
 * these alone (`shapes`: visemes in other names); `partial=1` tells the last word of a chunk again with the next;
 * `tokens=1` tells marks and spaces as words; `wav=1` puts a header before each chunk; `odd=1` tears samples apart;
 * `end=none` never closes a context; `pace=MS` between two chunks; `die=N` the connection breaks after N chunks.
 */
import { type RawData, WebSocket } from 'ws';
import { type Fields, fields, objectIn, protocolsOf } from './frames.ts';
import { type Chunk, chunksOf, timestampsOf } from './inworld/timestamps.ts';
import { type ServedPort, servePort } from './service-port.ts';
import { bytesOfSamples, pace, sayable, speech, standInFor } from './speech.ts';
import type { SpokenText } from './spoken-text.ts';

export interface InworldEmulatorOptions {
  /** The key, or token, that is let in. Default: any. */
  readonly key?: string;
}

export interface InworldEmulator extends ServedPort {
  readonly handshakes: {
    readonly url: URL;
    readonly authorization: string | undefined;
    readonly protocols: string[];
  }[];
  /** All that visitors sent, in order. */
  readonly asked: Fields[];
}

const PATH = '/tts/v1/voice:streamBidirectional';
const RATES = [8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];
const MODELS = /^inworld-tts-(1|1-max|1\.5-mini|1\.5-max|2)$/;
const MOST_CONTEXTS = 5;
const LONGEST = 2000;

const [INVALID, NOT_FOUND, EXHAUSTED, UNAUTHENTICATED] = [3, 5, 8, 16];

/** The voice of this machine that speaks for one of the service's. */
export const voiceOfModel = standInFor;

export async function serveInworld({ key }: InworldEmulatorOptions = {}): Promise<InworldEmulator> {
  const handshakes: InworldEmulator['handshakes'] = [];
  const asked: Fields[] = [];
  const port = await servePort({
    admit(request, url) {
      const protocols = protocolsOf(request);
      handshakes.push({ url, authorization: request.headers.authorization, protocols });
      const header = request.headers.authorization ?? url.searchParams.get('authorization') ?? '';
      const offered = protocols.find((name) => name.startsWith('bearer_'))?.slice(7);
      const given = /^(?:Basic|Bearer) (\S+)$/.exec(header)?.[1] ?? offered;
      if (given === undefined || (key !== undefined && given !== key)) {
        return {
          status: 401,
          body: { code: UNAUTHENTICATED, message: `Unauthenticated: ${given ?? 'no key'}.` },
        };
      }
      if (url.pathname !== PATH) return { status: 404, body: { code: NOT_FOUND, message: 'Not Found' } };
      return undefined;
    },
    carry: (socket, url) => void new Visitor(socket, url.searchParams, asked),
  });
  return { ...port, url: port.url + PATH, handshakes, asked };
}

interface Context {
  readonly voice: string;
  readonly rate: number;
  readonly speed: number;
  readonly words: boolean;
  readonly lipsync: boolean;
  text: string;
  closing: boolean;
  /** What is under way in it, one after another. */
  work: Promise<void>;
}

class Visitor {
  readonly #socket: WebSocket;
  readonly #query: URLSearchParams;
  readonly #contexts = new Map<string, Context>();
  #chunks = 0;

  constructor(socket: WebSocket, query: URLSearchParams, asked: Fields[]) {
    this.#socket = socket;
    this.#query = query;
    socket.on('message', (data: RawData, binary) => {
      const message = binary ? undefined : objectIn(String(data));
      if (!message)
        return this.#tell({ error: { code: INVALID, message: 'The message is no JSON object.' } });
      asked.push(message);
      this.#take(message);
    });
  }

  #take(message: Fields): void {
    const id = message.contextId ?? message.context_id;
    const said = message.send_text ?? message.sendText;
    const flush = message.flush_context ?? message.flushContext;
    const close = message.close_context ?? message.closeContext;
    if (typeof id !== 'string' || id === '') {
      this.#tell({ error: { code: INVALID, message: 'contextId is missing.' } });
      return;
    }
    if (message.create) this.#create(id, fields(message.create));
    else {
      const context = this.#contexts.get(id);
      if (!context || context.closing) this.#refuse(id, NOT_FOUND, `Context ${id} not found.`);
      else if (said) this.#say(id, context, fields(said));
      else if (flush) this.#flush(id, context);
      else if (close) this.#close(id, context);
      else this.#refuse(id, INVALID, 'Unknown message.');
    }
  }

  #create(id: string, create: Fields): void {
    const audio = fields(create.audioConfig);
    const rate = Number(audio.sampleRateHertz ?? 48_000);
    const speed = Number(audio.speakingRate ?? 1);
    const lipsync = create.lipsyncConfig !== undefined && create.lipsyncConfig !== null;
    const visemeSet = fields(create.lipsyncConfig).visemeSet ?? 'OPENXR';
    if (this.#contexts.has(id)) this.#refuse(id, INVALID, `Context ${id} exists.`);
    else if (this.#contexts.size >= MOST_CONTEXTS)
      this.#refuse(id, EXHAUSTED, 'Too many contexts on this connection: 5.');
    else if (typeof create.voiceId !== 'string' || create.voiceId === 'nobody') {
      this.#refuse(id, NOT_FOUND, `Unknown voice: ${create.voiceId} not found!`);
    } else if (!MODELS.test(String(create.modelId))) this.#refuse(id, NOT_FOUND, 'Unknown model.');
    else if (audio.audioEncoding !== 'PCM' || !RATES.includes(rate))
      this.#refuse(id, INVALID, 'Unknown audioConfig.');
    else if (!(speed >= 0.5 && speed <= 1.5))
      this.#refuse(id, INVALID, 'speakingRate must be in [0.5, 1.5].');
    else if (visemeSet !== 'OPENXR') this.#refuse(id, INVALID, 'Unknown visemeSet.');
    else {
      this.#contexts.set(id, {
        voice: voiceOfModel(create.voiceId),
        rate,
        speed,
        words: create.timestampType === 'WORD',
        lipsync,
        text: '',
        closing: false,
        work: Promise.resolve(),
      });
      this.#tell({ result: { contextId: id, contextCreated: create, status: { code: 0, message: '' } } });
    }
  }

  #say(id: string, context: Context, { text, flush_context: snake, flushContext = snake }: Fields): void {
    if (typeof text !== 'string' || text.length > LONGEST) {
      this.#refuse(id, INVALID, 'text must be a string of at most 2000 characters.');
      return;
    }
    context.text += text;
    if (flushContext) this.#flush(id, context);
  }

  #flush(id: string, context: Context): void {
    const { text } = context;
    context.text = '';
    this.#work(context, async () => {
      if (sayable(text)) await this.#speak(id, context, text);
      this.#tell({ result: { contextId: id, flushCompleted: {}, status: { code: 0 } } });
    });
  }

  #close(id: string, context: Context): void {
    context.closing = true;
    const { text } = context;
    this.#work(context, async () => {
      if (sayable(text)) await this.#speak(id, context, text);
      if (this.#query.get('end') === 'none') return;
      this.#contexts.delete(id);
      this.#tell({ result: { contextId: id, contextClosed: {}, status: { code: 0 } } });
    });
  }

  #work(context: Context, task: () => Promise<void>): void {
    context.work = context.work.then(task).catch(() => this.#socket.terminate());
  }

  async #speak(id: string, context: Context, text: string): Promise<void> {
    const query = this.#query;
    const spoken = await speech(text, context.voice, context.rate, context.speed);
    const late = query.get('order') === 'late';
    const chunks = chunksOf(spoken, query.has('odd'));
    for (const chunk of chunks) {
      if (context.closing || this.#socket.readyState !== WebSocket.OPEN) return;
      const timestampInfo = late ? undefined : this.#timesOf(context, spoken, text, chunk);
      const audioContent = soundOf(spoken, chunk, query.has('wav'));
      this.#tell({
        result: { contextId: id, audioChunk: { audioContent, timestampInfo }, status: { code: 0 } },
      });
      if (++this.#chunks === Number(query.get('die'))) return this.#socket.terminate();
      await pace(Number(query.get('pace') ?? 0));
    }
    if (!late) return;
    for (const chunk of chunks) {
      const timestampInfo = this.#timesOf(context, spoken, text, chunk);
      this.#tell({ result: { contextId: id, audioChunk: { timestampInfo }, status: { code: 0 } } });
    }
  }

  #timesOf({ words, lipsync }: Context, spoken: SpokenText, text: string, chunk: Chunk): Fields | undefined {
    if (!words && !lipsync) return undefined;
    return timestampsOf(spoken, text, chunk, {
      tell: this.#query.get('tell') ?? 'sounds',
      fromChunk: this.#query.get('times') === 'chunk',
      partial: this.#query.has('partial'),
      tokens: this.#query.has('tokens'),
    });
  }

  #refuse(id: string, code: number, message: string): void {
    this.#tell({ result: { contextId: id, status: { code, message, details: [] } } });
  }

  #tell(message: unknown): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

function soundOf({ samples, sampleRate }: SpokenText, { from, to }: Chunk, wav: boolean): string {
  const first = from >> 1; // Pieces of an odd length begin within a sample.
  const bytes = bytesOfSamples(samples.subarray(first, (to + 1) >> 1)).subarray(
    from - 2 * first,
    to - 2 * first,
  );
  if (!wav) return bytes.toString('base64');
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes.length, 40);
  return Buffer.concat([header, bytes]).toString('base64');
}
