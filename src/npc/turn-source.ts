import { InputError } from '../speech/errors.ts';
import type { Turn } from './conversation-options.ts';

/** The turns of a conversation, from wherever they come: given one at a time, no sooner than they are asked for. */
export class TurnSource {
  readonly #iterator: Iterator<Turn> | AsyncIterator<Turn> | undefined;
  #given: Turn | undefined;
  #pending = false;
  #over = false;
  #error: unknown;

  /** Throws {@link InputError} for what has no turns. */
  constructor(turns: Iterable<Turn> | AsyncIterable<Turn> | undefined) {
    if (turns === undefined) return;
    this.#iterator = iteratorOf(turns);
  }

  /** Whether no more turns come. Without turns at all, more may always come by others. */
  get over(): boolean {
    return this.#over;
  }

  /** What a generator has thrown. */
  get error(): unknown {
    return this.#error;
  }

  /** The next turn, once: undefined while it is not there. Asks for it where that has not been done. */
  take(): Turn | undefined {
    if (this.#iterator && !this.#pending && !this.#over && !this.#given) this.#ask(this.#iterator);
    const turn = this.#given;
    this.#given = undefined;
    return turn;
  }

  /** Asks for no more, and lets a generator clean up. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#given = undefined;
    try {
      // A generator that hangs answers when it goes on; nobody waits.
      void Promise.resolve(this.#iterator?.return?.()).catch((error) => reportError(error));
    } catch (error) {
      reportError(error);
    }
  }

  #ask(iterator: Iterator<Turn> | AsyncIterator<Turn>): void {
    try {
      const result = iterator.next();
      if (!('then' in result)) {
        this.#handle(result);
        return;
      }
      this.#pending = true;
      result.then(
        (answer) => this.#handle(answer),
        (error) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  #handle({ done, value }: IteratorResult<Turn>): void {
    this.#pending = false;
    if (this.#over) return;
    if (done) this.#over = true;
    else this.#given = value;
  }

  #fail(error: unknown): void {
    this.#pending = false;
    if (this.#over) return;
    this.#over = true;
    this.#error = error;
  }
}

function iteratorOf(turns: Iterable<Turn> | AsyncIterable<Turn>): Iterator<Turn> | AsyncIterator<Turn> {
  if (typeof turns === 'object' && turns !== null) {
    if (Symbol.asyncIterator in turns) return turns[Symbol.asyncIterator]();
    if (Symbol.iterator in turns) return turns[Symbol.iterator]();
  }
  throw new InputError('converse({ turns })', 'a list or a generator of turns', typeof turns);
}
