/** Red, green and blue, each 0 to 1, as a screen is told them. */
export type Rgb = readonly [number, number, number];

/**
 * Hues of speakers in OKLCH, degrees, so ordered that neighbours differ most: yellow, cyan and green as the BBC has them
 * ("Use colours to identify speakers"; white is the text's), then pink, orange, violet, blue and lime. Eight are as many as
 * can be told apart beside one another.
 */
const HUES = [95, 200, 145, 350, 60, 310, 255, 120];
const CHROMA = 0.15;

/** Least contrast of text on its background (WCAG 2.2, 1.4.3), and where the player wants more (1.4.6). */
export const CONTRAST = 4.5;
export const HIGH_CONTRAST = 7;

/** Reads `#rgb` or `#rrggbb`; undefined for anything else. */
export function readColour(text: string): Rgb | undefined {
  const [, short, long] = /^#(?:([\da-f]{3})|([\da-f]{6}))$/i.exec(text) ?? [];
  const digits = short ? [...short].map((digit) => digit + digit) : long?.match(/../g);
  if (!digits) return undefined;
  const [red, green, blue] = digits.map((pair) => Number.parseInt(pair, 16) / 255);
  return [red!, green!, blue!];
}

/** A colour as `#rrggbb`. */
export function writeColour(colour: Rgb): string {
  const pairs = colour.map((part) =>
    Math.round(part * 255)
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${pairs.join('')}`;
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrastOf(one: Rgb, other: Rgb): number {
  const [high, low] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** What a background of an opacity, 0 to 1, looks like over the worst picture for text of a colour: its own shade of grey. */
export function worstGround(background: Rgb, opacity: number, light: boolean): Rgb {
  const picture = light ? 1 : 0;
  return background.map((part) => part * opacity + picture * (1 - opacity)) as unknown as Rgb;
}

/** Whether light text stands out more from a background than dark text does. */
export function wantsLight(background: Rgb): boolean {
  return contrastOf(background, [1, 1, 1]) >= contrastOf(background, [0, 0, 0]);
}

/** The colour of the speaker with this number, on a ground: bright, and with at least this contrast. */
export function speakerColour(number: number, ground: Rgb, light: boolean, contrast = CONTRAST): Rgb {
  const hue = HUES[number % HUES.length]!;
  return withContrast(fromOklch(light ? 0.82 : 0.5, CHROMA, hue), ground, light, contrast);
}

/** A colour, mixed with as little white or black as gives it the contrast; white or black itself where nothing does. */
export function withContrast(colour: Rgb, ground: Rgb, light: boolean, contrast = CONTRAST): Rgb {
  const end = light ? 1 : 0;
  for (let share = 0; share < 1; share += 0.02) {
    const mixed = colour.map((part) => part + (end - part) * share) as unknown as Rgb;
    if (contrastOf(rounded(mixed), ground) >= contrast) return rounded(mixed);
  }
  return [end, end, end];
}

function luminanceOf(colour: Rgb): number {
  const [red, green, blue] = colour.map(linearOf) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linearOf(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function rounded(colour: Rgb): Rgb {
  return colour.map((part) => Math.round(part * 255) / 255) as unknown as Rgb;
}

/** OKLCH to sRGB (Ottosson 2020), brought into its range. */
function fromOklch(lightness: number, chroma: number, hue: number): Rgb {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gammaOf(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    gammaOf(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    gammaOf(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

function gammaOf(part: number): number {
  const within = Math.min(1, Math.max(0, part));
  return within <= 0.0031308 ? within * 12.92 : 1.055 * within ** (1 / 2.4) - 0.055;
}
