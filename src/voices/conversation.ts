import { SpeechError } from '../speech/errors.ts';
import type { AgentReply } from './agent-reply.ts';
import type { Endpoint } from './session/endpoint.ts';
import type { Message, Session } from './session/session.ts';

/** What an agent does. */
export type AgentStatus = 'listening' | 'thinking' | 'speaking' | 'interrupted';

/** A tool that an agent wants to be used. */
export interface ToolCall {
  readonly name: string;
  readonly args: unknown;
  /** The service's own name of the call, for the answer. */
  readonly id: string | undefined;
}

/**
 * What an agent tells. Each is called as its message comes. One that throws does not end the conversation: its error is
 * thrown on its own, as of any event, where a page reports it and a Node process without `uncaughtException` ends.
 */
export interface AgentEvents {
  /** The agent begins to speak. Let an NPC say the reply, or read `reply.parts()`. */
  readonly onReply?: (reply: AgentReply) => void;
  /**
   * The agent was interrupted by who speaks to it: what is still to be heard of the reply should be stopped. Services
   * send faster than is heard, so all of the reply may have come already.
   */
  readonly onInterrupt?: (reply: AgentReply) => void;
  /** What was said, and by whom: `user` is who speaks to the agent. */
  readonly onTranscript?: (transcript: { readonly role: 'user' | 'agent'; readonly text: string }) => void;
  readonly onStatus?: (status: AgentStatus) => void;
  readonly onToolCall?: (call: ToolCall) => void;
  /** An error of the service that did not end the conversation. */
  readonly onError?: (error: SpeechError) => void;
}

/** Messages are waited for without end: whoever listens may be silent for as long as they like. */
const NO_HURRY = 2 ** 31 / 1000 - 1;

/** How a conversation is kept. */
export interface ConversationOptions {
  readonly session: Session;
  readonly events: AgentEvents;
  /** Reads a message. What it throws ends the conversation. */
  readonly read: (frame: Message) => void;
  /** Opens a connection in the place of one that was lost; undefined where that cannot be done. */
  readonly resume?: (reason: SpeechError) => Promise<Session | undefined>;
}

/** What conversations with agents have in common: a socket that is read until it is over, and a reply that is on its way. */
export class Conversation {
  /** Settles once, when it is over: with the reason, or nothing after {@link dispose}. Never rejects. */
  readonly closed: Promise<SpeechError | undefined>;
  readonly #options: ConversationOptions;
  #session: Session;
  #reply: AgentReply | undefined;
  /** The reply that was begun last, until it is interrupted: it may still be heard though it has come whole. */
  #latest: AgentReply | undefined;
  #disposed = false;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#session = options.session;
    this.closed = this.#run();
  }

  /** The address of its connection: scrubs what the service says. */
  get endpoint(): Endpoint {
    return this.#session.endpoint;
  }

  /** The reply that is on its way. */
  get reply(): AgentReply | undefined {
    return this.#reply;
  }

  /** Sends a message of the service's own form, or bytes. */
  send(message: object): void {
    this.#session.send(
      message instanceof Uint8Array ? (message as Uint8Array<ArrayBuffer>) : JSON.stringify(message),
    );
  }

  /** Tells a listener; one that throws is reported as such, and the conversation goes on. */
  tell(listener: (events: AgentEvents) => void): void {
    try {
      listener(this.#options.events);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  /** The reply that is on its way, or a new one, of which the app is told. */
  begin(make: () => AgentReply): AgentReply {
    if (this.#reply) return this.#reply;
    const reply = make();
    this.#reply = reply;
    this.#latest = reply;
    this.tell(({ onReply }) => onReply?.(reply));
    return reply;
  }

  /** The reply is whole. */
  end(): void {
    this.#take()?.end();
  }

  /** The reply is interrupted, of which the app is told. */
  interrupt(): void {
    const reply = this.#take();
    if (!reply) return;
    reply.fail(SpeechError.aborted());
    this.tell(({ onInterrupt }) => onInterrupt?.(reply));
  }

  /** The same for a reply that has come whole but may still be heard; once for each. Tells whether there was one. */
  interruptHeard(): boolean {
    const reply = this.#latest;
    this.#latest = undefined;
    if (!reply) return false;
    if (this.#reply) this.interrupt();
    else this.tell(({ onInterrupt }) => onInterrupt?.(reply));
    return true;
  }

  /** The reply breaks off, and the conversation goes on; the app is told. */
  fail(error: SpeechError): void {
    this.#take()?.fail(error);
    this.tell(({ onError }) => onError?.(error));
  }

  /** The reply that was begun last. */
  get latest(): AgentReply | undefined {
    return this.#latest;
  }

  /** Goes on with another connection. */
  replace(session: Session): void {
    const before = this.#session;
    this.#session = session;
    before.close();
    if (this.#disposed) session.close();
  }

  /** Ends it. May be called twice. */
  dispose(): void {
    this.#disposed = true;
    this.#session.close();
  }

  #take(): AgentReply | undefined {
    const reply = this.#reply;
    this.#reply = undefined;
    return reply;
  }

  async #run(): Promise<SpeechError | undefined> {
    for (;;) {
      const session = this.#session;
      try {
        const frame = await session.receive(NO_HURRY);
        if (frame !== undefined && session === this.#session) this.#options.read(frame);
      } catch (error) {
        if (session !== this.#session) continue; // Another has taken its place.
        session.close();
        const reason =
          error instanceof SpeechError ? error : SpeechError.closedEarly(session.endpoint.where, error);
        this.#take()?.fail(reason);
        const next = this.#disposed ? undefined : await this.#options.resume?.(reason);
        if (!next) return this.#disposed ? undefined : reason;
        this.replace(next);
      }
    }
  }
}

/** Samples as agents hear them: signed 16-bit, little-endian. */
export function bytesOfSamples(samples: Int16Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [index, sample] of samples.entries()) view.setInt16(index * 2, sample, true);
  return bytes;
}
