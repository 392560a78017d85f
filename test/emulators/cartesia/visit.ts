/** One socket of Cartesia. */
import type { WebSocket } from 'ws';
import { bytesOfSamples } from '../speech.ts';
import type { Speech, SpokenText, Timed } from '../spoken-text.ts';
import { ipaOf } from './ipa.ts';

const RATES = [8000, 16000, 22050, 24000, 44100, 48000];
const ENCODINGS = ['pcm_s16le', 'pcm_f32le'];
/** Sound of one message, seconds. */
const CHUNK = 0.21;
/** A context is forgotten so long after its last sound, ms. */
const EXPIRY_MS = 1000;

/** The service's voices that clients here use, and the local ones that stand for them. */
const VOICES: Readonly<Record<string, string>> = {
  'e07c00bc-4134-4eae-9ea4-1a55fb45746b': 'F1',
  '228fca29-3a0a-435c-8728-5cb483251068': 'M1',
  'c961b81c-a935-4c17-bfb3-ba2239de8c2f': 'M2',
};

/** The local voice for a name; a local one's own name is good, too. */
function localVoice(id: string): string | undefined {
  return /^[FM][1-5]$/.test(id) ? id : VOICES[id];
}

/** Errors by the service's names: status, title, message. */
const ERRORS: Readonly<Record<string, readonly [number, string, string]>> = {
  concurrency_limited: [
    429,
    'Too many concurrent requests',
    "You have exceeded your plan's concurrency limit.",
  ],
  model_not_found: [400, 'Invalid model', 'The model is not valid, make sure it is a valid model ID.'],
  voice_not_found: [404, 'Voice not found', 'The voice does not exist.'],
  invalid_request: [400, 'Invalid request', 'The request is malformed.'],
  context_expired: [400, 'Invalid context ID', 'The context is not active.'],
  plan_upgrade_required: [402, 'Payment required', 'You are out of credits.'],
  internal_error: [500, 'Internal error', 'Something went wrong.'],
};

/** What the query of an address chooses, besides the service's own fields. */
export interface Variant {
  readonly odd: boolean;
  readonly end: string;
  readonly order: string;
  readonly times: string;
  readonly error: string | null;
  readonly paceMs: number;
  readonly idleMs: number;
  readonly oldErrors: boolean;
}

/** Whoever pays. */
export interface Account {
  active: number;
  readonly concurrency: number;
  readonly speech: Speech;
  readonly spoken: string[];
}

/** One line that is being written and spoken. */
interface Context {
  readonly id: string;
  /** All fields but those that may differ from input to input. */
  readonly fixed: string;
  /** Inputs that wait to be spoken: a text, or a flush. */
  readonly inputs: (Ask | 'flush')[];
  whole: boolean;
  /** Seconds of sound so far: times count from the first of it. */
  seconds: number;
  flushes: number;
  rest: Buffer;
  expires: NodeJS.Timeout | undefined;
}

/** What a client asks for. */
interface Ask {
  readonly context_id: string;
  readonly transcript: string;
  readonly model_id: string;
  readonly voice: string | { readonly id: string };
  readonly output_format: {
    readonly container: string;
    readonly encoding: string;
    readonly sample_rate: number;
  };
  readonly continue?: boolean;
  readonly flush?: boolean;
  readonly cancel?: boolean;
  readonly add_timestamps?: boolean;
  readonly add_phoneme_timestamps?: boolean;
  readonly generation_config?: { readonly speed?: number };
}

/** One socket. */
export class Visit {
  readonly #socket: WebSocket;
  readonly #account: Account;
  readonly #variant: Variant;
  readonly #contexts = new Map<string, Context>();
  #idle: NodeJS.Timeout | undefined;
  #over = false;

  constructor(socket: WebSocket, account: Account, variant: Variant) {
    this.#socket = socket;
    this.#account = account;
    this.#variant = variant;
    this.#wait();
  }

