import { element } from './element.ts';

/** Covers the stage while the characters are loaded, and says how far they are. */
export class Curtain {
  readonly #cover = element('curtain', HTMLElement);
  readonly #words = element('curtain-words', HTMLElement);
  readonly #bar = element('curtain-bar', HTMLProgressElement);
  readonly #files = new Map<string, { loaded: number; total: number }>();

  /** Bytes of one file so far. `total` is 0 where the server does not say. */
  progress(name: string, loaded: number, total: number): void {
    this.#files.set(name, { loaded, total });
    const files = [...this.#files.values()];
    const sum = files.reduce((bytes, file) => bytes + file.loaded, 0);
    const whole = files.reduce((bytes, file) => bytes + file.total, 0);
    const names = [...this.#files.keys()].join(' and ');
    this.#words.textContent = `${names} are on the way: ${megabytes(sum)}${whole > 0 ? ` of ${megabytes(whole)}` : ''} MB`;
    if (whole > 0) this.#bar.value = sum / whole;
    else this.#bar.removeAttribute('value');
  }

  open(): void {
    this.#cover.classList.add('open');
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
