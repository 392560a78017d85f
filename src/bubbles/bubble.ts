import type { AdvancedDynamicTexture } from '@babylonjs/gui/2D/advancedDynamicTexture.js';
import { Container } from '@babylonjs/gui/2D/controls/container.js';
import { Control } from '@babylonjs/gui/2D/controls/control.js';
import { Rectangle } from '@babylonjs/gui/2D/controls/rectangle.js';
import { TextBlock } from '@babylonjs/gui/2D/controls/textBlock.js';
import type { Caption } from '../captions/caption.ts';
import type { ShownPhrase } from '../captions/course.ts';
import { BUBBLE, BUBBLE_LENGTH } from './spread.ts';

/** Measures of a bubble, em. */
const PADDING_X = 0.75;
const PADDING_Y = 0.45;
const ROW = 1.3;
const TAIL = 0.5;
const CORNER = 0.7;

/** How soon a bubble has moved to where it belongs, seconds: to within a third. */
const SETTLES = 0.1;
/** How soon it has come or gone, seconds. */
const FADES = 0.12;
/** Less is not seen, pixels and opacity: nothing is drawn for it. */
const PIXEL = 0.5;
const FAINT = 0.02;

/** How bubbles look. */
export interface BubbleLook {
  readonly ground: string;
  readonly ink: string;
  readonly font: string;
}

/** One bubble of `@babylonjs/gui`, with what stands in it. */
export class Bubble {
  /** Fields of `BUBBLE`. */
  readonly row = new Float64Array(BUBBLE_LENGTH);
  readonly #box: Container;
  readonly #body: Rectangle;
  readonly #tail: Rectangle;
  readonly #text: TextBlock;
  readonly #look: BubbleLook;
  #phrase: ShownPhrase | undefined;
  #caption: Caption | undefined;
  #em = 0;
  /** Size without {@link scale}, pixels. */
  #width = 0;
  #height = 0;
  #scale = 1;
  #alpha = 0;
  /** How far it is from its tip, pixels. */
  #across = 0;
  #up = 0;
  #drawnLeft = Number.NaN;
  #drawnTop = Number.NaN;

