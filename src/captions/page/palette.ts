import {
  CONTRAST,
  HIGH_CONTRAST,
  type Rgb,
  readColour,
  speakerColour,
  wantsLight,
  withContrast,
  worstGround,
  writeColour,
} from '../colours.ts';
import type { CaptionSettings } from './settings.ts';

/** Colours of captions under the player's settings: each speaker keeps its own. */
export class Palette {
  readonly #named: Readonly<Record<string, string>>;
  /** In the order in which they first spoke. */
  readonly #numbers = new Map<string, number>();
  #ground: Rgb = [0, 0, 0];
  #worst: Rgb = [0, 0, 0];
  #opacity = 1;
  #light = true;
  #contrast = CONTRAST;

  constructor(named: Readonly<Record<string, string>>) {
    this.#named = named;
  }

  /** Takes the settings; `high`: whether more contrast is wanted. */
  set(
    { background, backgroundOpacity }: Pick<CaptionSettings, 'background' | 'backgroundOpacity'>,
    high: boolean,
  ): void {
    const ground = readColour(background)!;
    this.#light = wantsLight(ground);
    this.#ground = high ? (this.#light ? [0, 0, 0] : [1, 1, 1]) : ground;
    this.#opacity = high ? 1 : backgroundOpacity;
    this.#contrast = high ? HIGH_CONTRAST : CONTRAST;
    // What a picture that is nearly all seen needs, no colour has: then the edges around letters help.
    this.#worst = worstGround(this.#ground, Math.max(this.#opacity, LEAST_OPACITY), this.#light);
  }

  get ground(): string {
    const [red, green, blue] = this.#ground.map((part) => Math.round(part * 255));
    return `rgb(${red} ${green} ${blue} / ${this.#opacity})`;
  }

  get ink(): string {
    return this.#light ? '#ffffff' : '#000000';
  }

  get edge(): string {
    return this.#light ? '#000000' : '#ffffff';
  }

  /** Speakers have their colours in the order in which they came. */
  meet(name: string): void {
    if (!this.#numbers.has(name)) this.#numbers.set(name, this.#numbers.size);
  }

  /** The colour of a speaker. */
  of(name: string): string {
    const named = Object.hasOwn(this.#named, name) ? readColour(this.#named[name]!) : undefined;
    if (named) return writeColour(withContrast(named, this.#worst, this.#light, this.#contrast));
    this.meet(name);
    return writeColour(speakerColour(this.#numbers.get(name)!, this.#worst, this.#light, this.#contrast));
  }
}

/** Below this opacity the background is not what makes text readable. */
const LEAST_OPACITY = 0.6;
