import { ClockOffset } from '../../clock/clock-offset.ts';
import type { HelloMessage } from '../../protocol/client-messages.ts';
import type { GatewayMessage, WelcomeMessage } from '../../protocol/gateway-messages.ts';
import { readSoundFrame } from '../../protocol/sound-frame.ts';
import { type Codec, MAX_LINE } from '../../protocol/wire.ts';
import { InputError, SpeechError } from '../../speech/errors.ts';
import { Opener } from '../session/opener.ts';
import type { Message, Session } from '../session/session.ts';
import { GatewayLine, type LineAsk, type LineWay } from './gateway-line.ts';
import { greet, readTold } from './greeting.ts';
import type { OpenDecoder } from './packet-decoder.ts';
import { QuietWatch } from './quiet-watch.ts';

/** Longest wait of a timer, seconds. */
const LONG = 1_000_000;

/** Between two looks at the gateway's clock while lines run, ms. */
const PING_MS = 10_000;

/** Questions of the time that follow one another where it matters: the best of so many, as a page is busy now and then. */
const CLOCK_PINGS = 8;

/** Connections that may break before the gateway has said a word, one after another, until it is held for sick. */
const MOST_SICK = 3;

/** What can be decoded, best first. */
const CODECS_BEST = ['opus', 'pcm'] as const;
const CODECS_PLAIN = ['pcm'] as const;

interface LinkOptions {
  /** The address, for messages. */
  readonly where: string;
  /** Opens a socket. */
  readonly connect: (signal: AbortSignal) => Promise<Session>;
  /** What decodes Opus here, where sound shall come so. */
  readonly findDecoder: () => Promise<OpenDecoder | undefined>;
  /** For the gateway's welcome, seconds. */
  readonly welcomeSeconds: number;
  /** While lines run, quiet after which the connection is held for lost, seconds. */
  readonly quietSeconds: number;
  /** What the gateway says of itself and its source. */
  readonly onWelcome: (welcome: WelcomeMessage) => void;
  /** The gateway ends: new lines belong on another link. */
  readonly onDraining: () => void;
}

/** A connection with the gateway on it. */
interface Open {
  readonly session: Session;
  readonly welcome: WelcomeMessage;
}

