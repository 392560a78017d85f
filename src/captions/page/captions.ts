import type { Observer } from '@babylonjs/core/Misc/observable.js';
import type { IDisposable } from '@babylonjs/core/scene.js';
import type { Parley } from '../../npc/parley.ts';
import { Field } from '../../speech/field.ts';
import { Board } from '../board.ts';
import type { Caption } from '../caption.ts';
import { columnsOf } from '../columns.ts';
import { CaptionFeed } from '../feed.ts';
import { type CaptionRoom, FULL_ROOM } from '../phrases.ts';
import { Announcer } from './announcer.ts';
import { CaptionBox } from './caption-box.ts';
import { type CaptionFit, fitInto } from './fit.ts';
import { layOver } from './lay-over.ts';
import { Palette } from './palette.ts';
import {
  type CaptionOptions,
  type CaptionSettings,
  checkColours,
  checkedSettings,
  DEFAULT_LABELS,
  DEFAULT_SETTINGS,
  MOST_CAPTIONS,
} from './settings.ts';
import { CAPTION_CSS } from './style.ts';

/** How long others have time to show a line that is left out where they do, seconds. */
const ELSEWHERE = 0.1;

/** What else an option may be, besides a setting. */
const OTHERS = ['parent', 'colours', 'labels', 'except'];

/**
 * Shows what is said: who speaks, in a colour of their own, from where, and phrase by phrase. Follows all NPCs of a
 * Parley, those too that come later. Throws `InputError` for options that do not fit.
 */
export function showCaptions(parley: Parley, options: CaptionOptions = {}): Captions {
  return new Captions(parley, options);
}

/** Captions over a picture. Made by {@link showCaptions}. */
export class Captions implements IDisposable {
  /** What lies over the picture; its looks are in its shadow root. */
  readonly element: HTMLElement;

  #settings: CaptionSettings;
  readonly #labels: typeof DEFAULT_LABELS;
  readonly #except: CaptionOptions['except'];
  readonly #root: HTMLElement;
  readonly #list: HTMLElement;
  readonly #announcer: Announcer;
  readonly #palette: Palette;
  readonly #feed: CaptionFeed;
  readonly #board: Board<Caption>;
  readonly #boxes: CaptionBox[] = [];
  readonly #resized: ResizeObserver;
  readonly #queries: readonly MediaQueryList[];
  readonly #parleyEnd: Observer<Parley>;
  /** Puts the parent back as it was. */
  readonly #release: () => void;
  readonly #colourOf = ({ speaker }: Caption) => this.#palette.of(speaker.name);
  readonly #refit = () => this.#fit();
  readonly #step = (timeMs: number) => this.#update(timeMs / 1000);
  #frame: number | undefined;
  #size: CaptionFit = { pixels: 16, ...FULL_ROOM, most: 1 };
  #words: CaptionSettings['words'] = 'phrase';
  #disposed = false;

