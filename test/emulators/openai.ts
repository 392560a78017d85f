/**
 * OpenAI's Realtime API (`/v1/realtime`) as its types and documents have it: a model that reads aloud what it is asked out of
 * band, and in a conversation answers with the replies it is given; it hears by loudness. Query of the address: `old=1` the
 * names of events before 2025, `order=late` transcripts after their sound, `odd=1` tears samples apart, `end=none` responses
 * never end, `status=failed|incomplete|cancelled` how they end, `pace=MS` between two pieces of sound, `die=N` the connection
 * breaks after N pieces.
 */
import type { IncomingMessage } from 'node:http';
import { type RawData, WebSocket } from 'ws';
import { type Fields, fields, objectIn, protocolsOf } from './frames.ts';
import { LoudEar } from './loud-ear.ts';
import { type ServedPort, servePort } from './service-port.ts';
import { bytesOfSamples, pace, piecesOfBytes, sayable, speech, standInFor } from './speech.ts';

export interface OpenAiEmulatorOptions {
  /** The key that is let in. Default: any. */
  readonly key?: string;
  /** What the model answers in a conversation, one after another. Default: what it was told. */
  readonly replies?: readonly string[];
  /** Responses that are answered before the account's limit is reached. Default: any number. */
  readonly requests?: number;
}

export interface OpenAiEmulator extends ServedPort {
  readonly handshakes: {
    readonly url: URL;
    readonly authorization: string | undefined;
    readonly protocols: string[];
  }[];
  /** All that visitors sent, in order. */
  readonly asked: Fields[];
}

const RATE = 24_000;
const PIECE_BYTES = 0.1 * RATE * 2;
const VOICES = 'alloy ash ballad coral echo sage shimmer verse marin cedar'.split(' ');

/** The voice of this machine that speaks for one of the service's. */
export const voiceOfModel = standInFor;

export async function serveOpenAi(options: OpenAiEmulatorOptions = {}): Promise<OpenAiEmulator> {
  const handshakes: OpenAiEmulator['handshakes'] = [];
  const asked: Fields[] = [];
  const replies = [...(options.replies ?? [])];
  let left = options.requests ?? Number.POSITIVE_INFINITY;
  const port = await servePort({
    admit(request, url) {
      const protocols = protocolsOf(request);
      handshakes.push({ url, authorization: request.headers.authorization, protocols });
      return judge(request, url, protocols, options.key);
    },
    carry: (socket, url) => void new Visitor(socket, url.searchParams, asked, replies, () => left-- > 0),
  });
  return { ...port, url: `${port.url}/v1/realtime`, handshakes, asked };
}

function judge(request: IncomingMessage, url: URL, protocols: string[], key: string | undefined) {
  const header = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  const offered = protocols.find((name) => name.startsWith('openai-insecure-api-key.'));
  const given = header ?? (protocols.includes('realtime') ? offered?.slice(24) : undefined);
  const no = (status: number, message: string, code: string) => ({
    status,
    body: { error: { message, type: 'invalid_request_error', code, param: null } },
  });
  if (given === undefined || (key !== undefined && given !== key)) {
    return no(401, `Incorrect API key provided: ${given ?? 'none'}.`, 'invalid_api_key');
  }
  if (url.pathname !== '/v1/realtime') return no(404, 'There is nothing here.', 'not_found');
  return url.searchParams.has('model')
    ? undefined
    : no(400, 'You must provide a model parameter.', 'missing_model');
}

interface Running {
  readonly id: string;
  readonly inConversation: boolean;
  /** Why it was cancelled, once it was. */
  cancelled?: string;
}

