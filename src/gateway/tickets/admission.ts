import { SpeechError } from '../../speech/errors.ts';
import type { Budgets, Payer } from './budgets.ts';
import { type Scopes, SESSION_SECONDS } from './scopes.ts';

/** The words that a limit is told in stand after "The gateway refused the line: ". */
const WHERE = 'The gateway';

/** How somebody came in: with a ticket, with one of the gateway's own keys, or from this machine, where that is enough. */
export type AdmittedBy = 'ticket' | 'key' | 'loopback';

/** A line that is asked for, as far as it matters to whether it may be spoken. */
export interface AskedLine {
  /** Of a line of the game's own list; undefined for free text. */
  readonly id?: string | undefined;
  readonly voice?: string | undefined;
}

/** One who may speak, and how much. It is good for one connection. */
export class Admission {
  readonly by: AdmittedBy;
  /** The ticket's user (`user:ada`), or the name of the key (`key:server`). For counting, not for logs. */
  readonly user: string | undefined;
  /** The address of the client. */
  readonly address: string;
  readonly scopes: Scopes;
  readonly #budgets: Budgets;
  readonly #payer: Payer;
  #characters: number;
  #seconds: number;

  constructor(by: AdmittedBy, payer: Payer, scopes: Scopes, budgets: Budgets) {
    this.by = by;
    this.user = payer.user;
    this.address = payer.address;
    this.scopes = scopes;
    this.#payer = payer;
    this.#budgets = budgets;
    this.#characters = scopes.characters ?? Number.POSITIVE_INFINITY;
    this.#seconds = scopes.seconds ?? Number.POSITIVE_INFINITY;
  }

  /** Longest time of the connection, seconds; without end but for tickets. */
  get sessionSeconds(): number {
    if (this.by !== 'ticket') return Number.POSITIVE_INFINITY;
    return this.scopes.sessionSeconds ?? SESSION_SECONDS;
  }

  /** Characters and seconds that the ticket has left; without end where it sets none. */
  get left(): { readonly characters: number; readonly seconds: number } {
    return { characters: this.#characters, seconds: this.#seconds };
  }

  /** Why this line may not be spoken for them, if so: a `SpeechError` to be told. Asked before anything else is done. */
  refusalOf({ id, voice }: AskedLine): SpeechError | undefined {
    const { freeText = false, lines, voices } = this.scopes;
    if (id === undefined && !freeText)
      return no("the ticket allows no free text, only lines of the game's list");
    if (id !== undefined && lines && !lines.includes(id)) return no('the ticket does not allow this line');
    // A line of the list has its own voice; of free text it must be said, for nobody here knows the source's default.
    const fits = voice === undefined ? id !== undefined : voices?.includes(voice);
    if (voices && !fits) return no(`the ticket allows ${voices.length} voices, of which one must be named`);
    if (this.#seconds <= 0) return no('the seconds of the ticket have been heard');
    return undefined;
  }

  /**
   * Pays for characters that are about to be asked of the source: lines that are kept or shared cost nothing, so this is
   * called for fresh ones alone. Rejects with a `SpeechError` where the ticket or a budget has not as many left; then
   * nothing was taken. Resolves with what gives them back, once, where the source gave nothing for them.
   */
  async pay(characters: number): Promise<() => Promise<void>> {
    if (characters > this.#characters) throw no('the characters of the ticket are used up', 'busy');
    this.#characters -= characters; // Before the wait, so that two lines at once cannot both have them.
    const taken = await this.#budgets.take(this.#payer, characters);
    if (taken.spent === undefined) return this.#refundOf(characters, taken.giveBack);
    const { spent } = taken;
    this.#characters += characters;
    const reason = `the ${spent.name} budget of today is spent; only lines that are kept are spoken`;
    throw SpeechError.refused(WHERE, reason, 'busy', Math.ceil(spent.resetSeconds));
  }

  #refundOf(characters: number, giveBack: () => Promise<void>): () => Promise<void> {
    let left = characters;
    return async () => {
      this.#characters += left;
      left = 0;
      await giveBack();
    };
  }

  /** Counts sound that is sent; gives the error to end the line with once the ticket's seconds are used up. */
  hear(seconds: number): SpeechError | undefined {
    this.#seconds -= seconds;
    return this.#seconds < 0 ? no('the seconds of the ticket have been heard') : undefined;
  }
}

function no(reason: string, refusal: 'request' | 'busy' = 'request'): SpeechError {
  return SpeechError.refused(WHERE, `${reason}.`, refusal);
}
