import { SpeechError } from '../../speech/errors.ts';
import { AgentReply } from '../agent-reply.ts';
import { type AgentEvents, bytesOfSamples, Conversation, type ToolCall } from '../conversation.ts';
import { base64OfBytes } from '../session/json-frame.ts';
import { Session } from '../session/session.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { SoundLine } from '../sound-line.ts';
import { type OpenAiAccessOptions, openAiAccess } from './openai-access.ts';
import { openAiError } from './openai-error.ts';
import { type OpenAiMessage, readOpenAiMessage } from './openai-message.ts';
import { OPENAI_PCM, OPENAI_RATE } from './openai-talk.ts';

/** A conversation with an agent that hears, thinks and speaks. */
export interface OpenAiAgentOptions extends OpenAiAccessOptions {
  /** Default: the service's own. */
  readonly voice?: string;
  /** Who the agent is. Default: the service's own. */
  readonly prompt?: string;
  /** Rate of speaking, 0.25 to 1.5. Default 1. */
  readonly speed?: number;
  /** Tools that the agent may call, in the service's own form. Default: none. */
  readonly tools?: readonly unknown[];
  /**
   * How the service finds the ends of what it hears, in its own form; null: the app says so by {@link OpenAiAgent.tell}.
   * Default: the service's own, by loudness.
   */
  readonly turnDetection?: object | null;
  /** The model that writes down what the agent hears, for `onTranscript`. Default: none, and nothing is written down. */
  readonly transcriber?: string;
  /** Longest wait for the connection, seconds. Default 5. */
  readonly connectSeconds?: number;
  /** Makes the socket; with a key it must send headers: in Node `openNodeSocket`. */
  readonly openSocket?: OpenSocket;
}

/** A piece of a reply as the service keeps it, in seconds of the reply. */
interface Item {
  readonly id: string;
  readonly content: number;
  readonly start: number;
  end: number;
}

/** A conversation with an OpenAI Realtime agent, over one socket. Made by {@link connectOpenAiAgent}. */
export class OpenAiAgent {
  readonly #talk: Conversation;
  readonly #items = new WeakMap<AgentReply, Item[]>();
  readonly #interruptible: boolean;
  #sound = new SoundLine(OPENAI_RATE);
  #response = '';
  #resetSeconds: number | undefined;

