import { Bar, Facts, make, TextSlot } from './parts.ts';
import { type NpcReading, VISEME_WEIGHTS, WEIGHT_NAMES } from './snapshot.ts';

/** Parts of the face that are shown beside the visemes: those that move most. */
const MOVING_PARTS = 8;

const FACTS = ['heard', 'buffered', 'held back', 'stalled', 'mouth ahead', 'panner', 'distance', 'waiting'];

/** A character in the panel: a row, and below it, while it is open, all the rest. */
export class NpcCard {
  readonly element = make('details', 'npc');
  readonly #name = new TextSlot(make('strong'));
  readonly #ring = new TextSlot(make('span', 'ring'));
  readonly #state = new TextSlot(make('span', 'state'));
  readonly #text = new TextSlot(make('p', 'text'));
  readonly #facts = new Facts(FACTS);
  readonly #visemes: readonly Bar[];
  readonly #parts: readonly {
    readonly name: TextSlot;
    readonly bar: HTMLProgressElement;
    readonly row: HTMLElement;
  }[];
  readonly #order = new Uint16Array(WEIGHT_NAMES.length - VISEME_WEIGHTS);

  constructor() {
    const summary = make('summary');
    summary.append(this.#name.element, this.#ring.element, this.#state.element);
    const visemes = make('div', 'visemes');
    this.#visemes = WEIGHT_NAMES.slice(0, VISEME_WEIGHTS).map((name) => new Bar(name));
    visemes.append(...this.#visemes.map(({ element }) => element));
    const parts = make('div', 'parts');
    this.#parts = Array.from({ length: MOVING_PARTS }, () => {
      const row = make('label');
      const name = new TextSlot(make('span'));
      const bar = make('progress');
      bar.max = 1;
      row.append(name.element, bar);
      parts.append(row);
      return { name, bar, row };
    });
    this.element.append(summary, this.#text.element, this.#facts.element, visemes, parts);
  }

  show(reading: NpcReading): void {
    const { name, ring, state, waiting } = reading;
    this.#name.text = name;
    this.#ring.text = ring;
    this.#ring.element.dataset.ring = ring;
    this.#state.text = waiting > 0 ? `${state}, ${waiting} waiting` : state;
    this.element.classList.toggle('speaks', state === 'speaking');
    if (this.element.open) this.#showRest(reading);
  }

  #showRest(reading: NpcReading): void {
    const { text, offsetMs, distance, state } = reading;
    const speaks = state !== 'idle';
    this.#text.text = text;
    this.#facts.show('heard', speaks ? `${reading.playhead.toFixed(2)} s` : '–');
    this.#facts.show('buffered', speaks ? `${reading.bufferedSeconds.toFixed(2)} s` : '–');
    this.#facts.show('held back', speaks ? `${reading.targetMs.toFixed(0)} ms` : '–');
    this.#facts.show('stalled', speaks ? `${reading.stalledMs.toFixed(0)} ms` : '–');
    this.#facts.show('mouth ahead', offsetMs === undefined ? '–' : `${offsetMs.toFixed(1)} ms`);
    this.#facts.show('panner', reading.panner);
    this.#facts.show('distance', distance === undefined ? '–' : `${distance.toFixed(1)} m`);
    this.#facts.show('waiting', String(reading.waiting));
    this.#showWeights(reading.weights);
  }

  #showWeights(weights: Float32Array): void {
    for (const [index, bar] of this.#visemes.entries()) bar.value = weights[index]!;
    const order = this.#order;
    for (let index = 0; index < order.length; index++) order[index] = VISEME_WEIGHTS + index;
    order.sort((a, b) => weights[b]! - weights[a]! || a - b);
    for (const [place, { name, bar, row }] of this.#parts.entries()) {
      const index = order[place]!;
      const weight = weights[index]!;
      row.hidden = weight < 0.005;
      name.text = WEIGHT_NAMES[index]!;
      bar.value = weight;
    }
  }
}