/** Many lines over one connection, and over another when that is lost: lines that run go on where they were. */
export class GatewayLink implements LineWay {
  readonly clock = new ClockOffset();
  readonly #options: LinkOptions;
  readonly #opener: Opener<Open>;
  readonly #lines = new Map<number, GatewayLine>();
  readonly #disposed = new AbortController();
  readonly #quiet: QuietWatch;
  #open: Open | undefined;
  #decoder: OpenDecoder | undefined;
  /** What the last welcome said, for the way back. */
  #known: WelcomeMessage | undefined;
  #connecting: AbortController | undefined;
  #lost: SpeechError | undefined;
  #sick = 0;
  #last = 0;
  #pings: ReturnType<typeof setInterval> | undefined;
  /** Questions that are still to be asked one after another, where the clock is wanted. */
  #pingsLeft = 0;
  #clockWanted = false;
  /** No line begins here any more. */
  #retired = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#opener = new Opener((signal) => this.#connect(signal));
    const { where, quietSeconds: seconds } = options;
    this.#quiet = new QuietWatch({
      seconds,
      onQuiet: () => this.#ping(),
      onGone: () => this.#lose(SpeechError.stalled(where, seconds)),
    });
  }

  get lost(): SpeechError | undefined {
    return this.#open ? undefined : this.#lost;
  }

  get codec(): Codec {
    return this.#known?.codec ?? 'pcm';
  }

  get decoder(): OpenDecoder | undefined {
    return this.#decoder;
  }

  /** Begins a line; it tells itself how that went. */
  begin(ask: LineAsk): GatewayLine {
    this.#last = (this.#last % MAX_LINE) + 1;
    const line = new GatewayLine(this.#last, ask, this.#options.where, this);
    if (this.#disposed.signal.aborted) {
      line.fail(SpeechError.aborted());
      return line;
    }
    this.#lines.set(line.line, line);
    if (this.#open) this.#askNext();
    else void this.#bringUp(); // Never rejects.
    return line;
  }

  /** A line hangs on the gateway's clock: finds out how that goes, and again on every new connection. */
  wantClock(): void {
    this.#clockWanted = true;
    if (this.#pingsLeft > 0) return;
    this.#pingsLeft = CLOCK_PINGS;
    this.#ping();
  }

  /** Connects for the first line. A failure is that line's to tell. */
  prepare(): void {
    if (!this.#open && !this.#disposed.signal.aborted) void this.#bringUp(); // Never rejects.
  }

  tell(message: object): void {
    this.#open?.session.send(JSON.stringify(message));
  }

  leave(line: GatewayLine): void {
    if (!this.#lines.delete(line.line)) return;
    if (this.#lines.size === 0) {
      if (this.#retired) this.dispose();
      else if (!this.#open) this.#connecting?.abort(); // Nobody waits for it any more.
      this.#stopPings();
    } else this.#askNext();
  }

  /** No line begins any more; it closes with the last one. */
  retire(): void {
    this.#retired = true;
    if (this.#lines.size === 0) this.dispose();
  }

  /** Whether it has been closed for good. */
  get over(): boolean {
    return this.#disposed.signal.aborted;
  }

  /** Closes the connection; running lines fail with `aborted`. May be called twice. */
  dispose(): void {
    this.#disposed.abort();
    this.#stopPings();
    this.#open?.session.close();
    this.#open = undefined;
    this.#failAll(SpeechError.aborted());
  }

  /** Connects, again and again while there are lines that wait for it. Never rejects. */
  async #bringUp(): Promise<void> {
    if (this.#connecting) return;
    const attempt = new AbortController();
    this.#connecting = attempt;
    const signal = AbortSignal.any([attempt.signal, this.#disposed.signal]);
    try {
      do {
        try {
          const open = await this.#opener.open(signal);
          if (signal.aborted)
            open.session.close(); // Given up when it stood already.
          else this.#handleOpen(open);
        } catch (error) {
          if (signal.aborted) break;
          this.#handleFailure(error);
        }
      } while (!this.#open && !signal.aborted && this.#lines.size > 0);
    } finally {
      this.#connecting = undefined;
    }
    // A line that began while the attempt for others was given up.
    if (!this.#open && this.#lines.size > 0 && !this.#disposed.signal.aborted) void this.#bringUp();
  }

  /** A connection on which the gateway has answered the hello. */
  async #connect(signal: AbortSignal): Promise<Open> {
    const { connect, findDecoder, welcomeSeconds, where } = this.#options;
    this.#decoder = await findDecoder(); // First: a gateway waits 5 s for the hello, and no longer.
    const session = await connect(signal);
    try {
      const welcome = await greet(session, this.#hello(), { where, welcomeSeconds, signal });
      this.#sick = 0;
      return { session, welcome };
    } catch (error) {
      session.close();
      this.#sick++;
      throw error;
    }
  }

  #hello(): HelloMessage {
    const lines = [...this.#lines.values()].filter(({ asked }) => asked).map(({ held }) => held);
    const hello = { type: 'hello', codecs: this.#decoder ? CODECS_BEST : CODECS_PLAIN } as const;
    if (!this.#known || lines.length === 0) return hello;
    const { session, secret } = this.#known;
    return { ...hello, resume: { session, secret, lines } };
  }

  #handleOpen(open: Open): void {
    this.#open = open;
    const { session, welcome } = open;
    if (welcome.session !== this.#known?.session) this.clock.reset();
    this.#known = welcome;
    this.#options.onWelcome(welcome);
    if (this.#clockWanted) this.#pingsLeft = CLOCK_PINGS;
    this.#ping();
    const resumed = new Set(welcome.resumed);
    for (const line of [...this.#lines.values()]) {
      if (!line.asked) continue;
      if (resumed.has(line.line)) line.goOn();
      else if (line.begun)
        void line.join(); // Never rejects.
      else line.asked = false; // It never arrived, or is forgotten: nobody has heard anything.
    }
    this.#askNext();
    void this.#deliver(session); // Never rejects.
  }

  /** Another connection could not be made. */
  #handleFailure(error: unknown): void {
    const { where } = this.#options;
    if (error instanceof InputError) {
      this.#failAll(error); // A bad address: the caller's to know, as it is.
      return;
    }
    const reason = error instanceof SpeechError ? error : SpeechError.connectFailed(where, error);
    const hopeless = this.#sick >= MOST_SICK || (reason.refusal !== undefined && reason.refusal !== 'busy');
    if (hopeless) this.#sick = 0;
    this.#lost = hopeless || !this.#lost ? reason : this.#lost;
    // Lines that have begun may come back; those that have not can be told at once.
    for (const line of [...this.#lines.values()]) if (hopeless || !line.asked) this.#fail(line, reason);
  }

  async #deliver(session: Session): Promise<void> {
    try {
      for (;;) {
        const message = await session.receive(LONG);
        this.#quiet.hear();
        if (message !== undefined) this.#handleMessage(message, session);
      }
    } catch (error) {
      if (this.#open?.session !== session) return;
      const { where } = this.#options;
      this.#lose(error instanceof SpeechError ? error : SpeechError.serviceFailed(where, String(error)));
    }
  }

  /** The connection is no more, or of no use: lines go on over another, unless it was the gateway that cannot. */
  #lose(reason: SpeechError): void {
    const session = this.#open?.session;
    this.#open = undefined;
    this.#stopPings();
    session?.close();
    if (reason.code === 'protocol' || reason.code === 'aborted') this.#failAll(reason);
    else {
      this.#lost = reason;
      if (this.#lines.size > 0) void this.#bringUp(); // Never rejects.
    }
  }

  #handleMessage(message: Message, session: Session): void {
    const read = this.#read(message, session);
    if (!read) return;
    switch (read.type) {
      case 'pong':
        this.clock.add(read.at, read.time, performance.now());
        if (this.#pingsLeft > 0 && --this.#pingsLeft > 0) this.#ping();
        this.#askNext(); // Some wait for the clock.
        return;
      case 'draining':
        this.#options.onDraining();
        return;
      case 'error':
        if (read.line === undefined) {
          throw SpeechError.protocol(this.#options.where, 'a gateway of this version', read.message);
        }
        this.#lines.get(read.line)?.handle(read);
        return;
      case 'begin':
      case 'cues':
      case 'words':
      case 'shapes':
      case 'ready':
      case 'end':
        this.#lines.get(read.line)?.handle(read);
    }
  }

  /** A message; sound goes to its line at once. Throws `protocol` for what is none. */
  #read(message: Message, session: Session): GatewayMessage | undefined {
    if (typeof message === 'string') return readTold(message, session, this.#options.where);
    try {
      const frame = readSoundFrame(message);
      this.#lines.get(frame.line)?.handleSound(frame);
      return undefined;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw SpeechError.protocol(this.#options.where, 'a message of its protocol', error.message);
    }
  }

  /** Asks for lines that wait, as many as the gateway takes. */
  #askNext(): void {
    if (!this.#open) return;
    const { lines: most } = this.#open.welcome.limits;
    const waiting = [...this.#lines.values()].filter(({ asked }) => !asked);
    const places = most - (this.#lines.size - waiting.length);
    const ready = waiting.filter((line) => !line.needsClock || this.clock.offsetMs !== undefined);
    const next = ready.slice(0, Math.max(0, places));
    if (next.length === 0) return;
    this.#ping();
    for (const line of next) line.ask();
    this.#pings ??= setInterval(() => this.#ping(), PING_MS);
    this.#quiet.start();
  }

  #stopPings(): void {
    this.#quiet.stop();
    clearInterval(this.#pings);
    this.#pings = undefined;
  }

  #ping(): void {
    this.tell({ type: 'ping', at: performance.now() });
  }

  #fail(line: GatewayLine, reason: SpeechError | InputError): void {
    this.#lines.delete(line.line);
    line.fail(reason);
  }

  #failAll(reason: SpeechError | InputError): void {
    for (const line of [...this.#lines.values()]) this.#fail(line, reason);
  }
}
