/**
 * The evening behind the characters, painted at page load: out of focus, as a portrait lens would leave it.
 * Painters work in metres, y upwards, with x = 0 behind the middle of the scene; every random choice is seeded, so
 * that the picture is the same on each visit.
 */

/** From the zenith down to the horizon. */
const SKY = ['#0a0f22', '#141b3a', '#262a55', '#46406b', '#7a5570', '#b5725f', '#d99a68'] as const;
const HILLS = '#2b2a4a';
const ROOFS = '#15182c';
const GROUND = '#120f18';
const WINDOW = '#ffb968';
const LAMPS = ['#ff9d3c', '#ffb04f', '#ff8a2e', '#ffc06a'] as const;

/** Height of the horizon, metres on the far painting. */
const HORIZON = 1.35;

/** A repeatable random source, 0 up to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Width of the blur of the far painting, metres. */
const BLUR = 0.1;

/** Sky, hills, roofs with lit windows, all without an edge. */
export function paintTown(pen: CanvasRenderingContext2D, width: number, top: number): void {
  const sky = pen.createLinearGradient(0, top, 0, HORIZON);
  SKY.forEach((colour, i) => {
    sky.addColorStop(i / (SKY.length - 1), colour);
  });
  pen.fillStyle = sky;
  pen.fillRect(-width / 2, -1, width, top + 1);
  paintHills(pen, width);

  const random = seeded(5);
  for (let x = -width / 2; x < width / 2; ) {
    const house = 0.8 + random() * 0.9;
    const eaves = HORIZON - 0.5 + random() * 0.45;
    paintHouse(pen, x, house, eaves, eaves + 0.25 + random() * 0.4);
    for (let window = x + 0.22; window < x + house - 0.2; window += 0.34)
      if (random() < 0.55) paintWindow(pen, window, eaves - 0.3 - 0.35 * Math.floor(random() * 2));
    x += house * 0.94;
  }
  pen.fillStyle = GROUND;
  pen.fillRect(-width / 2, -1, width, 1.15);
  soften(pen, BLUR);
}

function paintHills(pen: CanvasRenderingContext2D, width: number): void {
  pen.fillStyle = HILLS;
  pen.beginPath();
  pen.moveTo(-width / 2, 0);
  for (let x = -width / 2; x <= width / 2; x += 0.1)
    pen.lineTo(x, HORIZON + 0.35 + 0.22 * Math.sin(x * 0.9 + 1) + 0.1 * Math.sin(x * 2.3));
  pen.lineTo(width / 2, 0);
  pen.fill();
}

function paintHouse(
  pen: CanvasRenderingContext2D,
  x: number,
  width: number,
  eaves: number,
  ridge: number,
): void {
  pen.fillStyle = ROOFS;
  pen.beginPath();
  pen.moveTo(x, 0);
  pen.lineTo(x, eaves);
  pen.lineTo(x + width / 2, ridge);
  pen.lineTo(x + width, eaves);
  pen.lineTo(x + width, 0);
  pen.fill();
}

function paintWindow(pen: CanvasRenderingContext2D, x: number, y: number): void {
  const glow = pen.createRadialGradient(x, y, 0, x, y, 0.5);
  glow.addColorStop(0, 'rgb(255 160 80 / 0.4)');
  glow.addColorStop(1, 'rgb(255 150 70 / 0)');
  pen.fillStyle = glow;
  pen.fillRect(x - 0.5, y - 0.5, 1, 1);
  pen.fillStyle = WINDOW;
  pen.fillRect(x - 0.06, y - 0.1, 0.12, 0.2);
}

/** Blurs everything painted so far: three box filters in each direction come close to a Gaussian. */
function soften(pen: CanvasRenderingContext2D, metres: number): void {
  const { width, height } = pen.canvas;
  const image = pen.getImageData(0, 0, width, height);
  const reach = Math.max(1, Math.round((metres * pen.getTransform().a) / 2));
  for (let pass = 0; pass < 3; pass++) {
    blurLines(image.data, width, height, 4, width * 4, reach);
    blurLines(image.data, height, width, width * 4, 4, reach);
  }
  pen.putImageData(image, 0, 0);
}

/** One box filter along `count` lines of `length` pixels; steps are in bytes. Beyond an edge the edge goes on. */
function blurLines(
  bytes: Uint8ClampedArray,
  length: number,
  count: number,
  step: number,
  lineStep: number,
  reach: number,
): void {
  const line = new Float32Array(length);
  const at = (i: number) => line[Math.min(Math.max(i, 0), length - 1)]!;
  for (let start = 0, n = 0; n < count; n++, start += lineStep) {
    for (let colour = start; colour < start + 3; colour++) {
      for (let i = 0; i < length; i++) line[i] = bytes[colour + i * step]!;
      let sum = 0;
      for (let i = -reach; i <= reach; i++) sum += at(i);
      for (let i = 0; i < length; i++) {
        bytes[colour + i * step] = sum / (2 * reach + 1);
        sum += at(i + reach + 1) - at(i - reach);
      }
    }
  }
}

/** The lights of the streets, far away: small discs low over the ground. */
export function paintStreetLights(pen: CanvasRenderingContext2D, width: number): void {
  const random = seeded(17);
  for (let i = 0; i < 64; i++) {
    const x = (random() - 0.5) * width;
    const y = 0.1 + 0.75 * random() ** 1.5;
    paintDisc(pen, x, y, 0.05 + 0.06 * random(), LAMPS[i % LAMPS.length]!, 0.15 + 0.45 * random() ** 2);
  }
}

/** A garland of lamps, nearer: larger discs along hanging lines. */
export function paintGarland(pen: CanvasRenderingContext2D, width: number): void {
  const random = seeded(11);
  const span = 1.9;
  for (let x = -width / 2, i = 0; x < width / 2; x += 0.19, i++) {
    const along = (((x + 0.4) % span) + span) % span;
    const sag = 4 * (along / span) * (1 - along / span);
    const y = 2.34 - 0.3 * sag + 0.02 * (random() - 0.5);
    paintDisc(
      pen,
      x + 0.04 * (random() - 0.5),
      y,
      0.036 + 0.01 * random(),
      LAMPS[i % LAMPS.length]!,
      0.55 + 0.4 * random(),
    );
  }
}

/** A light out of focus: a flat disc, a little brighter at the rim, as most lenses draw it. */
function paintDisc(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  colour: string,
  strength: number,
): void {
  const disc = pen.createRadialGradient(x, y, 0, x, y, radius);
  disc.addColorStop(0, `${colour}a0`);
  disc.addColorStop(0.75, `${colour}c0`);
  disc.addColorStop(0.9, colour);
  disc.addColorStop(1, `${colour}00`);
  pen.save();
  pen.globalAlpha = strength;
  pen.fillStyle = disc;
  pen.fillRect(x - radius, y - radius, radius * 2, radius * 2);
  pen.restore();
}