class Visitor {
  readonly #socket: WebSocket;
  readonly #query: URLSearchParams;
  readonly #replies: string[];
  readonly #admit: () => boolean;
  readonly #running = new Set<Running>();
  /** Seconds of sound of each item of the assistant. */
  readonly #items = new Map<string, number>();
  #count = 0;
  #voice = 'alloy';
  #speed = 1;
  #spoke = false;
  #detects = true;
  #interrupts = true;
  #transcribes = false;
  #said = '';
  readonly #ear = new LoudEar(RATE);
  #pieces = 0;
  /** Whether what was heard waits for an answer. */
  #due = false;

  constructor(
    socket: WebSocket,
    query: URLSearchParams,
    asked: Fields[],
    replies: string[],
    admit: () => boolean,
  ) {
    this.#socket = socket;
    this.#query = query;
    this.#replies = replies;
    this.#admit = admit;
    this.#tell('session.created', { session: this.#session() });
    socket.on('message', (data: RawData) => {
      const event = objectIn(String(data));
      if (!event) return this.#refuse('The message could not be parsed as JSON.', 'invalid_json');
      asked.push(event);
      this.#take(event);
    });
  }

  #take(event: Fields): undefined {
    switch (event.type) {
      case 'session.update':
        return this.#update(event, fields(event.session));
      case 'conversation.item.create':
        return this.#addItem(event, fields(event.item));
      case 'conversation.item.truncate':
        return this.#truncate(event);
      case 'response.create':
        return this.#create(event, fields(event.response));
      case 'response.cancel':
        return this.#cancel(event);
      case 'input_audio_buffer.append':
        return this.#hear(event);
      case 'input_audio_buffer.commit':
        return this.#commit(event);
      case 'input_audio_buffer.clear':
        this.#ear.reset();
        return this.#tell('input_audio_buffer.cleared', {});
      default:
        this.#refuse(`Invalid value: '${event.type}'.`, 'invalid_value', event);
    }
  }

  #update(event: Fields, session: Fields): undefined {
    const audio = fields(session.audio);
    const [input, output] = [fields(audio.input), fields(audio.output)];
    if (session.type !== 'realtime')
      return this.#refuse("Missing required parameter: 'session.type'.", 'missing', event);
    const modalities = session.output_modalities;
    if (modalities !== undefined && String(modalities) !== 'audio') {
      return this.#refuse('This model of the emulator answers in sound alone.', 'invalid_value', event);
    }
    for (const { format } of [input, output]) {
      const { type, rate } = fields(format);
      if (format !== undefined && (type !== 'audio/pcm' || rate !== RATE)) {
        return this.#refuse('Only audio/pcm at 24000 is spoken here.', 'invalid_value', event);
      }
    }
    const { voice = this.#voice, speed = this.#speed } = output;
    if (typeof voice !== 'string' || !VOICES.includes(voice)) {
      return this.#refuse(
        `Invalid value: '${voice}'. Supported values are: ${VOICES}.`,
        'invalid_value',
        event,
      );
    }
    if (voice !== this.#voice && this.#spoke) {
      return this.#refuse(
        'Cannot update a conversation’s voice if assistant audio is present.',
        'cannot_update_voice',
        event,
      );
    }
    if (typeof speed !== 'number' || speed < 0.25 || speed > 1.5) {
      return this.#refuse('speed must be between 0.25 and 1.5', 'invalid_value', event);
    }
    [this.#voice, this.#speed] = [voice, speed];
    if (input.turn_detection !== undefined) {
      this.#detects = input.turn_detection !== null;
      this.#interrupts = fields(input.turn_detection).interrupt_response !== false;
    }
    if (input.transcription !== undefined) this.#transcribes = input.transcription !== null;
    this.#tell('session.updated', { session: this.#session() });
  }

  #addItem(event: Fields, item: Fields): undefined {
    if (item.type !== 'message' && item.type !== 'function_call_output') {
      return this.#refuse("Invalid value: 'item.type'.", 'invalid_value', event);
    }
    if (item.type === 'message') this.#said = textIn([item]);
    const added = { ...item, id: this.#name('item'), object: 'realtime.item', status: 'completed' };
    if (this.#old) this.#tell('conversation.item.created', { item: added });
    else {
      this.#tell('conversation.item.added', { item: added });
      this.#tell('conversation.item.done', { item: added });
    }
  }

  #truncate(event: Fields): undefined {
    const { item_id: id, audio_end_ms: end, content_index: content } = event;
    const seconds = this.#items.get(String(id));
    if (seconds === undefined)
      return this.#refuse('There is no such item.', 'item_truncate_invalid_item_id', event);
    if (!Number.isInteger(end) || content !== 0 || Number(end) > seconds * 1000) {
      return this.#refuse('Audio content is shorter than that.', 'invalid_value', event);
    }
    this.#tell('conversation.item.truncated', { item_id: id, content_index: content, audio_end_ms: end });
  }

  #create(event: Fields, response: Fields): undefined {
    const inConversation = response.conversation !== 'none';
    if (inConversation && [...this.#running].some((running) => running.inConversation)) {
      const code = 'conversation_already_has_active_response';
      return this.#refuse('Conversation already has an active response in progress.', code, event);
    }
    const text = inConversation ? (this.#replies.shift() ?? this.#said) : textIn(response.input);
    this.#respond(text, { id: this.#name('resp'), inConversation }).catch(() => this.#socket.terminate());
  }

  #cancel(event: Fields): undefined {
    const running = [...this.#running].find(
      ({ id }) => event.response_id === undefined || id === event.response_id,
    );
    if (running) running.cancelled = 'client_cancelled';
    else this.#refuse('Cancellation failed: no active response found', 'response_cancel_not_active', event);
  }

  async #respond(text: string, running: Running): Promise<void> {
    const { id } = running;
    const item = this.#name('item');
    const at = { response_id: id, item_id: item, output_index: 0, content_index: 0 };
    const message = { id: item, object: 'realtime.item', type: 'message', role: 'assistant', content: [] };
    const name = this.#old ? 'response.audio' : 'response.output_audio';
    this.#running.add(running);
    this.#tell('response.created', {
      response: { id, object: 'realtime.response', status: 'in_progress', output: [] },
    });
    if (!this.#admit()) {
      this.#limits(0);
      const error = {
        type: 'rate_limit_exceeded',
        code: 'rate_limit_exceeded',
        message: 'Rate limit reached.',
      };
      return this.#finish(running, 'failed', { type: 'failed', error });
    }
    this.#limits(7);
    this.#tell('response.output_item.added', { response_id: id, output_index: 0, item: message });
    this.#tell('response.content_part.added', { ...at, part: { type: 'audio', transcript: '' } });
    const late = this.#query.get('order') === 'late';
    const transcribe = () => {
      for (const delta of text.match(/\S+\s*/g) ?? [])
        this.#tell(`${name}_transcript.delta`, { ...at, delta });
    };
    if (!late) transcribe();
    this.#items.set(item, 0);
    const voice = voiceOfModel(this.#voice);
    const spoken = sayable(text) ? (await speech(text, voice, RATE, this.#speed)).samples : new Int16Array();
    for (const piece of piecesOfBytes(bytesOfSamples(spoken), PIECE_BYTES, this.#query.has('odd'))) {
      if (running.cancelled || this.#socket.readyState !== WebSocket.OPEN) break;
      this.#spoke = true;
      this.#items.set(item, this.#items.get(item)! + piece.length / 2 / RATE);
      this.#tell(`${name}.delta`, { ...at, delta: piece.toString('base64') });
      if (++this.#pieces === Number(this.#query.get('die'))) return this.#socket.terminate();
      await pace(Number(this.#query.get('pace') ?? 0));
    }
    if (late) transcribe();
    if (this.#query.get('end') === 'none' && !running.cancelled) return;
    this.#tell(`${name}.done`, at);
    this.#tell(`${name}_transcript.done`, { ...at, transcript: text });
    this.#tell('response.content_part.done', { ...at, part: { type: 'audio', transcript: text } });
    this.#tell('response.output_item.done', { response_id: id, output_index: 0, item: message });
    const status = running.cancelled ? 'cancelled' : (this.#query.get('status') ?? 'completed');
    const reasons: Record<string, Fields> = {
      cancelled: { reason: running.cancelled ?? 'client_cancelled' },
      incomplete: { reason: 'max_output_tokens' },
      failed: { error: { type: 'server_error', code: 'server_error' } },
    };
    this.#finish(running, status, { type: status, ...reasons[status] });
  }

  #finish(running: Running, status: string, details: Fields): undefined {
    this.#running.delete(running);
    this.#tell('response.done', {
      response: { id: running.id, status, status_details: details, output: [] },
    });
    this.#answerIfFree();
  }

  #hear(event: Fields): undefined {
    if (typeof event.audio !== 'string')
      return this.#refuse("Missing required parameter: 'audio'.", 'missing', event);
    for (const what of this.#ear.hear(Buffer.from(event.audio, 'base64'))) {
      if (!this.#detects) continue;
      if (what === 'ends') this.#stopHearing();
      else {
        const told = { audio_start_ms: this.#ear.samples / 24, item_id: 'item_user' };
        this.#tell('input_audio_buffer.speech_started', told);
        for (const running of this.#interrupts ? this.#running : []) running.cancelled = 'turn_detected';
      }
    }
  }

  #stopHearing(): undefined {
    this.#tell('input_audio_buffer.speech_stopped', {
      audio_end_ms: this.#ear.samples / 24,
      item_id: 'item_user',
    });
    this.#commit({});
    this.#due = true;
    this.#answerIfFree();
  }

  /** The response that was interrupted tells its end first. */
  #answerIfFree(): undefined {
    if (!this.#due || [...this.#running].some((running) => running.inConversation)) return;
    this.#due = false;
    this.#create({}, {});
  }

  #commit(event: Fields): undefined {
    const { loud } = this.#ear;
    if (this.#ear.samples === 0)
      return this.#refuse('The buffer is empty.', 'input_audio_buffer_commit_empty', event);
    this.#ear.reset();
    this.#tell('input_audio_buffer.committed', { item_id: 'item_user' });
    this.#said = `I heard ${loud > 0 ? 'you' : 'nothing'}.`;
    if (this.#transcribes) {
      const transcript = `${loud} loud samples`;
      const told = { item_id: 'item_user', content_index: 0, transcript };
      this.#tell('conversation.item.input_audio_transcription.completed', told);
    }
  }

  get #old(): boolean {
    return this.#query.has('old');
  }

  #session(): Fields {
    const output = { format: { type: 'audio/pcm', rate: RATE }, voice: this.#voice, speed: this.#speed };
    return {
      type: 'realtime',
      object: 'realtime.session',
      model: this.#query.get('model'),
      audio: { output },
    };
  }

  #limits(remaining: number): undefined {
    const limit = { name: 'requests', limit: 7, remaining, reset_seconds: 12.5 };
    this.#tell('rate_limits.updated', { rate_limits: [limit] });
  }

  #refuse(message: string, code: string, event: Fields = {}): undefined {
    const error = {
      type: 'invalid_request_error',
      code,
      message,
      param: null,
      event_id: event.event_id ?? null,
    };
    this.#tell('error', { error });
  }

  #name(kind: string): string {
    return `${kind}_${++this.#count}`;
  }

  #tell(type: string, event: Fields): undefined {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify({ type, event_id: this.#name('event'), ...event }));
  }
}

/** The text of the last message in a list of items. */
function textIn(items: unknown): string {
  const last = fields(Array.isArray(items) ? items.at(-1) : undefined);
  const content = Array.isArray(last.content) ? last.content : [];
  return content.map((part) => String(fields(part).text ?? '')).join('');
}
