/** What a proxy does to an answer; nothing by default. Messages are counted from the moment the faults are set. */
export interface Faults {
  /** Refuses handshakes and HTTP requests with this answer. */
  readonly refuse?: {
    readonly status: number;
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** Never answers a handshake or an HTTP request. */
  readonly hang?: boolean;
  /** So many messages of the service are passed on, what follows is told by {@link next}. Default: all. */
  readonly pass?: number;
  /** `cut` breaks the connection, `close` closes it as if all were well, `stall` keeps it and holds back what follows until other faults are set. Default: stall. */
  readonly next?: 'cut' | 'close' | 'stall';
  /** Close code and reason of `close`. Default: 1000 without words. */
  readonly closeWith?: { readonly code: number; readonly reason: string };
  /** Puts a message of its own after so many of the service's. */
  readonly inject?: { readonly after: number; readonly data: string | Uint8Array };
  /** Holds each message back for so long, ms; their order stays. Default 0. */
  readonly delayMs?: number;
  /** Holds everything back for so long, ms, after so many messages. */
  readonly pause?: { readonly after: number; readonly ms: number };
}

/** What is to be done about one message. */
export interface Verdict {
  readonly waitMs: number;
  /** Goes before the message. */
  readonly inject: string | Uint8Array | undefined;
  readonly pass: boolean;
  /** What the connection is to do after it. */
  readonly next: 'go on' | 'cut' | 'close' | 'stall';
}

/** Counts messages and tells what the faults make of each. */
export class FaultGate {
  readonly faults: Faults;
  /** Resolves when the faults hold no more. */
  readonly lifted: Promise<void>;
  /** Other faults are set. */
  lift: () => void = () => {};
  #count = 0;

  constructor(faults: Faults) {
    this.faults = faults;
    this.lifted = new Promise((resolve) => {
      this.lift = resolve;
    });
  }

  /** For the next message of the service. */
  take(): Verdict {
    const {
      pass = Number.POSITIVE_INFINITY,
      next: following = 'stall',
      inject,
      delayMs = 0,
      pause,
    } = this.faults;
    const nth = this.#count++;
    return {
      waitMs: nth < pass ? delayMs + (pause?.after === nth ? pause.ms : 0) : 0,
      inject: inject?.after === nth ? inject.data : undefined,
      pass: nth < pass,
      next: nth + 1 < pass ? 'go on' : following,
    };
  }
}
