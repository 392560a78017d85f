import type { WirePriority, WireRequest } from '../../protocol/client-messages.ts';
import type { BeginMessage, SourceTold } from '../../protocol/gateway-messages.ts';
import { MAX_CLIENT_MESSAGE, SUBPROTOCOL, TICKET_PREFIX } from '../../protocol/wire.ts';
import { checkText } from '../../speech/check-text.ts';
import { SpeechError } from '../../speech/errors.ts';
import { callable, checkOptions, type OptionChecks, oneOf, text } from '../../speech/option-checks.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type {
  SourceTiming,
  SourceTraits,
  SpeechRequest,
  SpokenReply,
  VoiceSource,
} from '../../speech/source.ts';
import { Access, type TokenSource } from '../session/access.ts';
import { Session } from '../session/session.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { fullTimeouts, receiveParts, TIMEOUT_CHECKS, type Timeouts } from '../session/socket-line.ts';
import type { LineAsk } from './gateway-line.ts';
import { GatewayLink } from './gateway-link.ts';
import { GatewayParts } from './gateway-parts.ts';
import { guardTicket, inPage } from './guard-ticket.ts';
import { findDecoder, type OpenDecoder } from './packet-decoder.ts';
import {
  delayOf,
  type LineInvitation,
  readInvitation,
  SharedSchedule,
  type ShareOptions,
} from './shared-line.ts';

/** What the gateway tells of a line with its first sound. */
export interface GatewayLineInfo {
  /** Names the line to others, who may {@link GatewayVoices.join} it. */
  readonly share: string;
  /** `hit`: it was kept; `joined`: it is spoken for others too; `fresh`: it is spoken for this one. */
  readonly origin: 'fresh' | 'joined' | 'hit';
  /**
   * When its first sound left for its first listener, milliseconds of the page's performance clock; undefined until the
   * offset of the gateway's clock is known.
   */
  readonly startedAt: number | undefined;
  /** How far that can be wrong, milliseconds. */
  readonly errorMs: number | undefined;
  readonly voice: string;
  readonly lang: string;
  readonly timing: SourceTiming;
}

export interface GatewayVoicesOptions {
  /** Asks the game's own server for a ticket; called at each opening of a connection. Default: none, as on loopback. */
  readonly ticket?: TokenSource | undefined;
  /** One of the gateway's own keys, for programs. Throws {@link InputError} in a page, where everyone can read it. */
  readonly apiKey?: string | undefined;
  /** Default: 5 s for the connection and the welcome, 10 s for the first sound, 5 s between two messages. */
  readonly timeouts?: Timeouts;
  /** Default: the platform's WebSocket. In Node before version 22, `openNodeSocket` from `babylon-parley/gateway`. */
  readonly openSocket?: OpenSocket | undefined;
  /**
   * How sound shall come. `opus` takes a twentieth of the bytes of `pcm`, sounds as good as the same, and is decoded by the
   * browser, or, where it cannot, by a package that is loaded then (70 kB); where a gateway has none, sound comes as `pcm`,
   * bit for bit as the service made it. Default: `opus` in a page, `pcm` in Node.
   */
  readonly sound?: 'opus' | 'pcm' | undefined;
  /** Who waits for a line. Default: `player`. */
  readonly priorityOf?: ((request: SpeechRequest) => WirePriority) | undefined;
  /** The line of the game's own list that a request is, if any: all that tickets without free text allow. Default: none. */
  readonly idOf?: ((request: SpeechRequest) => string | undefined) | undefined;
  /** Called with the first sound of each line that was said. What it throws is thrown on its own. Default: nobody is told. */
  readonly onLine?: ((info: GatewayLineInfo, request: SpeechRequest) => void) | undefined;
}

/** Time-outs are checked where they are read. */
const CHECKS: OptionChecks<GatewayVoicesOptions> = {
  ticket: callable,
  apiKey: text,
  timeouts: ({ value }) => checkOptions('timeouts', value, TIMEOUT_CHECKS, 'timeouts.'),
  openSocket: callable,
  sound: oneOf('opus', 'pcm'),
  priorityOf: callable,
  idOf: callable,
  onLine: callable,
};

