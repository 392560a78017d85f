import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Observer } from '@babylonjs/core/Misc/observable.js';
import type { IDisposable, Scene } from '@babylonjs/core/scene.js';
import { AdvancedDynamicTexture } from '@babylonjs/gui/2D/advancedDynamicTexture.js';
import { Board } from '../captions/board.ts';
import type { Caption } from '../captions/caption.ts';
import { readColour, wantsLight } from '../captions/colours.ts';
import { CaptionFeed } from '../captions/feed.ts';
import type { CaptionRoom } from '../captions/phrases.ts';
import type { Parley } from '../npc/parley.ts';
import type { TalkingNpc } from '../npc/talking-npc.ts';
import { Field } from '../speech/field.ts';
import { Bubble, type BubbleLook } from './bubble.ts';
import { alphaAt, scaleAt } from './size.ts';
import { BUBBLE, spreadBubbles } from './spread.ts';

/** How bubbles are shown. */
export interface BubbleOptions {
  /** Bubbles at once, 1 to 12. Default 6. */
  readonly most?: number;
  /** Who is farther away has none, metres; they fade out over the last third. Default 14. */
  readonly farMetres?: number;
  /** Size of the text, percent, 100 to 200: 100, the default, is 28 pixels on a screen of 1080, at three metres, and at least 15. */
  readonly sizePercent?: number;
  /** How far above the eyes a bubble points, metres. Default 0.24. */
  readonly aboveMetres?: number;
  /** Colour, `#rrggbb`; the text is black or white, whichever stands out. Default a warm white. */
  readonly background?: string;
  /** Font, as in CSS. Default: the system's own. */
  readonly font?: string;
  /** Nothing glides or fades. Default: what the player's system asks for. */
  readonly reducedMotion?: boolean;
}

/** Rows of a bubble and letters in each: narrower than a caption, so that it stays over its head. */
const ROOM: CaptionRoom = { columns: 26, rows: 3, indent: 0 };

const SIZE = 28 / 1080;
const LEAST_PIXELS = 15;
/** A frame that took longer is taken for this long, seconds. */
const LONGEST_FRAME = 0.25;

const DEFAULTS: Required<Omit<BubbleOptions, 'reducedMotion'>> = {
  most: 6,
  farMetres: 14,
  sizePercent: 100,
  aboveMetres: 0.24,
  background: '#fffaf0',
  font: 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
};

/**
 * Shows speech bubbles over the heads of those who speak and are in the picture. Needs `@babylonjs/gui`. Throws
 * `InputError` for options that do not fit.
 */
export function showBubbles(parley: Parley, options: BubbleOptions = {}): Bubbles {
  return new Bubbles(parley, options);
}

/** Speech bubbles over heads. Made by {@link showBubbles}. */
export class Bubbles implements IDisposable {
  readonly #scene: Scene;
  readonly #options: Required<Omit<BubbleOptions, 'reducedMotion'>>;
  readonly #still: boolean | MediaQueryList;
  readonly #layer: AdvancedDynamicTexture;
  readonly #feed: CaptionFeed;
  readonly #board: Board<Caption>;
  readonly #bubbles: Bubble[] = [];
  readonly #rows: Float64Array[] = [];
  readonly #scales: number[] = [];
  readonly #tip = new Vector3();
  readonly #frame: Observer<Scene> | null;
  readonly #parleyEnd: Observer<Parley>;
  #timeMs = 0;
  #disposed = false;