  take(message: unknown): void {
    this.#wait();
    const ask = message as Ask;
    const id = typeof ask?.context_id === 'string' ? ask.context_id : undefined;
    if (id === undefined) this.#fail(undefined, 'invalid_request');
    else if (ask.cancel) this.#cancel(id);
    else this.#hear(id, ask);
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#idle);
    for (const id of [...this.#contexts.keys()]) this.#forget(id);
  }

  #hear(id: string, ask: Ask): void {
    const problem = problemOf(ask) ?? this.#variant.error;
    if (problem) {
      this.#fail(id, problem);
      return;
    }
    const { transcript: _, continue: more = false, flush = false, ...rest } = ask;
    const fixed = JSON.stringify(rest);
    let context = this.#contexts.get(id);
    if (context && (context.fixed !== fixed || context.whole)) {
      this.#fail(id, context.whole ? 'context_expired' : 'invalid_request');
      return;
    }
    if (!context) {
      if (this.#account.active >= this.#account.concurrency) {
        this.#fail(id, 'concurrency_limited');
        return;
      }
      this.#account.active++;
      context = {
        id,
        fixed,
        inputs: [],
        whole: false,
        seconds: 0,
        flushes: 0,
        rest: Buffer.alloc(0),
        expires: undefined,
      };
      this.#contexts.set(id, context);
      context.inputs.push(ask);
      void this.#work(context);
    } else context.inputs.push(ask);
    if (flush) context.inputs.push('flush');
    context.whole = !more;
  }

  /** As the documents have it: what has not begun is halted, what is being spoken goes on to its end. */
  #cancel(id: string): void {
    const context = this.#contexts.get(id);
    if (!context) return;
    context.inputs.length = 0;
    context.whole = true;
  }

