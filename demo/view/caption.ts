import type { Line, WordMark } from '../../src/index.ts';
import { element } from './element.ts';
import { type CaptionPage, pagesOf } from './pages.ts';

/**
 * The words under the picture, with the one that is heard right now marked. Screen readers get each line once and
 * whole; the marking is for eyes.
 */
export class Caption {
  readonly #name = element('caption-name', HTMLElement);
  readonly #whole = element('caption-whole', HTMLElement);
  readonly #said: HTMLElement;
  readonly #now: HTMLElement;
  readonly #next: HTMLElement;
  #line: Line | undefined;
  #pages: readonly CaptionPage[] = [];

  constructor() {
    const parts = element('caption-line', HTMLElement).children;
    [this.#said, this.#now, this.#next] = [...parts] as [HTMLElement, HTMLElement, HTMLElement];
  }

  /** Shows a line from its beginning and follows it to its end. */
  show(name: string, line: Line): void {
    this.#line = line;
    this.#pages = pagesOf(line.text);
    this.#name.textContent = name;
    this.#whole.textContent = `${name}: ${line.text}`;
    this.#write(0, 0);
    line.onWordObservable.add((word) => this.#mark(line, word));
  }

  /** Unmarks the last word of a line that was heard to its end. Where a line broke off, its mark stays. */
  finish(line: Line): void {
    if (line === this.#line) this.#write(line.text.length, line.text.length);
  }

  #mark(line: Line, { from, to }: WordMark): void {
    if (line === this.#line) this.#write(from, to);
  }

  #write(from: number, to: number): void {
    const text = this.#line?.text ?? '';
    const page = this.#pages.find((candidate) => from < candidate.to) ?? this.#pages.at(-1);
    if (!page) return;
    this.#said.textContent = text.slice(page.from, Math.min(from, page.to));
    this.#now.textContent = text.slice(from, Math.min(to, page.to));
    this.#next.textContent = text.slice(Math.min(to, page.to), page.to);
  }
}
