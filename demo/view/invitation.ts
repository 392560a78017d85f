import { element } from './element.ts';

/** The ready-made prompt over the picture: "Click anywhere to hear her". A button, so that keys reach it too. */
export class Invitation {
  readonly #button = element('invitation', HTMLButtonElement);

  constructor(accept: () => void) {
    this.#button.addEventListener('click', accept);
  }

  show(words: string): void {
    this.#button.textContent = words;
    this.#button.hidden = false;
  }

  hide(): void {
    this.#button.hidden = true;
  }
}