  constructor(session: Session, events: AgentEvents, interruptible: boolean) {
    this.#interruptible = interruptible;
    this.#talk = new Conversation({
      session,
      events,
      read: (frame) => this.#handle(readOpenAiMessage(frame)),
    });
  }

  /** Settles once, when the conversation is over: with the reason, or nothing after {@link dispose}. Never rejects. */
  get closed(): Promise<SpeechError | undefined> {
    return this.#talk.closed;
  }

  /** Sends what is heard: signed 16-bit mono samples at 24,000 Hz, of any length. */
  hear(samples: Int16Array): void {
    if (samples.length === 0) return;
    const audio = base64OfBytes(bytesOfSamples(samples));
    this.#talk.send({ type: 'input_audio_buffer.append', audio });
  }

  /** Says something to the agent in words, which it answers. */
  ask(text: string): void {
    const content = [{ type: 'input_text', text }];
    this.#talk.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
    this.#talk.send({ type: 'response.create' });
  }

  /** Gives the result of a call that `onToolCall` told of, after which the agent goes on. */
  answerTool({ id }: ToolCall, result: unknown): void {
    const output = typeof result === 'string' ? result : (JSON.stringify(result) ?? '');
    this.#talk.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: id, output },
    });
    this.#talk.send({ type: 'response.create' });
  }

  /**
   * Tells the agent how much of a reply was heard, seconds, so that it knows what it has said: after a line was stopped,
   * `(await line.stop()).seconds`. What was heard to its end needs not be told.
   */
  heard(reply: AgentReply, seconds: number): void {
    for (const { id, content, start, end } of this.#items.get(reply) ?? []) {
      const played = Math.max(0, seconds - start);
      if (played >= end - start) continue;
      this.#talk.send({
        type: 'conversation.item.truncate',
        item_id: id,
        content_index: content,
        audio_end_ms: Math.floor(played * 1000),
      });
    }
  }

  /** Stops the agent where it is, as if it had been interrupted. */
  interrupt(): void {
    if (this.#response) this.#talk.send({ type: 'response.cancel', response_id: this.#response });
    this.#interrupted();
  }

  /** Tells the agent something in the service's own form. */
  tell(message: { readonly type: string }): void {
    this.#talk.send(message);
  }

  /** Ends the conversation. May be called twice. */
  dispose(): void {
    this.#talk.dispose();
  }

  #handle(message: OpenAiMessage): void {
    const talk = this.#talk;
    const { endpoint } = talk;
    switch (message.type) {
      case 'created':
        this.#begin(message.response);
        return;
      case 'audio':
      case 'transcript':
        if (message.response === this.#response) this.#say(message);
        return;
      case 'done':
        if (message.response === this.#response) this.#end(message);
        return;
      case 'speech':
        if (this.#interruptible) this.#interrupted();
        talk.tell(({ onStatus }) => onStatus?.('listening'));
        return;
      case 'heard':
        talk.tell(({ onTranscript }) => onTranscript?.({ role: 'user', text: message.text }));
        return;
      case 'tool':
        talk.tell(({ onToolCall }) => onToolCall?.(message));
        return;
      case 'limits':
        this.#resetSeconds = message.resetSeconds;
        return;
      case 'error': {
        // Most leave a response that runs as it is, which then tells its own end.
        const error = openAiError(message, endpoint, this.#resetSeconds);
        talk.tell(({ onError }) => onError?.(error));
        return;
      }
      case 'garbage': {
        const expected = 'an event of the Realtime API';
        throw SpeechError.protocol(endpoint.where, expected, endpoint.quote(message.got));
      }
    }
  }

  #begin(response: string): void {
    this.#talk.end(); // Of one that told no end.
    this.#response = response;
    this.#sound = new SoundLine(OPENAI_RATE);
    this.#talk.tell(({ onStatus }) => onStatus?.('thinking'));
  }

  #say(message: OpenAiMessage & { type: 'audio' | 'transcript' }): void {
    const talk = this.#talk;
    const first = !talk.reply;
    const reply = talk.begin(() => {
      const begun = new AgentReply();
      if (message.type === 'transcript') begun.text = message.text;
      return begun;
    });
    if (first) talk.tell(({ onStatus }) => onStatus?.('speaking'));
    if (message.type === 'audio') {
      const start = this.#sound.seconds;
      reply.push(this.#sound.audio(message.bytes));
      this.#note(reply, message.item, message.content, start);
      return;
    }
    if (message.whole) {
      reply.text = message.text;
      talk.tell(({ onTranscript }) => onTranscript?.({ role: 'agent', text: message.text }));
    } else if (!first) reply.text += message.text;
  }

  #note(reply: AgentReply, id: string, content: number, start: number): void {
    const items = this.#items.get(reply) ?? [];
    this.#items.set(reply, items);
    const item = items.find((known) => known.id === id && known.content === content);
    if (item) item.end = this.#sound.seconds;
    else items.push({ id, content, start, end: this.#sound.seconds });
  }

  #end(done: OpenAiMessage & { type: 'done' }): void {
    const talk = this.#talk;
    this.#response = '';
    if (done.status === 'cancelled') this.#interrupted();
    else if (done.status === 'failed') {
      talk.fail(openAiError(done, this.#talk.endpoint, this.#resetSeconds));
    } else {
      talk.end(); // What was said of an incomplete one stands.
      if (done.status === 'incomplete') {
        const error = openAiError(done, this.#talk.endpoint);
        talk.tell(({ onError }) => onError?.(error));
      }
    }
    talk.tell(({ onStatus }) => onStatus?.('listening'));
  }

  #interrupted(): void {
    this.#response = ''; // What still comes of it is late.
    if (this.#talk.interruptHeard()) this.#talk.tell(({ onStatus }) => onStatus?.('interrupted'));
  }
}

/**
 * Begins a conversation with an agent of OpenAI's Realtime API. Its turns come as replies, with their text as far as it is
 * known, without any times: `timedReplies` finds the mouth. A connection that breaks ends the conversation, since the
 * service keeps nothing of it: `closed` tells why.
 * Throws {@link SpeechError} where no connection can be made, and `InputError` for an address that is none, and in a page
 * that holds a key or asks the service itself without a token.
 */
export async function connectOpenAiAgent(
  options: OpenAiAgentOptions,
  events: AgentEvents,
  signal: AbortSignal = new AbortController().signal,
): Promise<OpenAiAgent> {
  const {
    connectSeconds = 5,
    openSocket = openWebSocket,
    voice,
    prompt,
    speed,
    tools,
    transcriber,
  } = options;
  const { turnDetection } = options;
  const access = openAiAccess('connectOpenAiAgent', options);
  const session = await Session.connect(access, openSocket, connectSeconds, signal, () => true);
  const transcription = transcriber === undefined ? undefined : { model: transcriber };
  session.send(
    JSON.stringify({
      type: 'session.update',
      session: {
        type: 'realtime',
        output_modalities: ['audio'],
        instructions: prompt,
        tools,
        audio: {
          input: { format: OPENAI_PCM, turn_detection: turnDetection, transcription },
          output: { format: OPENAI_PCM, voice, speed },
        },
      },
    }),
  );
  const asked = turnDetection as { interrupt_response?: unknown } | null | undefined;
  return new OpenAiAgent(session, events, asked?.interrupt_response !== false);
}
