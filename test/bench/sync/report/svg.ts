/** The little of SVG that the picture needs. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An element; `attributes` as they stand in the file, `content` as it is. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content = '',
): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${rounded(value)}"`);
  return content === '' ? `<${name}${list.join('')}/>` : `<${name}${list.join('')}>${content}</${name}>`;
}

/** Text that begins, stands in the middle of, or ends at `x`. */
export function label(x: number, y: number, words: string, kind = 'word', anchor = 'start'): string {
  const text = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return element('text', { x, y, class: kind, 'text-anchor': anchor }, text);
}

/** A row of points joined by straight lines. */
export function pathOf(points: readonly Point[], closed = false): string {
  const steps = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${rounded(x)} ${rounded(y)}`);
  return steps.join('') + (closed ? 'Z' : '');
}

function rounded(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : value;
}
