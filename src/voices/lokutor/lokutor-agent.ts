import { SpeechError } from '../../speech/errors.ts';
import { Endpoint } from '../session/endpoint.ts';
import { refuseInPage } from '../session/page-guard.ts';
import { type Message, Session } from '../session/session.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { type AgentMessage, type AgentStatus, readAgentMessage } from './agent-message.ts';
import { AgentReply } from './agent-reply.ts';
import { lokutorError } from './lokutor-error.ts';
import { LokutorLine } from './lokutor-line.ts';

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

/** What an agent tells. Each is called as its message comes. */
export interface AgentEvents {
  /** The agent begins to speak. Read `reply.parts()`. */
  readonly onReply?: (reply: AgentReply) => void;
  /** The agent was interrupted by who speaks to it: what is still to be heard of the reply should be stopped. */
  readonly onInterrupt?: (reply: AgentReply) => void;
  /** What was said, `role` is `user` or the service's name of itself. */
  readonly onTranscript?: (transcript: { readonly role: string; readonly text: string }) => void;
  readonly onStatus?: (status: AgentStatus) => void;
  readonly onToolCall?: (call: {
    readonly name: string;
    readonly args: unknown;
    readonly id: string | undefined;
  }) => void;
  /** An error of the service that did not end the conversation. */
  readonly onError?: (error: SpeechError) => void;
}

/** Messages are waited for without end: whoever listens may be silent for as long as they like. */
const NO_HURRY = 2 ** 31 / 1000 - 1;

/** A conversation with Lokutor's voice agent, over one socket. Made by {@link connectLokutorAgent}. */
export class LokutorAgent {
  /** Settles once, when the conversation is over: with the reason, or nothing after {@link dispose}. Never rejects. */
  readonly closed: Promise<SpeechError | undefined>;
  readonly #session: Session;
  readonly #endpoint: Endpoint;
  readonly #events: AgentEvents;
  readonly #sampleRate: number;
  #generation = 0;
  #reply: AgentReply | undefined;
  #line: LokutorLine | undefined;
  /** What the agent said last, before its sound: its letters may index it. */
  #words = '';

  constructor(session: Session, endpoint: Endpoint, sampleRate: number, events: AgentEvents) {
    this.#session = session;
    this.#endpoint = endpoint;
    this.#sampleRate = sampleRate;
    this.#events = events;
    this.closed = this.#run();
  }

  /** Sends what is heard: signed 16-bit mono samples at the input rate, of any length. */
  hear(samples: Int16Array): void {
    const bytes = new Uint8Array(samples.length * 2);
    const view = new DataView(bytes.buffer);
    for (const [index, sample] of samples.entries()) view.setInt16(index * 2, sample, true);
    this.#session.send(bytes);
  }

  /** Tells the agent something in the service's own form, such as the result of a tool. */
  tell(message: { readonly type: string; readonly data?: unknown }): void {
    this.#session.send(JSON.stringify(message));
  }

  /** Ends the conversation. May be called twice. */
  dispose(): void {
    this.#session.close();
  }

  async #run(): Promise<SpeechError | undefined> {
    try {
      for (;;) {
        const frame: Message | undefined = await this.#session.receive(NO_HURRY);
        if (frame !== undefined) this.#handle(readAgentMessage(frame));
      }
    } catch (error) {
      this.#session.close();
      const reason =
        error instanceof SpeechError ? error : SpeechError.closedEarly(this.#endpoint.where, error);
      this.#reply?.fail(reason);
      this.#reply = undefined;
      return reason.code === 'aborted' ? undefined : reason;
    }
  }

  #handle(message: AgentMessage): void {
    switch (message.type) {
      case 'audio':
      case 'letters': {
        if (!this.#enter(message.generation)) return;
        this.#begin();
        const line = this.#line!;
        const parts = message.type === 'audio' ? line.audio(message.bytes) : line.letters(message.letters);
        this.#reply!.push(parts);
        return;
      }
      case 'status':
        this.#handleStatus(message.status, message.generation);
        return;
      case 'transcript':
        if (message.role !== 'user') this.#words = message.text;
        if (message.role !== 'user' && this.#reply) this.#reply.text = message.text;
        this.#tell(() => this.#events.onTranscript?.({ role: message.role, text: message.text }));
        return;
      case 'tool':
        this.#tell(() =>
          this.#events.onToolCall?.({ name: message.name, args: message.args, id: message.id }),
        );
        return;
      case 'end':
        this.#end();
        return;
      case 'error': {
        const error = lokutorError(message, this.#endpoint);
        this.#reply?.fail(error);
        this.#reply = undefined;
        this.#tell(() => this.#events.onError?.(error));
        return;
      }
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
    this.#tell(() => this.#events.onStatus?.(status));
  }

  /** A listener that throws is reported as such, and the conversation goes on. */
  #tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
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

  #begin(): void {
    if (this.#reply) return;
    this.#reply = new AgentReply();
    this.#reply.text = this.#words;
    this.#line = new LokutorLine(this.#words, this.#sampleRate, 0);
    const reply = this.#reply;
    this.#tell(() => this.#events.onReply?.(reply));
  }

  #end(): void {
    const reply = this.#reply;
    this.#reply = undefined;
    this.#words = '';
    if (!reply) return;
    reply.push(this.#line!.end());
    reply.end();
  }

  #interrupt(): void {
    const reply = this.#reply;
    this.#reply = undefined;
    if (!reply) return;
    if (reply.text === this.#words) this.#words = ''; // Else they are the next reply's already.
    reply.fail(SpeechError.aborted());
    this.#tell(() => this.#events.onInterrupt?.(reply));
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
