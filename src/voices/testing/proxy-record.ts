/** A message as it went by. */
export interface Passed {
  readonly data: Buffer;
  readonly binary: boolean;
}

/** What went over a proxy. */
export class ProxyRecord {
  /** What clients have sent, messages and bodies of HTTP requests, in order. */
  readonly sent: Passed[] = [];
  /** Paths and queries of all handshakes and HTTP requests, in order. */
  readonly asked: string[] = [];
  /** What the service has answered, whether it was passed on or not. */
  readonly answers: Passed[] = [];
  /** Handshakes, connections and HTTP requests that are not over. */
  readonly live = new Set<object>();
  /** How often a client ended a connection, or left an HTTP answer that was on its way. */
  left = 0;

  /** Changes with everything that a client does. */
  get signs(): number {
    return this.sent.length + this.asked.length + this.left;
  }
}
