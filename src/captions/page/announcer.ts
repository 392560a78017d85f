import type { Caption } from '../caption.ts';
import { LANGUAGE } from './caption-box.ts';
import type { CaptionLabels } from './settings.ts';

/** Phrases that stay in the region; readers browse in them. */
const KEPT = 6;

/** Tells screen readers what the player is told: whole phrases, each once, when they begin; never chatter. */
export class Announcer {
  readonly element: HTMLElement;
  readonly #labels: CaptionLabels;
  /** Up to which place of its script each line has been told. */
  readonly #told = new WeakMap<Caption, number>();

  constructor(document: Document, labels: CaptionLabels) {
    this.#labels = labels;
    this.element = document.createElement('div');
    this.element.className = 'heard-only';
    this.element.setAttribute('role', 'log');
    this.element.setAttribute('aria-live', 'polite');
    this.element.setAttribute('aria-relevant', 'additions');
  }

  /** One step for a line. */
  update(caption: Caption): void {
    const { course } = caption;
    if (!caption.story || course.phrase < 0 || course.untold) return;
    const { from, to } = course.script.phrases[course.phrase]!;
    const told = this.#told.get(caption);
    if (told !== undefined && told >= to) return;
    const text = course.script.text.slice(Math.max(from, told ?? 0), to).trim();
    this.#told.set(caption, to);
    if (!/[\p{L}\p{N}]/u.test(text)) return;
    this.#tell(told === undefined ? `${this.#whoOf(caption)}: ${text}` : text, caption.line.request.lang);
  }

  #whoOf({ speaker, direction }: Caption): string {
    return direction === 'here' ? speaker.name : `${speaker.name} (${this.#labels[direction]})`;
  }

  #tell(text: string, lang: string | undefined): void {
    const phrase = this.element.ownerDocument.createElement('p');
    phrase.textContent = text;
    phrase.dir = 'auto';
    if (lang && LANGUAGE.test(lang)) phrase.lang = lang;
    this.element.append(phrase);
    while (this.element.childElementCount > KEPT) this.element.firstElementChild?.remove();
  }
}