  constructor(layer: AdvancedDynamicTexture, look: BubbleLook) {
    this.#look = look;
    this.#box = new Container('bubble');
    this.#box.isVisible = false;
    this.#box.isHitTestVisible = false;
    this.#box.isPointerBlocker = false;
    this.#box.clipChildren = false;
    this.#box.horizontalAlignment = Control.HORIZONTAL_ALIGNMENT_LEFT;
    this.#box.verticalAlignment = Control.VERTICAL_ALIGNMENT_TOP;
    this.#box.transformCenterX = 0.5;
    this.#box.transformCenterY = 1;
    this.#tail = new Rectangle('tail');
    this.#tail.rotation = Math.PI / 4;
    this.#tail.verticalAlignment = Control.VERTICAL_ALIGNMENT_BOTTOM;
    this.#body = new Rectangle('body');
    this.#body.verticalAlignment = Control.VERTICAL_ALIGNMENT_TOP;
    this.#text = new TextBlock('text');
    for (const part of [this.#tail, this.#body]) {
      part.thickness = 0;
      part.background = look.ground;
      this.#box.addControl(part);
    }
    this.#text.color = look.ink;
    this.#text.fontFamily = look.font;
    this.#text.fontWeight = '500';
    this.#text.lineSpacing = 0;
    this.#body.addControl(this.#text);
    layer.addControl(this.#box);
  }

  /** What stands in it, or is fading out of it. */
  get caption(): Caption | undefined {
    return this.#caption;
  }

  get visible(): boolean {
    return this.#alpha > 0;
  }

  /** Puts a phrase into it; measures and draws it only when it is another. `em`: size of the text, pixels. */
  write(
    caption: Caption,
    em: number,
    scale: number,
    context: { font: string; measureText(text: string): { readonly width: number } },
  ): void {
    const { shown } = caption.course;
    if (caption !== this.#caption) this.#alpha = 0;
    this.#scale = scale;
    this.#caption = caption;
    if (shown !== this.#phrase || em !== this.#em) this.#draw(shown, em, context);
    this.row[BUBBLE.width] = this.#width * scale;
    this.row[BUBBLE.height] = this.#height * scale;
  }

  /** Takes it to where it was laid; `alpha` is how visible it is to be, `seconds` since the last frame; 0 goes at once. */
  move(alpha: number, seconds: number, still: boolean): void {
    const { row } = this;
    const wanted = row[BUBBLE.laid] === 1 ? alpha : 0;
    const came = this.#alpha === 0;
    this.#alpha = approach(this.#alpha, wanted, still ? 1 : share(seconds, FADES), FAINT);
    if (this.#alpha === 0) {
      if (wanted === 0 && this.#box.isVisible) this.#box.isVisible = false;
      return;
    }
    const across = row[BUBBLE.middle]! - row[BUBBLE.x]!;
    const up = row[BUBBLE.bottom]! - row[BUBBLE.y]!;
    if (row[BUBBLE.laid] === 1) {
      const near = came || still ? 1 : share(seconds, SETTLES);
      this.#across = approach(this.#across, across, near, PIXEL);
      this.#up = approach(this.#up, up, near, PIXEL);
    }
    this.#place();
  }

  /** It is empty. */
  clear(): void {
    this.row[BUBBLE.wanted] = 0;
    this.row[BUBBLE.laid] = 0;
  }

  dispose(): void {
    this.#box.dispose();
  }

  #place(): void {
    const { row } = this;
    // The container scales about the middle of its lower edge, which is the tip.
    const left = row[BUBBLE.x]! + this.#across - this.#width / 2;
    const top = row[BUBBLE.y]! + this.#up - this.#height;
    if (!(Math.abs(left - this.#drawnLeft) < PIXEL && Math.abs(top - this.#drawnTop) < PIXEL)) {
      this.#drawnLeft = left;
      this.#drawnTop = top;
      this.#box.leftInPixels = left;
      this.#box.topInPixels = top;
    }
    const lean = (this.#width / 2 - this.#em * (CORNER + TAIL)) * this.#scale;
    this.#tail.leftInPixels = Math.round(Math.min(lean, Math.max(-lean, -this.#across)) / this.#scale);
    this.#box.scaleX = this.#scale;
    this.#box.scaleY = this.#scale;
    this.#box.alpha = this.#alpha;
    this.#box.isVisible = true;
  }

  #draw(
    shown: ShownPhrase,
    em: number,
    context: { font: string; measureText(text: string): { readonly width: number } },
  ): void {
    this.#phrase = shown;
    this.#em = em;
    const rows = shown.text.split('\n');
    const before = context.font;
    context.font = `500 ${em}px ${this.#look.font}`;
    const longest = Math.max(...rows.map((row) => context.measureText(row).width));
    context.font = before;
    const body = (rows.length * ROW + 2 * PADDING_Y) * em;
    this.#width = Math.ceil(longest + 2 * PADDING_X * em);
    this.#height = Math.ceil(body + TAIL * em);
    this.#box.widthInPixels = this.#width;
    this.#box.heightInPixels = this.#height;
    this.#body.widthInPixels = this.#width;
    this.#body.heightInPixels = Math.ceil(body);
    this.#body.cornerRadius = CORNER * em;
    this.#tail.widthInPixels = this.#tail.heightInPixels = Math.SQRT2 * TAIL * em;
    this.#tail.topInPixels = -(1 - Math.SQRT1_2) * TAIL * em; // Half of it is behind the body.
    this.#text.fontSizeInPixels = em;
    this.#text.lineSpacing = `${((ROW - 1.17) * em).toFixed(1)}px`;
    this.#text.text = shown.text;
  }
}

function share(seconds: number, settles: number): number {
  return 1 - Math.exp(-seconds / settles);
}

/** Part of the way; all of it where what is left is not seen. */
function approach(value: number, wanted: number, part: number, unseen: number): number {
  const next = value + (wanted - value) * part;
  return Math.abs(wanted - next) < unseen ? wanted : next;
}
