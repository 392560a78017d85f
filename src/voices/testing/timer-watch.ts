import { AsyncLocalStorage, createHook } from 'node:async_hooks';

/** Watches the timers that are started by one piece of work and all that follows from it, whatever else runs. */
export class TimerWatch {
  readonly #work = new AsyncLocalStorage<true>();
  readonly #timers = new Map<number, NodeJS.Timeout>();
  readonly #hook = createHook({
    init: (id, type, _trigger, timer) => {
      if (type === 'Timeout' && this.#work.getStore()) this.#timers.set(id, timer as NodeJS.Timeout);
    },
    destroy: (id) => void this.#timers.delete(id),
  }).enable();

  run<T>(work: () => T): T {
    return this.#work.run(true, work);
  }

  /** Timers of the work that run now and keep Node alive. */
  get running(): number {
    return [...this.#timers.values()].filter((timer) => timer.hasRef()).length;
  }

  dispose(): void {
    this.#hook.disable();
    this.#timers.clear();
  }
}
