/** Radius of the ring that stands, and of the one that closes on it when it begins, in units of the picture. */
const STANDS = 64;
const BEGINS = 118;

/** How fast the flash fades, in beats. */
const FADE = 0.14;

/** The ring that closes and flashes at each beat: it is seen coming, so that frames between beats tell as much as those at them. */
export class Ring {
  readonly #closing = circle('ring-closing');
  readonly #glow = circle('ring-glow');

  /** Shows a moment: 0 at a beat, near 1 just before the next; negative before the first. */
  show(phase: number): void {
    const shown = phase >= 0;
    this.#closing.setAttribute('r', (STANDS + (BEGINS - STANDS) * (1 - phase)).toFixed(2));
    this.#closing.style.opacity = shown ? (phase ** 2).toFixed(3) : '0';
    this.#glow.style.opacity = shown ? Math.exp(-phase / FADE).toFixed(3) : '0';
  }
}

function circle(id: string): SVGCircleElement {
  const found = document.getElementById(id);
  if (!(found instanceof SVGCircleElement)) throw new Error(`Expected <circle id="${id}"> in the page.`);
  return found;
}
