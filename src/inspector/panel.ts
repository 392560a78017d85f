import type { Parley } from '../npc/parley.ts';
import { NpcCard } from './npc-card.ts';
import { Facts, make, TextSlot } from './parts.ts';
import { Snapshot } from './snapshot.ts';
import { PANEL_STYLE } from './style.ts';

/** Time between two readings, milliseconds: quick enough for a mouth to be seen moving, and 7 times a second at most. */
const READING_MS = 150;

/** Up to so many characters are open from the start. */
const FIRST_OPEN = 2;

const FACTS = ['sound', 'latency', 'trim', 'voices', 'gateway’s clock', 'speaking', 'waiting'];

/** The voices of a Parley, live, in plain elements: what both the Inspector's pane and the overlay show. */
export class Panel {
  /** To be put into the page. */
  readonly element = make('div');
  readonly #parley: Parley;
  readonly #snapshot = new Snapshot();
  readonly #facts = new Facts(FACTS);
  readonly #leases = new TextSlot(make('p', 'leases'));
  readonly #list = make('div', 'npcs');
  readonly #cards: NpcCard[] = [];
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(parley: Parley) {
    this.#parley = parley;
    const root = this.element.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet(); // A policy without inline styles lets it through.
    sheet.replaceSync(PANEL_STYLE);
    root.adoptedStyleSheets = [sheet];
    const body = make('section');
    body.setAttribute('aria-label', 'Voices of Parley');
    body.append(this.#facts.element, this.#leases.element, this.#list);
    root.append(body);
    this.show();
    this.#timer = setInterval(() => this.show(), READING_MS);
  }

  /** Reads and shows; called by its own timer, where the page can be seen. */
  show(): void {
    if (document.hidden) return;
    const snapshot = this.#snapshot;
    snapshot.take(this.#parley);
    this.#facts.show('sound', snapshot.audio);
    this.#facts.show('latency', inMs(snapshot.latencyMs));
    this.#facts.show('trim', inMs(snapshot.trimMs));
    this.#facts.show('voices', snapshot.source);
    const error = snapshot.clockErrorMs;
    this.#facts.show('gateway’s clock', error === undefined ? '–' : `±${error.toFixed(1)} ms`);
    this.#facts.show('speaking', `${snapshot.speaking} of ${snapshot.count}`);
    this.#facts.show('waiting', String(snapshot.waiting));
    this.#leases.text = snapshot.leases
      .map(
        ({ name, active, units, waiting, state }) =>
          `${name}: ${active} of ${units}, ${waiting} waiting, ${state}`,
      )
      .join('\n');
    this.#showNpcs();
  }

  /** Reads no more. May be called twice. */
  dispose(): void {
    clearInterval(this.#timer);
    this.element.remove();
  }

  #showNpcs(): void {
    const { count, npcs } = this.#snapshot;
    while (this.#cards.length > count) this.#cards.pop()!.element.remove();
    for (let index = 0; index < count; index++) {
      let card = this.#cards[index];
      if (!card) {
        card = new NpcCard();
        card.element.open = index < FIRST_OPEN;
        this.#cards.push(card);
        this.#list.append(card.element);
      }
      card.show(npcs[index]!);
    }
  }
}

function inMs(ms: number | undefined): string {
  return ms === undefined ? '–' : `${ms.toFixed(0)} ms`;
}