  /** Use {@link showBubbles}. */
  constructor(parley: Parley, options: BubbleOptions) {
    this.#options = { ...DEFAULTS, ...checked(options) };
    this.#still = options.reducedMotion ?? matchMedia('(prefers-reduced-motion: reduce)');
    const { scene } = parley;
    this.#scene = scene;
    this.#layer = AdvancedDynamicTexture.CreateFullscreenUI('bubbles', true, scene);
    this.#layer.rootContainer.isPointerBlocker = false;
    this.#layer.layer!.isEnabled = false;
    const { most, background, font } = this.#options;
    this.#board = new Board<Caption>(most, { fresh: Number.POSITIVE_INFINITY, shares: false });
    const ink = wantsLight(readColour(background)!) ? '#ffffff' : '#1d1813';
    const look: BubbleLook = { ground: background, ink, font };
    for (let slot = 0; slot < most; slot++) {
      const bubble = new Bubble(this.#layer, look);
      this.#bubbles.push(bubble);
      this.#rows.push(bubble.row);
      this.#scales.push(1);
    }
    this.#feed = new CaptionFeed(parley, {
      roomOf: () => ROOM,
      leavesOut: (caption) => this.#leavesOut(caption),
    });
    this.#frame = scene.onBeforeRenderObservable.add(() => this.#update(performance.now()));
    this.#parleyEnd = parley.onDisposeObservable.add(() => this.dispose());
  }

  /** Whether what a character says is in a bubble now. For captions that leave it out: `{ except: (npc) => bubbles.shows(npc) }`. */
  shows(npc: TalkingNpc): boolean {
    for (let slot = 0; slot < this.#bubbles.length; slot++) {
      const holder = this.#board.holders[slot];
      if (holder?.speaker === npc && this.#rows[slot]![BUBBLE.laid] === 1) return true;
    }
    return false;
  }

  /** Takes the bubbles away. May be called twice. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#parleyEnd.remove();
    this.#frame?.remove();
    this.#feed.dispose();
    for (const bubble of this.#bubbles) bubble.dispose();
    this.#layer.dispose();
  }

  #leavesOut({ speaker, direction, distance }: Caption): boolean {
    return direction !== 'here' || distance >= this.#options.farMetres || speaker.ring === 'unheard';
  }

  /** One frame. Allocates only when something new is shown. */
  #update(timeMs: number): void {
    const seconds = Math.min(LONGEST_FRAME, (timeMs - this.#timeMs) / 1000);
    this.#timeMs = timeMs;
    this.#feed.update(timeMs / 1000);
    this.#board.update(this.#feed.captions, timeMs / 1000);
    const { width, height } = this.#layer.getSize();
    for (let slot = 0; slot < this.#bubbles.length; slot++) this.#prepare(slot, width, height);
    spreadBubbles(this.#rows, width, height);
    const still = typeof this.#still === 'boolean' ? this.#still : this.#still.matches;
    let any = false;
    for (let slot = 0; slot < this.#bubbles.length; slot++) {
      const bubble = this.#bubbles[slot]!;
      const distance = bubble.caption?.distance ?? 0;
      bubble.move(alphaAt(distance, this.#options.farMetres), seconds, still);
      any ||= bubble.visible;
    }
    const { layer } = this.#layer;
    if (layer && layer.isEnabled !== any) layer.isEnabled = any;
  }

  /** Writes what stands in a bubble, and where its tip is. */
  #prepare(slot: number, width: number, height: number): void {
    const bubble = this.#bubbles[slot]!;
    const holder = this.#board.holders[slot];
    const caption = holder ?? (bubble.visible ? bubble.caption : undefined);
    const found = caption !== undefined && this.#findTip(caption.speaker, width, height, bubble.row);
    if (!holder || !found) {
      bubble.clear();
      return;
    }
    const { sizePercent } = this.#options;
    const em = Math.round(
      (Math.max(LEAST_PIXELS * this.#pixelRatio(width), height * SIZE) * sizePercent) / 100,
    );
    if (holder !== bubble.caption) this.#scales[slot] = 0;
    this.#scales[slot] = scaleAt(holder.distance, this.#scales[slot]!);
    bubble.write(holder, em, this.#scales[slot]!, this.#layer.getContext());
    bubble.row[BUBBLE.wanted] = 1;
  }

  #pixelRatio(width: number): number {
    const seen = this.#scene.getEngine().getRenderingCanvas()?.clientWidth;
    return seen ? width / seen : 1;
  }

  /** False where it is not in the picture. Allocates nothing. */
  #findTip(npc: TalkingNpc, width: number, height: number, row: Float64Array): boolean {
    const camera = this.#scene.activeCamera;
    if (!camera || !npc.person) return false;
    npc.person.eyesToRef(this.#tip);
    this.#tip.y += this.#options.aboveMetres;
    Vector3.TransformCoordinatesToRef(this.#tip, camera.getViewMatrix(), this.#tip);
    if (!((this.#scene.useRightHandedSystem ? -this.#tip.z : this.#tip.z) > 0)) return false;
    Vector3.TransformCoordinatesToRef(this.#tip, camera.getProjectionMatrix(), this.#tip);
    row[BUBBLE.x] = ((this.#tip.x + 1) / 2) * width;
    row[BUBBLE.y] = ((1 - this.#tip.y) / 2) * height;
    return true;
  }
}

function checked(options: BubbleOptions): BubbleOptions {
  const given = new Field(options, 'showBubbles(parley, options)');
  if (typeof options !== 'object' || options === null) throw given.wrong('an object');
  const known = [...Object.keys(DEFAULTS), 'reducedMotion'];
  for (const name of Object.keys(options))
    if (!known.includes(name)) throw given.wrong(known.join(', '), `a field ${name}`);
  const { most, farMetres, sizePercent, aboveMetres, background, font, reducedMotion } = options;
  if (most !== undefined) given.get('most').whole(1, 12);
  if (farMetres !== undefined) given.get('farMetres').number(0.1);
  if (sizePercent !== undefined) given.get('sizePercent').number(100, 200);
  if (aboveMetres !== undefined) given.get('aboveMetres').number();
  if (font !== undefined) given.get('font').text();
  if (background !== undefined && !readColour(background))
    throw given.get('background').wrong('a colour such as #ffcc88');
  if (reducedMotion !== undefined && typeof reducedMotion !== 'boolean')
    throw given.get('reducedMotion').wrong('true or false');
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