/** A line that others hear. */
export interface JoinOptions {
  /** What is said in it, as far as it is known here: words and captions point into it. Default: empty. */
  readonly text?: string;
  /** Line time to begin at, seconds. Default: where those hear it who began with it. */
  readonly from?: number;
}

/** A line that was joined. */
export interface JoinedReply extends SpokenReply {
  /** How much of the line was over where it was joined, seconds: there its own line time begins. Undefined until it has begun. */
  readonly from: number | undefined;
}

/** Speech over a gateway. */
export interface GatewayVoices extends VoiceSource {
  /**
   * Has the gateway make a line and keep it, so that saying it is quick; resolves once it is there. Rejects with the
   * {@link SpeechError} of a line that cannot be made, `aborted` once `signal` aborts.
   */
  prefetch(request: SpeechRequest, signal?: AbortSignal): Promise<void>;
  /**
   * A line that is spoken to others, by its `share`, for `npc.say()`: its line time begins where it is joined. Nothing is
   * synthesised for it.
   */
  join(share: string, options?: JoinOptions): JoinedReply;
  /**
   * The same in step with all who were invited: at each moment everybody hears the same of it, and whoever comes late begins
   * in its middle. Throws {@link InputError} for what is no invitation. The line fails with `refused` where the gateway does not
   * know it any more, with `empty` where it was over already.
   */
  join(invitation: LineInvitation): JoinedReply;
  /**
   * A line for many, for `npc.say()`: said in the character's voice, heard here when the others hear it. `tell` gets the
   * invitation for them once the line has begun; what it throws is thrown on its own. Throws {@link InputError} for a delay out
   * of range.
   */
  share(text: string, tell: (invitation: LineInvitation) => void, options?: ShareOptions): SpokenReply;
  /** The voices that may be asked for, where the ticket names some; undefined where all may, and before the first connection. */
  readonly voices: readonly string[] | undefined;
  /** Milliseconds that the gateway's clock is ahead of the performance clock, and how far that can be wrong; undefined before the first answer. */
  readonly clockOffset: { readonly offsetMs: number; readonly errorMs: number } | undefined;
}

/** Until a line has told. */
const USUAL: SourceTiming = { origin: 'service', confidence: 1 };

/** What a source is taken for until the gateway has said what it is. */
const UNTOLD: SourceTold = { gives: ['visemes', 'words'], lookAheadSeconds: 0, readsMarkup: false };

/** All rates that services have, the most usual first, Hz. */
const RATES = [44_100, 24_000, 48_000, 22_050, 16_000, 32_000, 12_000, 11_025, 8_000] as const;

/**
 * Speech from a gateway (`parley serve`) at a ws: or wss: address such as `wss://game.example/v1/speech`. All lines share
 * one connection. One that is lost, or answers no more, is made anew, and lines go on where they were, unheard by anybody,
 * if that takes no longer than the time-out between two messages. Throws {@link InputError} for another address, options
 * that are none, and a key in a page.
 */
export function gatewayVoices(url: string, options: GatewayVoicesOptions = {}): GatewayVoices {
  return new LinkedVoices(url, options);
}

class LinkedVoices implements GatewayVoices {
  readonly name = 'gateway';
  readonly home = 'both';
  readonly #options: GatewayVoicesOptions;
  readonly #timeouts: Required<Timeouts>;
  readonly #access: Access;
  readonly #links = new Set<GatewayLink>();
  #link: GatewayLink;
  /** Looked for once, with the first connection. */
  #decoder: Promise<OpenDecoder | undefined> | undefined;
  #told = UNTOLD;
  #voices: readonly string[] | undefined;
  #timing = USUAL;
  #disposed = false;

