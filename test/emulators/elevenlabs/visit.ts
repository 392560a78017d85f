/** One socket of ElevenLabs. */
import type { WebSocket } from 'ws';
import { bytesOfSamples } from '../speech.ts';
import type { Speech } from '../spoken-text.ts';
import { alignmentOf, type Chunk, charactersOf, chunksOf } from './alignment.ts';
import { CHUNK, LONGEST_IDLE, localVoice, MOST_CONTEXTS, PATH, PCM, REASONS, SCHEDULE } from './rules.ts';

/** What the query of an address chooses, besides the service's own fields. */
interface Variant {
  readonly odd: boolean;
  readonly end: string;
  readonly names: string;
  readonly align: string;
  readonly order: string;
  readonly error: string | null;
  readonly paceMs: number;
  readonly synced: boolean;
}

function variantOf({ searchParams: query }: URL): Variant {
  return {
    odd: query.get('odd') === '1',
    end: query.get('end') ?? 'final',
    names: query.get('names') ?? 'camel',
    align: query.get('align') ?? 'both',
    order: query.get('order') ?? 'with',
    error: query.get('error'),
    paceMs: Number(query.get('pace') ?? 0),
    synced: query.get('sync_alignment') === 'true',
  };
}

/** What a visit may use. */
export interface House {
  readonly speech: Speech;
  good(key: unknown): boolean;
  /** Whether the handshake told who it is. */
  readonly known: boolean;
  readonly seen: { most: number };
}

/** A text that is being written and spoken. */
interface Context {
  readonly id: string | undefined;
  readonly speed: number;
  buffer: string;
  generations: number;
  closed: boolean;
  /** Generations one after another. */
  work: Promise<void>;
  /** The byte of a sample that was torn apart. */
  rest: Buffer;
}

/** One socket. */
export class Visit {
  readonly #socket: WebSocket;
  readonly #house: House;
  readonly #variant: Variant;
  readonly #multi: boolean;
  readonly #voice: string;
  readonly #model: string;
  readonly #rate: number;
  readonly #contexts = new Map<string, Context>();
  readonly #idleMs: number;
  #idle: NodeJS.Timeout | undefined;
  #over = false;

  constructor(socket: WebSocket, url: URL, house: House) {
    const [, , voice, kind] = PATH.exec(url.pathname)!;
    const idle = Number(url.searchParams.get('inactivity_timeout') ?? 20);
    this.#socket = socket;
    this.#house = house;
    this.#variant = variantOf(url);
    this.#multi = kind === 'multi-stream-input';
    this.#voice = decodeURIComponent(voice!);
    this.#model = url.searchParams.get('model_id') ?? 'eleven_multilingual_v2';
    this.#rate = Number(PCM.exec(url.searchParams.get('output_format') ?? '')?.[1] ?? Number.NaN);
    this.#idleMs = Math.min(idle, LONGEST_IDLE) * 1000;
    this.#wait();
  }

  take(message: unknown): void {
    if (this.#over) return;
    this.#wait();
    if (!isAsk(message)) this.#refuse('invalid_input_message');
    else if (message.close_socket) void this.#finish();
    else this.#hear(message);
  }

  #hear(message: Ask): void {
    const { context_id: id = '' } = message;
    const context = this.#contexts.get(id);
    if (!context && (message.close_context || (message.flush && !message.text))) return;
    const problem = context ? problemLater(message) : this.#problemFirst(message);
    if (problem) this.#refuse(problem);
    else this.#feed(context ?? this.#begin(id, message), message);
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#idle);
  }

