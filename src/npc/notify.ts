import type { Observable } from '@babylonjs/core/Misc/observable.js';

/** Tells observers. An error of theirs is reported to the page, as one in an event listener is, and costs nothing else. */
export function notify<T>(observable: Observable<T>, value: T): void {
  try {
    observable.notifyObservers(value);
  } catch (error) {
    reportError(error);
  }
}