  /** Use {@link showCaptions}. */
  constructor(parley: Parley, options: CaptionOptions) {
    const place = 'showCaptions(parley, options)';
    this.#settings = { ...DEFAULT_SETTINGS, ...checkedSettings(options, place, OTHERS) };
    const { colours = {}, labels = {} } = options;
    checkColours(colours, `colours of ${place}`);
    this.#except = options.except;
    this.#labels = { ...DEFAULT_LABELS, ...labels };
    const canvas = parley.scene.getEngine().getRenderingCanvas();
    const parent = options.parent ?? canvas?.parentElement ?? document.body;
    if (!(parent instanceof HTMLElement)) throw new Field(options, place).get('parent').wrong('an element');
    const page = parent.ownerDocument;
    this.#palette = new Palette(colours);
    this.#board = new Board<Caption>(this.#settings.most);
    this.#announcer = new Announcer(page, this.#labels);
    this.element = page.createElement('div');
    this.element.dataset.parley = 'captions';
    this.#root = page.createElement('div');
    this.#list = page.createElement('div');
    this.#build(page);
    this.#release = layOver(parent, this.element);
    this.#queries = ['(prefers-contrast: more)', '(prefers-reduced-motion: reduce)'].map((query) =>
      matchMedia(query),
    );
    for (const query of this.#queries) query.addEventListener('change', this.#refit);
    this.#resized = new ResizeObserver(this.#refit);
    this.#resized.observe(this.element);
    this.#feed = new CaptionFeed(parley, {
      roomOf: ({ name }) => this.#roomOf(name),
      leavesOut: (caption, now) => this.#leavesOut(caption, now),
      onLine: ({ name }) => {
        this.#palette.meet(name);
        this.#wake();
      },
    });
    this.#parleyEnd = parley.onDisposeObservable.add(() => this.dispose());
    this.#fit();
  }

  /** What the player has chosen. */
  get settings(): CaptionSettings {
    return this.#settings;
  }

  /** Changes some settings; at once, also of what is shown. Throws `InputError` for those that do not fit. */
  set(settings: Partial<CaptionSettings>): void {
    this.#settings = { ...this.#settings, ...checkedSettings(settings, 'captions.set(settings)') };
    this.#fit();
  }

  /** Takes the captions away. May be called twice. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#parleyEnd.remove();
    this.#feed.dispose();
    this.#resized.disconnect();
    for (const query of this.#queries) query.removeEventListener('change', this.#refit);
    this.#release();
  }

  #build(page: Document): void {
    const root = this.element.attachShadow({ mode: 'open' });
    // A sheet that is made by script is let through by policies that forbid inline styles.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CAPTION_CSS);
    root.adoptedStyleSheets = [sheet];
    this.#list.className = 'captions';
    this.#list.setAttribute('part', 'captions');
    this.#list.setAttribute('role', 'group');
    this.#list.setAttribute('aria-label', this.#labels.captions);
    this.#root.append(this.#list, this.#announcer.element);
    root.append(this.#root);
    for (let slot = 0; slot < MOST_CAPTIONS; slot++) {
      const box = new CaptionBox(page);
      this.#boxes.push(box);
      this.#list.append(box.element);
    }
  }

  /** Works out sizes and colours anew. */
  #fit(): void {
    if (this.#disposed) return;
    const { settings } = this;
    const { clientWidth, clientHeight } = this.element;
    this.#size = fitInto(clientWidth, clientHeight, settings.sizePercent, settings.most);
    this.#board.most = this.#size.most;
    const [contrast, motion] = this.#queries;
    const high = settings.contrast === 'auto' ? contrast!.matches : settings.contrast === 'high';
    const still = settings.reducedMotion === 'auto' ? motion!.matches : settings.reducedMotion;
    this.#words = still && settings.words === 'spoken' ? 'phrase' : settings.words;
    this.#palette.set(settings, high);
    const { style } = this.element;
    style.setProperty('--size', `${this.#size.pixels.toFixed(2)}px`);
    style.setProperty('--rows', String(this.#size.rows));
    style.setProperty('--ground', this.#palette.ground);
    style.setProperty('--ink', this.#palette.ink);
    style.setProperty('--edge', this.#palette.edge);
    this.#root.classList.toggle('top', settings.position === 'top');
    this.#root.classList.toggle('hidden', !settings.visible);
    this.#root.classList.toggle('still', still);
    for (const caption of this.#feed.captions) caption.course.fit(this.#roomOf(caption.speaker.name));
    for (const box of this.#boxes) box.renew();
    this.#wake();
  }

  #roomOf(name: string): CaptionRoom {
    const { columns, rows } = this.#size;
    return { columns, rows, indent: Math.min(columnsOf(name) + 2, columns >> 1) };
  }

  /** Chatter from far away, what nobody hears, and what is shown elsewhere. */
  #leavesOut({ story, distance, speaker, line, course }: Caption, now: number): boolean {
    if (speaker.ring === 'unheard') return true;
    // What else shows a line may hear of it a frame later.
    if (
      this.#except &&
      ((course.phrase === 0 && now - course.shownAt < ELSEWHERE) || this.#except(speaker, line))
    )
      return true;
    return !story && distance > this.#settings.chatterMetres;
  }

  #wake(): void {
    if (!this.#disposed) this.#frame ??= requestAnimationFrame(this.#step);
  }

  /** One frame of the page: the scene may stand still while lines go on. */
  #update(now: number): void {
    this.#frame = undefined;
    const { captions } = this.#feed;
    this.#feed.update(now);
    this.#board.update(captions, now);
    if (this.#settings.announces) for (const caption of captions) this.#announcer.update(caption);
    let above = false;
    for (let slot = this.#boxes.length - 1; slot >= 0; slot--) {
      const box = this.#boxes[slot]!;
      const holder = this.#board.holders[slot];
      box.kept = above;
      if (!holder) box.clear();
      else box.update(holder, captions, this.#words, this.#labels, this.#colourOf);
      above ||= holder !== undefined;
    }
    if (captions.length > 0) this.#wake();
  }
}
