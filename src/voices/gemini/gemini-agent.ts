import { SpeechError } from '../../speech/errors.ts';
import { AgentReply } from '../agent-reply.ts';
import { type AgentEvents, bytesOfSamples, Conversation, type ToolCall } from '../conversation.ts';
import type { Access } from '../session/access.ts';
import { base64OfBytes } from '../session/json-frame.ts';
import { Opener } from '../session/opener.ts';
import { Session } from '../session/session.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { type GeminiAccessOptions, geminiAccess, geminiModel } from './gemini-access.ts';
import { type GeminiMessage, readGeminiMessage } from './gemini-message.ts';
import { geminiSpeech, geminiText, TurnSound } from './gemini-talk.ts';

/** A conversation with an agent that hears, thinks and speaks. */
export interface GeminiAgentOptions extends GeminiAccessOptions {
  /** Default: the service's own. */
  readonly voice?: string;
  /** BCP 47. Default: the service finds it out. */
  readonly lang?: string;
  /** Who the agent is. Default: nobody in particular. */
  readonly prompt?: string;
  /** Tools that the agent may call, in the service's own form: `[{ functionDeclarations: [...] }]`. Default: none. */
  readonly tools?: readonly unknown[];
  /** More of the service's own settings, which go before ours, such as `realtimeInputConfig`. Default: none. */
  readonly setup?: object;
  /** Rate of the sound that is sent to it, Hz. Default 16,000, which is what the service likes best. */
  readonly inputRate?: number;
  /** Longest wait for the connection and for the service to be ready, seconds. Default 5. */
  readonly connectSeconds?: number;
  /** Makes the sockets. Default: the platform's own; Node before 22 has none and needs `openNodeSocket`. */
  readonly openSocket?: OpenSocket;
}

/** Attempts to go on with a conversation whose connection was lost. */
const ATTEMPTS = 3;

/** Opens a connection that is ready; with a `handle`, to go on with an earlier conversation. */
type Connect = (handle: string | undefined, signal: AbortSignal) => Promise<Session>;

/** A conversation with a Gemini Live agent, over one socket after another. Made by {@link connectGeminiAgent}. */
export class GeminiAgent {
  readonly #talk: Conversation;
  readonly #connect: Connect;
  readonly #inputRate: number;
  readonly #disposed = new AbortController();
  readonly #where: string;
  #sound: TurnSound;
  #handle: string | undefined;
  /** Whether the connection is to be changed as soon as nothing is on its way over it. */
  #leaving = false;
  /** What the model says, as far as no sound of its turn has come. */
  #early = '';
  /** Whether all words of the latest reply have come, as far as can be known. */
  #toldWhole = true;
  #heard = '';

