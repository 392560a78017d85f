/** What was seen of a page's main thread. */
export interface TasksSeen {
  /** How often others had their turn. */
  readonly turns: number;
  /** Longest time between two turns, ms: the longest task, and whatever else the machine did meanwhile. */
  readonly longestMs: number;
  /** Share of turns after which the next came later than 3 ms. */
  readonly late: number;
}

/** Takes a turn of the page's main thread as often as it can, until its end. */
export function watchTasks(): { end(): TasksSeen } {
  const { port1, port2 } = new MessageChannel();
  let turns = 0;
  let late = 0;
  let longestMs = 0;
  let last = performance.now();
  port1.onmessage = () => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    if (now - last > 3) late++;
    last = now;
    turns++;
    port2.postMessage(undefined);
  };
  port2.postMessage(undefined);
  return {
    end: () => {
      port1.close();
      return { turns, longestMs, late: late / Math.max(turns, 1) };
    },
  };
}
