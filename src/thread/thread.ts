/** How a thread reports to whoever started it. */
export interface ThreadEvents<Answer> {
  /** What the thread sends, in its order. */
  onAnswer(answer: Answer): void;
  /** The thread is gone, or never came, without being asked to end; nothing follows. */
  onDeath(cause: unknown): void;
}

/** A thread beside this one: Node's worker thread or a page's worker. */
export interface Thread<Request> {
  /** Sends a request; what is in `moved` is the thread's from then on. */
  post(request: Request, moved?: readonly ArrayBuffer[]): void;
  /** Ends it at once, whatever it is doing; no event follows. */
  end(): void;
}

/** Starts a thread; requests may be posted at once. */
export type StartThread<Request, Answer> = (events: ThreadEvents<Answer>) => Thread<Request>;