  constructor(url: string, options: GatewayVoicesOptions) {
    checkOptions('gatewayVoices', options, CHECKS);
    const { ticket, apiKey } = options;
    this.#options = options;
    this.#timeouts = fullTimeouts(options.timeouts);
    this.#access = new Access({
      url,
      key: apiKey,
      keyPlace: { header: 'Authorization', scheme: 'Bearer' },
      token: ticket,
      tokenPlace: { protocols: (given) => [`${TICKET_PREFIX}${given}`] },
    });
    guardTicket(this.#access.secret && !ticket);
    this.#link = this.#openLink();
  }

  /** Those of the source behind the gateway, from the first connection on. */
  get traits(): SourceTraits {
    const { gives } = this.#told;
    return { gives, timesFrom: 'request', textIn: 'whole', cancel: 'message', sampleRates: RATES };
  }

  get lookAheadSeconds(): number {
    return this.#told.lookAheadSeconds;
  }

  get readsMarkup(): boolean {
    return this.#told.readsMarkup;
  }

  get voices(): readonly string[] | undefined {
    return this.#voices;
  }

  /** As the last line told. */
  get timing(): SourceTiming {
    return this.#timing;
  }

  get clockOffset() {
    const { offsetMs, errorMs } = this.#link.clock;
    return offsetMs === undefined ? undefined : { offsetMs, errorMs: errorMs! };
  }

  async *speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    const ask = this.#askOf(request);
    const priority = this.#options.priorityOf?.(request);
    const onBegin = (begin: BeginMessage) => this.#tellLine(begin, request);
    yield* this.#parts({ type: 'say', ...ask, ...(priority && { priority }) }, onBegin, signal);
  }

  async prefetch(request: SpeechRequest, signal = new AbortController().signal): Promise<void> {
    const ask: LineAsk = { type: 'prefetch', ...this.#askOf(request) };
    for await (const _end of this.#parts(ask, () => {}, signal));
  }

  join(line: string | LineInvitation, { text = '', from }: JoinOptions = {}): JoinedReply {
    if (typeof line !== 'string') return this.#joinInStep(readInvitation(line));
    let joinedAt: number | undefined;
    return {
      text,
      timing: this.#timing,
      get from() {
        return joinedAt;
      },
      parts: (signal = never()) =>
        this.#parts(
          { type: 'join', share: line, ...(from !== undefined && { from }) },
          (begin) => {
            joinedAt = begin.from / begin.sampleRate;
          },
          signal,
        ),
    };
  }

  share(text: string, tell: (invitation: LineInvitation) => void, options: ShareOptions = {}): SpokenReply {
    const delayMs = delayOf(options, this.lookAheadSeconds);
    const schedule = this.#schedule();
    return {
      text,
      timing: this.#timing,
      schedule,
      parts: (signal = never(), request) => {
        const asked = { ...request, text };
        const onBegin = (begin: BeginMessage) => {
          const invitation = { share: begin.share, at: schedule.beginIn(delayMs), text };
          queueMicrotask(() => tell(invitation)); // What it throws is no affair of the line.
          this.#tellLine(begin, asked);
        };
        const priority = this.#options.priorityOf?.(asked);
        return this.#parts(
          { type: 'say', ...this.#askOf(asked), ...(priority && { priority }) },
          onBegin,
          signal,
        );
      },
    };
  }

  #joinInStep({ share, at, text }: LineInvitation): JoinedReply {
    const schedule = this.#schedule();
    let joinedAt: number | undefined;
    const onBegin = (begin: BeginMessage) => {
      schedule.join(at, begin);
      joinedAt = begin.from / begin.sampleRate;
    };
    return {
      text,
      timing: this.#timing,
      schedule,
      get from() {
        return joinedAt;
      },
      parts: (signal = never()) =>
        this.#parts({ type: 'join', share, from: () => schedule.reachable(at) }, onBegin, signal),
    };
  }

  prepare(): void {
    this.#link.prepare();
  }

  dispose(): void {
    this.#disposed = true;
    for (const link of this.#links) link.dispose();
    this.#links.clear();
  }

  get #sound(): 'opus' | 'pcm' {
    return this.#options.sound ?? (inPage() ? 'opus' : 'pcm');
  }

  #openLink(): GatewayLink {
    const { openSocket = openWebSocket } = this.#options;
    const { connect, stall } = this.#timeouts;
    // Beside the ticket the version is always asked for.
    const open: OpenSocket = (url, events, headers, protocols = []) =>
      openSocket(url, events, headers, [SUBPROTOCOL, ...protocols]);
    const link = new GatewayLink({
      where: this.#access.where,
      welcomeSeconds: connect,
      quietSeconds: stall * QUIET_SHARE,
      findDecoder: () => {
        this.#decoder ??= this.#sound === 'opus' ? findDecoder() : Promise.resolve(undefined);
        return this.#decoder;
      },
      connect: async (signal) => {
        const session = await Session.connect(this.#access, open, connect, signal);
        session.claim();
        return session;
      },
      onWelcome: ({ source = UNTOLD, voices }) => {
        this.#told = source;
        this.#voices = voices;
      },
      onDraining: () => {
        if (link !== this.#link || this.#disposed) return;
        this.#link = this.#openLink();
        link.retire();
      },
    });
    // Those that have ended with their last line.
    for (const earlier of this.#links) if (earlier.over) this.#links.delete(earlier);
    this.#links.add(link);
    return link;
  }

  async *#parts(
    ask: LineAsk,
    onBegin: (begin: BeginMessage) => void,
    signal: AbortSignal,
  ): AsyncGenerator<SpeechPart, void, void> {
    if (signal.aborted || this.#disposed) throw SpeechError.aborted();
    const { where } = this.#access;
    checkSize(ask, where);
    const line = this.#link.begin(ask);
    const stop = () => {
      line.leave();
      line.nudge();
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      const parts = new GatewayParts(where, onBegin);
      const patience =
        ask.type === 'prefetch' ? { ...this.#timeouts, firstAudio: PREFETCH_SECONDS } : this.#timeouts;
      yield* receiveParts(line, parts, where, patience, signal);
    } finally {
      signal.removeEventListener('abort', stop);
      line.leave();
    }
  }

  #schedule(): SharedSchedule {
    this.#link.wantClock();
    return new SharedSchedule(() => this.clockOffset?.offsetMs);
  }

  #tellLine(begin: BeginMessage, request: SpeechRequest): void {
    this.#timing = { origin: begin.timing, confidence: begin.confidence };
    const { onLine } = this.#options;
    const told = this.#infoOf(begin);
    if (onLine) queueMicrotask(() => onLine(told, request)); // What it throws is no affair of the line.
  }

  #askOf(request: SpeechRequest): WireRequest {
    const { text, voice, lang, speed } = request;
    checkText(text);
    const id = this.#options.idOf?.(request);
    return {
      ...(id === undefined ? { text } : { id }),
      ...(voice !== undefined && { voice }),
      ...(lang !== undefined && { lang }),
      ...(speed !== undefined && { speed }),
    };
  }

  #infoOf({ share, origin, startedAt, voice, lang, timing, confidence }: BeginMessage): GatewayLineInfo {
    const offset = this.clockOffset;
    return {
      share,
      origin,
      startedAt: offset && startedAt - offset.offsetMs,
      errorMs: offset?.errorMs,
      voice,
      lang,
      timing: { origin: timing, confidence },
    };
  }
}

function never(): AbortSignal {
  return new AbortController().signal;
}

/** Left of a message for the number of its line and its credit, bytes. */
const MESSAGE_REST = 64;

/** A gateway closes the connection for a message that is too large, and so would all other lines lose it. */
function checkSize(ask: LineAsk, where: string): void {
  const { length } = new TextEncoder().encode(JSON.stringify(ask));
  const most = MAX_CLIENT_MESSAGE - MESSAGE_REST;
  if (length <= most) return;
  const reason = `it has ${length} bytes, and a message to a gateway up to ${most}: say it in several lines.`;
  throw SpeechError.refused(where, reason, 'request');
}

/** Of the time that a line may be without sound: what is left of it has to do for another connection. */
const QUIET_SHARE = 0.6;

/** A line that nobody waits for yet may wait for its turn, seconds. */
const PREFETCH_SECONDS = 60;