  /** What is wrong with the first message of a context. */
  #problemFirst(message: Ask): string | null {
    const key = message.xi_api_key ?? message.authorization;
    const speed = message.voice_settings?.speed ?? 1;
    if (!this.#house.known && !this.#house.good(key)) return 'invalid_api_key';
    if (this.#variant.error) return this.#variant.error;
    if (!localVoice(this.#voice)) return 'voice_id_does_not_exist';
    if (this.#multi && this.#model.startsWith('eleven_v3')) return 'unsupported_model';
    if (Number.isNaN(this.#rate) || speed < 0.7 || speed > 1.2) return 'invalid_input_message';
    if (!this.#multi && message.text !== ' ') return 'invalid_input_message';
    return this.#contexts.size >= MOST_CONTEXTS ? 'max_active_conversations' : null;
  }

  #begin(id: string, message: Ask): Context {
    const context: Context = {
      id: this.#multi ? id : undefined,
      speed: message.voice_settings?.speed ?? 1,
      buffer: '',
      generations: 0,
      closed: false,
      work: Promise.resolve(),
      rest: Buffer.alloc(0),
    };
    this.#contexts.set(id, context);
    this.#house.seen.most = Math.max(this.#house.seen.most, this.#contexts.size);
    return context;
  }

  #feed(context: Context, message: Ask): void {
    if (context.closed) return; // What is being spoken goes on; nothing more is taken.
    context.buffer += message.text ?? '';
    const enough = SCHEDULE[Math.min(context.generations, SCHEDULE.length - 1)]!;
    const ends = message.close_context === true || (!this.#multi && message.text === '');
    if (message.flush || context.buffer.length >= enough || (ends && !this.#multi)) this.#generate(context);
    if (!ends) return;
    context.closed = true;
    context.work = context.work.then(() => this.#final(context));
  }

  #generate(context: Context): void {
    const text = context.buffer;
    context.buffer = '';
    if (text.trim() === '') return;
    context.generations++;
    context.work = context.work.then(() => this.#speak(context, text));
  }

  async #speak(context: Context, text: string): Promise<void> {
    const said = text.trim();
    const voice = localVoice(this.#voice)!;
    const spoken = await this.#house.speech.speak(said, {
      sampleRate: this.#rate,
      voice,
      speed: context.speed,
    });
    const chars = charactersOf(said, spoken);
    const lead = text.length - text.trimStart().length;
    for (let nth = 0; nth < lead; nth++) chars.unshift({ char: ' ', start: 0, end: 0 });
    const { synced, order } = this.#variant;
    for (const chunk of chunksOf(spoken, chars, { length: CHUNK, synced })) {
      await new Promise((resolve) => setTimeout(resolve, this.#variant.paceMs));
      if (this.#over) return;
      if (order === 'early') {
        this.#send(context, { audio: '', ...this.#times(chunk) });
        this.#send(context, { audio: this.#audio(context, chunk), alignment: null });
      } else this.#send(context, { audio: this.#audio(context, chunk), ...this.#times(chunk) });
    }
  }

  #audio(context: Context, { samples }: Chunk): string {
    let bytes = Buffer.concat([context.rest, bytesOfSamples(samples)]);
    context.rest = Buffer.alloc(0);
    if (this.#variant.odd && bytes.length % 2 === 0 && bytes.length > 0) {
      context.rest = bytes.subarray(-1);
      bytes = bytes.subarray(0, -1);
    }
    return bytes.toString('base64');
  }

  #times(chunk: Chunk): Record<string, unknown> {
    const alignment = alignmentOf(chunk);
    const { align } = this.#variant;
    return {
      ...(align !== 'none' && { normalizedAlignment: alignment }),
      ...(align === 'both' && { alignment }),
    };
  }

  #final(context: Context): void {
    if (this.#over || this.#variant.end === 'none') return;
    if (context.rest.length > 0) this.#send(context, { audio: context.rest.toString('base64') });
    this.#contexts.delete(context.id ?? '');
    this.#send(context, { audio: null, isFinal: true });
    if (!this.#multi) this.#close(1000, '');
  }

  #send(context: Context, fields: Record<string, unknown>): void {
    if (this.#over) return;
    const message = { isFinal: null, ...fields, ...(this.#multi && { contextId: context.id }) };
    this.#socket.send(JSON.stringify(this.#variant.names === 'snake' ? snake(message) : message));
  }

  #refuse(code: string): void {
    const message = REASONS[code] ?? code;
    this.#socket.send(JSON.stringify({ message, error: code, code: 1008 }));
    this.#close(1008, message);
  }

  #wait(): void {
    clearTimeout(this.#idle);
    const seconds = this.#idleMs / 1000;
    const reason = `Have not received a new text input within the timeout of ${seconds} seconds. Streaming input terminated. Please make sure to either feed the input in the timely manner, or to send the end of input text (empty string "") when done.`;
    this.#idle = setTimeout(() => {
      // Whoever has sent all its text waits for its sound.
      if (this.#contexts.size > 0 && [...this.#contexts.values()].every(({ closed }) => closed)) {
        this.#wait();
        return;
      }
      this.#socket.send(JSON.stringify({ message: reason, error: 'input_timeout_exceeded', code: 1008 }));
      this.#close(1008, reason);
    }, this.#idleMs);
    this.#idle.unref();
  }

  async #finish(): Promise<void> {
    for (const context of this.#contexts.values()) await context.work;
    this.#close(1000, '');
  }

  #close(code: number, reason: string): void {
    this.end();
    this.#socket.close(code, reason.slice(0, 120));
  }
}

/** What is wrong with a message that is not its context's first. */
function problemLater({ voice_settings, xi_api_key }: Ask): string | null {
  return voice_settings === undefined && xi_api_key === undefined ? null : 'invalid_input_message';
}

/** What a client may say. */
interface Ask {
  readonly text?: string;
  readonly context_id?: string;
  readonly flush?: boolean;
  readonly close_context?: boolean;
  readonly close_socket?: boolean;
  readonly voice_settings?: { readonly speed?: number };
  readonly xi_api_key?: string;
  readonly authorization?: string;
}

const FIELDS: Readonly<Record<string, string>> = {
  text: 'string',
  context_id: 'string',
  flush: 'boolean',
  close_context: 'boolean',
  close_socket: 'boolean',
  try_trigger_generation: 'boolean',
  voice_settings: 'object',
  generation_config: 'object',
  pronunciation_dictionary_locators: 'object',
  xi_api_key: 'string',
  authorization: 'string',
};

function isAsk(value: unknown): value is Ask {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const ask = value as Record<string, unknown>;
  const known = Object.entries(ask).every(([name, field]) => typeof field === FIELDS[name]);
  return known && (ask.text !== undefined || 'context_id' in ask || ask.close_socket === true);
}

/** Names as some mirrors of the service write them. */
function snake(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snake(field),
    ]),
  );
}
