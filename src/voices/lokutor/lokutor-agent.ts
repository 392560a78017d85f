import { SpeechError } from '../../speech/errors.ts';
import { AgentReply } from '../agent-reply.ts';
import { type AgentEvents, type AgentStatus, bytesOfSamples, Conversation } from '../conversation.ts';
import { Endpoint } from '../session/endpoint.ts';
import { refuseInPage } from '../session/page-guard.ts';
import { Session } from '../session/session.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { type AgentMessage, readAgentMessage } from './agent-message.ts';
import { lokutorError } from './lokutor-error.ts';
import { LETTER_LOOK_AHEAD, LETTER_TIMING, LokutorLine } from './lokutor-line.ts';

/** Where the service's agent listens. */
export const LOKUTOR_AGENT_URL = 'wss://api.lokutor.com/ws/agent';

/** A conversation with an agent that hears, thinks and speaks. */
export interface AgentOptions {
  /** Default: {@link LOKUTOR_AGENT_URL}. */
  readonly url?: string;
  /** The service's key, unless `url` has it as `?api_key=`. Not in a page. */
  readonly apiKey?: string | undefined;
  /** Accepts a key in a page: for trying things out on your own machine. Default: false. */
  readonly allowKeyInPage?: boolean;
  /** Voice, language, and who the agent is. Default: the service's own. */
  readonly voice?: string;
  readonly lang?: string;
  readonly prompt?: string;
  /** Tools that the agent may call, in the service's own form. Default: none. */
  readonly tools?: readonly unknown[];
  /** Rate of the agent's audio, Hz. Default 44,100. */
  readonly sampleRate?: number;
  /** Rate of the sound that is sent to it, Hz. Default 16,000. */
  readonly inputRate?: number;
  /** Longest wait for the connection, seconds. Default 5. */
  readonly connectSeconds?: number;
  readonly openSocket?: OpenSocket;
}

/** A conversation with Lokutor's voice agent, over one socket. Made by {@link connectLokutorAgent}. */
export class LokutorAgent {
  readonly #talk: Conversation;
  readonly #endpoint: Endpoint;
  readonly #sampleRate: number;
  #generation = 0;
  #line: LokutorLine | undefined;
  /** What the agent said last, before its sound: its letters may index it. */
  #words = '';

  constructor(session: Session, endpoint: Endpoint, sampleRate: number, events: AgentEvents) {
    this.#endpoint = endpoint;
    this.#sampleRate = sampleRate;
    this.#talk = new Conversation({
      session,
      events,
      read: (frame) => this.#handle(readAgentMessage(frame)),
    });
  }

  /** Settles once, when the conversation is over: with the reason, or nothing after {@link dispose}. Never rejects. */
  get closed(): Promise<SpeechError | undefined> {
    return this.#talk.closed;
  }

  /** Sends what is heard: signed 16-bit mono samples at the input rate, of any length. */
  hear(samples: Int16Array): void {
    this.#talk.send(bytesOfSamples(samples));
  }

  /** Tells the agent something in the service's own form, such as the result of a tool. */
  tell(message: { readonly type: string; readonly data?: unknown }): void {
    this.#talk.send(message);
  }

  /** Ends the conversation. May be called twice. */
  dispose(): void {
    this.#talk.dispose();
  }

  #handle(message: AgentMessage): void {
    const talk = this.#talk;
    switch (message.type) {
      case 'audio':
      case 'letters': {
        if (!this.#enter(message.generation)) return;
        const reply = talk.begin(() => this.#begin());
        const line = this.#line!;
        reply.push(message.type === 'audio' ? line.audio(message.bytes) : line.letters(message.letters));
        return;
      }
      case 'status':
        this.#handleStatus(message.status, message.generation);
        return;
      case 'transcript':
        if (message.role !== 'user') this.#words = message.text;
        if (message.role !== 'user' && talk.reply) talk.reply.text = message.text;
        talk.tell(({ onTranscript }) => onTranscript?.({ role: message.role, text: message.text }));
        return;
      case 'tool':
        talk.tell(({ onToolCall }) =>
          onToolCall?.({ name: message.name, args: message.args, id: message.id }),
        );
        return;
      case 'end':
        this.#end();
        return;
      case 'error':
        talk.fail(lokutorError(message, this.#endpoint));
        return;
      case 'garbage':
        throw SpeechError.protocol(
          this.#endpoint.where,
          'a message of its agent',
          this.#endpoint.quote(message.got),
        );
    }
  }

  #handleStatus(status: AgentStatus, generation: number | undefined): void {
    if (!this.#enter(generation)) return;
    if (status === 'interrupted') this.#interrupt();
    if (status === 'listening') this.#end();
    this.#talk.tell(({ onStatus }) => onStatus?.(status));
  }

  /** Whether a message belongs to the turn that runs, or begins a newer one, which interrupts it. */
  #enter(generation = this.#generation): boolean {
    if (generation < this.#generation) return false;
    if (generation > this.#generation) {
      this.#interrupt();
      this.#generation = generation;
    }
    return true;
  }

  #begin(): AgentReply {
    this.#line = new LokutorLine(this.#words, this.#sampleRate, 0);
    const reply = new AgentReply(LETTER_TIMING, LETTER_LOOK_AHEAD);
    reply.text = this.#words;
    return reply;
  }

  #end(): void {
    this.#words = '';
    this.#talk.reply?.push(this.#line!.end());
    this.#talk.end();
  }

  #interrupt(): void {
    const { reply } = this.#talk;
    if (reply && reply.text === this.#words) this.#words = ''; // Else they are the next reply's already.
    this.#talk.interrupt();
  }
}

/**
 * Begins a conversation with Lokutor's voice agent. The agent's turns come as replies whose parts are those of a line.
 * A connection that breaks ends the conversation, since the service keeps nothing of it: `closed` tells why.
 * Throws {@link SpeechError} where no connection can be made, and `InputError` for an address that is none or a key in a
 * page.
 */
export async function connectLokutorAgent(
  options: AgentOptions,
  events: AgentEvents,
  signal: AbortSignal = new AbortController().signal,
): Promise<LokutorAgent> {
  const { url = LOKUTOR_AGENT_URL, sampleRate = 44_100, inputRate = 16_000, connectSeconds = 5 } = options;
  const endpoint = new Endpoint(url, { query: 'api_key' }, options.apiKey);
  if (endpoint.secret && !options.allowKeyInPage) {
    refuseInPage(
      'connectLokutorAgent',
      'lokutor',
      'a key in a page, where everyone can read it',
      ', or allowKeyInPage: true',
    );
  }
  const session = await Session.connect(
    endpoint,
    options.openSocket ?? openWebSocket,
    connectSeconds,
    signal,
  );
  const { voice, lang, prompt, tools } = options;
  const settings = { voice, language: lang, prompt, tools, visemes: true };
  session.send(JSON.stringify({ type: 'rates', playback: sampleRate, input: inputRate }));
  for (const [type, data] of Object.entries(settings)) {
    if (data !== undefined) session.send(JSON.stringify({ type, data }));
  }
  return new LokutorAgent(session, endpoint, sampleRate, events);
}