  constructor(session: Session, connect: Connect, events: AgentEvents, inputRate: number) {
    this.#connect = connect;
    this.#inputRate = inputRate;
    this.#where = session.endpoint.where;
    this.#sound = new TurnSound(this.#where);
    this.#talk = new Conversation({
      session,
      events,
      read: (frame) => {
        const message = readGeminiMessage(frame);
        if (message.type === 'message') this.#handleMessage(message);
        else {
          const got = this.#talk.endpoint.quote(message.got);
          throw SpeechError.protocol(this.#where, 'a message of the Live API', got);
        }
      },
      resume: (reason) => this.#resume(reason),
    });
  }

  /** Settles once, when the conversation is over: with the reason, or nothing after {@link dispose}. Never rejects. */
  get closed(): Promise<SpeechError | undefined> {
    return this.#talk.closed;
  }

  /** Sends what is heard: signed 16-bit mono samples at the input rate, of any length. */
  hear(samples: Int16Array): void {
    if (samples.length === 0) return;
    const data = base64OfBytes(bytesOfSamples(samples));
    this.#talk.send({ realtimeInput: { audio: { mimeType: `audio/pcm;rate=${this.#inputRate}`, data } } });
  }

  /** Says something to the agent in words, which it answers. */
  ask(text: string): void {
    this.#toldWhole = true;
    this.#talk.send(geminiText(text));
  }

  /** Gives the result of a call that `onToolCall` told of, after which the agent goes on. */
  answerTool({ id, name }: ToolCall, result: unknown): void {
    const response = typeof result === 'object' && result !== null ? result : { result };
    this.#talk.send({ toolResponse: { functionResponses: [{ id, name, response }] } });
  }

  /** Tells the agent something in the service's own form. */
  tell(message: object): void {
    this.#talk.send(message);
  }

  /** Ends the conversation. May be called twice. */
  dispose(): void {
    this.#disposed.abort();
    this.#talk.dispose();
  }

  #handleMessage(message: GeminiMessage): void {
    const talk = this.#talk;
    if (message.handle) this.#handle = message.handle;
    if (message.heard) this.#hear(message.heard.text, message.heard.finished);
    if (message.interrupted) this.#interrupted();
    for (const sound of message.sounds) {
      if (!talk.reply) this.#begin();
      talk.reply!.push(this.#sound.push(sound));
    }
    if (message.said) this.#say(message.said.text, message.said.finished);
    for (const call of message.tools) talk.tell(({ onToolCall }) => onToolCall?.(call));
    if (message.generated || message.turnOver) this.#end(message.turnOver);
    if (message.leavesIn !== undefined) this.#leaving = true;
    if (this.#leaving && !talk.reply) this.#leave();
  }

  #begin(): void {
    const talk = this.#talk;
    this.#tellHeard();
    this.#sound = new TurnSound(this.#where);
    this.#toldWhole = false;
    talk.begin(() => {
      const reply = new AgentReply();
      reply.text = this.#early;
      this.#early = '';
      return reply;
    });
    talk.tell(({ onStatus }) => onStatus?.('speaking'));
  }

  /** Words come before, with or after their sound: those that come between two turns belong to the one that lacks some. */
  #say(text: string, finished: boolean): void {
    const { latest } = this.#talk;
    const reply = this.#talk.reply ?? (this.#toldWhole ? undefined : latest);
    if (reply) reply.text += text;
    else this.#early += text;
    if (!finished) return;
    this.#toldWhole = true;
    const whole = reply?.text ?? this.#early;
    this.#talk.tell(({ onTranscript }) => onTranscript?.({ role: 'agent', text: whole }));
  }

  #hear(text: string, finished: boolean): void {
    this.#toldWhole = true;
    this.#heard += text;
    if (finished) this.#tellHeard();
  }

  #tellHeard(): void {
    const text = this.#heard;
    this.#heard = '';
    if (text !== '') this.#talk.tell(({ onTranscript }) => onTranscript?.({ role: 'user', text }));
  }

  #end(turnOver: boolean): void {
    this.#talk.end();
    if (turnOver) this.#talk.tell(({ onStatus }) => onStatus?.('listening'));
  }

  #interrupted(): void {
    this.#toldWhole = true;
    this.#early = '';
    if (this.#talk.interruptHeard()) this.#talk.tell(({ onStatus }) => onStatus?.('interrupted'));
  }

  /** Changes to another connection before this one is closed. Where that fails, this one is used for as long as it lasts. */
  #leave(): void {
    this.#leaving = false;
    if (this.#handle === undefined) return;
    this.#connect(this.#handle, this.#disposed.signal).then(
      (session) => this.#talk.replace(session),
      (error: SpeechError) => this.#talk.tell(({ onError }) => onError?.(error)),
    );
  }

  async #resume(reason: SpeechError): Promise<Session | undefined> {
    const handle = this.#handle;
    if (handle === undefined || reason.code === 'protocol') return undefined;
    this.#handle = undefined; // One that does not work is not tried for ever: a good connection gives another.
    const opener = new Opener((signal) => this.#connect(handle, signal));
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        return await opener.open(this.#disposed.signal);
      } catch (error) {
        const lost = error instanceof SpeechError && error.refusal === undefined && error.code !== 'aborted';
        if (!lost) return undefined; // The first reason is the one to tell.
      }
    }
    return undefined;
  }
}

/**
 * Begins a conversation with an agent of Google's Gemini Live API. Its turns come as replies, with their text as far as it
 * is known, without any times: `timedReplies` finds the mouth. The service ends connections after a while: the agent goes
 * on with another before it does, or when one was lost; a reply that was on its way then breaks off. What is sent
 * meanwhile is lost. `closed` tells when, and why, it could not.
 * Throws {@link SpeechError} where no connection can be made, or the service is not ready in time, and `InputError` for an
 * address that is none, and in a page that holds a key or asks the service itself without a token.
 */
export async function connectGeminiAgent(
  options: GeminiAgentOptions,
  events: AgentEvents,
  signal: AbortSignal = new AbortController().signal,
): Promise<GeminiAgent> {
  const access = geminiAccess('connectGeminiAgent', options);
  const connect: Connect = (handle, stop) => ready(access, options, handle, stop);
  return new GeminiAgent(await connect(undefined, signal), connect, events, options.inputRate ?? 16_000);
}

async function ready(
  access: Access,
  options: GeminiAgentOptions,
  handle: string | undefined,
  signal: AbortSignal,
): Promise<Session> {
  const { connectSeconds = 5, openSocket = openWebSocket, prompt, tools, setup } = options;
  const session = await Session.connect(access, openSocket, connectSeconds, signal);
  const stop = () => session.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const settings = {
      ...setup,
      model: geminiModel(options.model),
      generationConfig: geminiSpeech(options.voice, options.lang),
      ...(prompt !== undefined && { systemInstruction: { parts: [{ text: prompt }] } }),
      ...(tools && { tools }),
      inputAudioTranscription: {},
      outputAudioTranscription: {},
      sessionResumption: { ...(handle !== undefined && { handle }) },
    };
    session.send(JSON.stringify({ setup: settings }));
    const frame = await session.receive(connectSeconds);
    if (frame === undefined) throw SpeechError.connectTimeout(access.where, connectSeconds);
    const message = readGeminiMessage(frame);
    if (message.type === 'message' && message.ready) return session;
    throw SpeechError.protocol(access.where, 'setupComplete', session.endpoint.quote(String(frame)));
  } catch (error) {
    session.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
