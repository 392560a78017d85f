/** An element with a class and a text. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = '',
  text = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** A text that is written only where it changes. */
export class TextSlot {
  readonly element: HTMLElement;
  #shown = '';

  constructor(element: HTMLElement) {
    this.element = element;
  }

  set text(text: string) {
    if (text === this.#shown) return;
    this.#shown = text;
    this.element.textContent = text;
  }
}

/** Names with their values, one beside the other. */
export class Facts {
  readonly element = make('dl');
  readonly #slots = new Map<string, TextSlot>();

  constructor(names: readonly string[]) {
    for (const name of names) {
      const value = make('dd');
      const row = make('div');
      row.append(make('dt', '', name), value);
      this.element.append(row);
      this.#slots.set(name, new TextSlot(value));
    }
  }

  show(name: string, value: string): void {
    this.#slots.get(name)!.text = value;
  }
}

/** A bar from 0 to 1 under its name. */
export class Bar {
  readonly element = make('div', 'bar');
  readonly #fill = make('i');
  #shown = 0;

  constructor(name: string) {
    const track = make('span');
    track.append(this.#fill);
    this.element.append(track, make('small', '', name));
    this.element.title = name;
  }

  set value(value: number) {
    if (value === this.#shown) return;
    this.#shown = value;
    this.#fill.style.setProperty('transform', `scaleY(${Math.min(1, Math.max(0, value)).toFixed(3)})`);
  }
}
