/** Keeps the trim of each output device from one visit to the next. */
export interface TrimStore {
  /** The trim of a device, milliseconds; undefined where none is kept. */
  load(device: string): number | undefined | Promise<number | undefined>;
  /** Keeps the trim of a device, milliseconds. */
  save(device: string, trimMs: number): void | Promise<void>;
}

const PREFIX = 'parley.trim.';

/** Keeps trims in `localStorage`. Where the page may not use it, or it is full, they last as long as the page. */
export function localTrims(): TrimStore {
  return {
    load(device) {
      const kept = attempt(() => localStorage.getItem(PREFIX + device));
      return kept ? Number(kept) : undefined;
    },
    save(device, trimMs) {
      attempt(() => localStorage.setItem(PREFIX + device, String(trimMs)));
    },
  };
}

/** Browsers throw where storage is blocked. */
function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
