import type { Caption } from '../caption.ts';
import type { ShownPhrase } from '../course.ts';
import type { Direction } from '../direction.ts';
import type { CaptionLabels, CaptionSettings } from './settings.ts';

const SVG = 'http://www.w3.org/2000/svg';
/** An arrow up, and one that turns around. */
const STRAIGHT = 'M12 21V4m0 0-6.5 6.5M12 4l6.5 6.5';
const TURN = 'M5.5 20.5V9.8a5.4 5.4 0 0 1 10.8 0v9.7m-4.6-4.4 4.6 4.6 4.6-4.6';

/** A language as pages name it; services have codes of their own. */
export const LANGUAGE = /^[a-z]{2,3}(-[a-z\d]{2,8})*$/i;

/** One place for a caption, with what stands in it. */
export class CaptionBox {
  readonly element: HTMLElement;
  readonly #caption: HTMLElement;
  readonly #name: HTMLElement;
  readonly #where: HTMLElement;
  readonly #text: HTMLElement;
  readonly #said: HTMLElement;
  readonly #now: HTMLElement;
  readonly #coming: HTMLElement;
  #shown: Caption | undefined;
  #phrase: ShownPhrase | undefined;
  #from: Direction | undefined;
  #place = -1;
  #word = -1;
  #sharers = 0;
  #kept = false;

  constructor(document: Document) {
    const make = (tag: string, className: string) => {
      const element = document.createElement(tag);
      if (className) element.className = className;
      return element;
    };
    this.element = make('div', 'slot');
    this.#caption = make('p', 'caption');
    this.#name = make('bdi', 'name');
    this.#where = make('bdi', 'heard-only'); // As the name, it does not tell which way the text runs.
    this.#text = make('span', 'text');
    this.#said = make('span', '');
    this.#now = make('mark', '');
    this.#coming = make('span', '');
    this.#caption.setAttribute('part', 'caption');
    this.#name.setAttribute('part', 'name');
    this.#text.setAttribute('part', 'text');
    this.#caption.dir = 'auto';
    this.#caption.hidden = true;
    this.#text.append(this.#said, this.#now, this.#coming);
    this.#caption.append(arrowIn(document), this.#name, this.#where, ': ', this.#text);
    this.element.append(this.#caption);
  }

  /** What stands in it. */
  get shown(): Caption | undefined {
    return this.#shown;
  }

  /** Whether it keeps its place while nothing stands in it, for the sake of one above. */
  set kept(kept: boolean) {
    if (kept === this.#kept) return;
    this.#kept = kept;
    this.element.classList.toggle('kept', kept);
  }

  /** Writes everything anew at the next step. */
  renew(): void {
    this.#shown = undefined;
    this.#phrase = undefined;
    this.#from = undefined;
  }

  clear(): void {
    if (!this.#shown) return;
    this.renew();
    this.#caption.hidden = true;
  }

  /** One step. `others`: who may say the same. Writes only what has changed, and allocates nothing else. */
  update(
    caption: Caption,
    others: readonly Caption[],
    words: CaptionSettings['words'],
    labels: CaptionLabels,
    colourOf: (caption: Caption) => string,
  ): void {
    const { course } = caption;
    const fresh = caption !== this.#shown;
    let sharers = 0;
    for (let index = 0; index < others.length; index++) if (others[index]!.sharedWith === caption) sharers++;
    if (fresh || sharers !== this.#sharers) {
      this.#shown = caption;
      this.#sharers = sharers;
      this.#nameOf(caption, others, colourOf);
    }
    this.#direct(sharers > 0 ? 'here' : caption.direction, labels);
    const { shown, said, word } = course;
    const renewed = fresh || shown !== this.#phrase;
    if (!renewed && (words === 'phrase' || (said === this.#place && word === this.#word))) return;
    this.#phrase = shown;
    this.#place = said;
    this.#word = word;
    const { text, from } = shown;
    const whole = words === 'phrase' || course.cut !== undefined;
    const until = whole ? text.length : clamp(said - from, text.length);
    const since = words === 'marked' && !whole ? clamp(word - from, until) : until;
    this.#said.textContent = text.slice(0, since);
    this.#now.textContent = text.slice(since, until);
    this.#coming.textContent = text.slice(until);
    this.#coming.className = words === 'spoken' ? 'coming' : '';
  }

  #nameOf(caption: Caption, others: readonly Caption[], colourOf: (caption: Caption) => string): void {
    const names = [caption, ...others.filter(({ sharedWith }) => sharedWith === caption)].map(
      ({ speaker }) => speaker.name,
    );
    const rest = names.length - MOST_NAMES;
    this.#name.textContent = names.slice(0, MOST_NAMES).join(', ') + (rest > 0 ? ` +${rest}` : '');
    this.#caption.style.setProperty('--speaker', colourOf(caption));
    const { lang } = caption.line.request;
    if (lang && LANGUAGE.test(lang)) this.#text.lang = lang;
    else this.#text.removeAttribute('lang');
    this.#caption.hidden = false;
    restart(this.#caption);
  }

  #direct(from: Direction, labels: CaptionLabels): void {
    if (from === this.#from) return;
    this.#from = from;
    if (from === 'here') delete this.#caption.dataset.from;
    else this.#caption.dataset.from = from;
    this.#where.textContent = from === 'here' ? '' : ` (${labels[from]})`;
  }
}

/** Names before a caption that several share; of more only how many. */
const MOST_NAMES = 3;

/** Lets the caption come as a new one. */
function restart(caption: HTMLElement): void {
  for (const animation of caption.getAnimations()) animation.currentTime = 0;
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

function arrowIn(document: Document): SVGElement {
  const arrow = document.createElementNS(SVG, 'svg');
  arrow.setAttribute('class', 'arrow');
  arrow.setAttribute('viewBox', '0 0 24 24');
  arrow.setAttribute('aria-hidden', 'true');
  for (const [className, shape] of [
    ['straight', STRAIGHT],
    ['turn', TURN],
  ] as const) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('class', className);
    path.setAttribute('d', shape);
    arrow.append(path);
  }
  return arrow;
}
