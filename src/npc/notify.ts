import type { Observable } from '@babylonjs/core/Misc/observable.js';

/** Tells observers, each by itself. An error of one is reported to the page, as one in an event listener is, and costs nothing else. */
export function notify<T>(observable: Observable<T>, value: T): void {
  if (observable.observers.length === 0) return;
  for (const observer of [...observable.observers]) {
    try {
      observable.notifyObserver(observer, value);
    } catch (error) {
      reportError(error);
    }
  }
}
