import { Observable } from '@babylonjs/core/Misc/observable.js';
import type { LineResult, LineState } from './line-types.ts';
import { notify } from './notify.ts';

/** How a line goes, from `queued` to its one end. */
export class LineCourse {
  readonly onStateObservable = new Observable<LineState>();
  /** Settles once; never rejects. */
  readonly finished: Promise<LineResult>;
  readonly #settle: (result: LineResult) => void;
  #state: LineState = 'queued';
  #result: LineResult | undefined;

  constructor() {
    let settle: (result: LineResult) => void = () => {};
    this.finished = new Promise((resolve) => {
      settle = resolve;
    });
    this.#settle = settle;
  }

  get state(): LineState {
    return this.#state;
  }

  /** Once it is over. */
  get result(): LineResult | undefined {
    return this.#result;
  }

  /** Tells where it has come to; nothing once it is over. */
  enter(state: LineState): void {
    if (this.#result || state === this.#state) return;
    this.#state = state;
    notify(this.onStateObservable, state);
  }

  /** Ends it, once; `clear` frees what it had before anybody is told. */
  end(result: LineResult, clear: () => void): void {
    if (this.#result) return;
    this.#result = result;
    this.#state = result.outcome;
    clear();
    this.#settle(result);
    notify(this.onStateObservable, result.outcome);
  }
}