  async #work(context: Context): Promise<void> {
    while (!this.#over && this.#contexts.has(context.id)) {
      const input = context.inputs.shift();
      if (input === 'flush') this.#flushed(context);
      else if (input) await this.#speak(context, input);
      else if (context.whole) break;
      else await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (this.#over || !this.#contexts.has(context.id) || this.#variant.end === 'none') return;
    if (context.rest.length > 0)
      this.#send(context, { type: 'chunk', data: context.rest.toString('base64'), step_time: 1 });
    this.#send(context, { type: 'done', done: true });
    this.#account.active--;
    context.expires = setTimeout(() => this.#contexts.delete(context.id), EXPIRY_MS);
    context.expires.unref();
  }

  #flushed(context: Context): void {
    const flush_id = ++context.flushes;
    this.#send(context, { type: 'flush_done', flush_done: true, flush_id });
  }

  async #speak(context: Context, ask: Ask): Promise<void> {
    if (ask.transcript.trim() === '') return;
    this.#account.spoken.push(ask.transcript);
    const { sample_rate: sampleRate, encoding } = ask.output_format;
    const voice = localVoice(typeof ask.voice === 'string' ? ask.voice : ask.voice.id)!;
    const speed = ask.generation_config?.speed ?? 1;
    const spoken = await this.#account.speech.speak(ask.transcript, { sampleRate, voice, speed });
    const step = Math.round(CHUNK * sampleRate);
    const begins = context.seconds;
    for (let at = 0; at < spoken.samples.length; at += step) {
      await new Promise((resolve) => setTimeout(resolve, this.#variant.paceMs));
      if (this.#over) return;
      const samples = spoken.samples.subarray(at, at + step);
      const times = this.#timesOf(ask, spoken, at / sampleRate, (at + samples.length) / sampleRate, begins);
      const bytes = this.#bytes(context, samples, encoding);
      const chunk = { type: 'chunk', data: bytes.toString('base64'), step_time: 1.5 };
      const late = this.#variant.order === 'late';
      for (const message of late ? [chunk, ...times] : [...times, chunk]) this.#send(context, message);
    }
    context.seconds += spoken.samples.length / sampleRate;
  }

  /** Words and phonemes that begin within a piece of sound; with `order=early`, all with the first. */
  #timesOf(
    ask: Ask,
    spoken: SpokenText,
    from: number,
    to: number,
    begins: number,
  ): Record<string, unknown>[] {
    const { times, order } = this.#variant;
    const early = order === 'early';
    const here = ({ start }: Timed) => (early ? from === 0 : start >= from && start < to);
    const words = spoken.words.filter(here);
    const phones = spoken.phones.filter(here).flatMap(({ id, ...span }) => {
      const ipa = ipaOf(id);
      return ipa === undefined ? [] : [{ ipa, ...span }];
    });
    const lists = (spans: readonly Timed[]) => ({
      start: spans.map(({ start }) => begins + start),
      end: spans.map(({ end }) => begins + end),
    });
    const messages: Record<string, unknown>[] = [];
    if (ask.add_timestamps && times !== 'none' && words.length > 0) {
      const word_timestamps = { words: words.map(({ text }) => text), ...lists(words) };
      messages.push({ type: 'timestamps', word_timestamps });
    }
    if (ask.add_phoneme_timestamps && times === 'both' && phones.length > 0) {
      const phoneme_timestamps = { phonemes: phones.map(({ ipa }) => ipa), ...lists(phones) };
      messages.push({ type: 'phoneme_timestamps', phoneme_timestamps });
    }
    return messages;
  }

  #bytes(context: Context, samples: Int16Array, encoding: string): Buffer {
    if (encoding === 'pcm_f32le') {
      const floats = Buffer.alloc(samples.length * 4);
      for (const [nth, sample] of samples.entries()) floats.writeFloatLE(sample / 32_768, nth * 4);
      return floats;
    }
    const own = bytesOfSamples(samples);
    const bytes = Buffer.concat([context.rest, own]);
    const whole = this.#variant.odd && bytes.length % 2 === 0 ? bytes.length - 1 : bytes.length;
    context.rest = bytes.subarray(whole);
    return bytes.subarray(0, whole);
  }

  #send({ id }: Context, fields: Record<string, unknown>): void {
    if (this.#over) return;
    this.#wait();
    this.#socket.send(JSON.stringify({ done: false, status_code: 206, ...fields, context_id: id }));
  }

  #fail(id: string | undefined, code: string): void {
    const [status_code, title, message] = ERRORS[code] ?? [400, 'Invalid request', code];
    const what = this.#variant.oldErrors
      ? { error: `${title}: ${message}` }
      : { error_code: code, title, message, request_id: `r-1:${id}`, doc_url: 'https://docs.cartesia.ai' };
    if (id !== undefined) this.#forget(id);
    this.#socket.send(
      JSON.stringify({ type: 'error', done: true, status_code, ...what, ...(id && { context_id: id }) }),
    );
  }

  #forget(id: string): void {
    const context = this.#contexts.get(id);
    if (!context) return;
    clearTimeout(context.expires);
    if (!context.expires) this.#account.active--;
    this.#contexts.delete(id);
  }

  #wait(): void {
    clearTimeout(this.#idle);
    if (this.#over) return;
    this.#idle = setTimeout(() => {
      const busy = [...this.#contexts.values()].some(({ expires }) => !expires);
      if (busy) this.#wait();
      else this.#socket.close(1000, 'connection idle timeout');
    }, this.#variant.idleMs);
    this.#idle.unref();
  }
}

/** What is wrong with a request. */
function problemOf(ask: Ask): string | undefined {
  const { container, encoding, sample_rate: rate } = ask.output_format ?? {};
  const speed = ask.generation_config?.speed ?? 1;
  if (typeof ask.transcript !== 'string') return 'invalid_request';
  if (container !== 'raw' || !ENCODINGS.includes(encoding!) || !RATES.includes(rate!))
    return 'invalid_request';
  if (typeof ask.model_id !== 'string' || !/^sonic/.test(ask.model_id)) return 'model_not_found';
  const id = typeof ask.voice === 'string' ? ask.voice : ask.voice?.id;
  if (typeof id !== 'string' || !localVoice(id)) return 'voice_not_found';
  return speed >= 0.6 && speed <= 1.5 ? undefined : 'invalid_request';
}
