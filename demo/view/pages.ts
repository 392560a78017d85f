/** A stretch of a line that fits into the caption: `text.slice(from, to)`. */
export interface CaptionPage {
  readonly from: number;
  readonly to: number;
}

/** Characters that a caption shows at once: two to three lines of the largest type. */
const FULL = 96;

/**
 * Cuts a line into caption pages: whole sentences where they fit, else at a comma, else between words, else anywhere.
 * The pages cover the text from end to end, in order.
 */
export function pagesOf(text: string, full = FULL): CaptionPage[] {
  const pages: CaptionPage[] = [];
  let from = 0;
  while (text.length - from > full) {
    const to = from + cutIn(text.slice(from, from + full));
    pages.push({ from, to });
    from = to;
  }
  if (from < text.length) pages.push({ from, to: text.length });
  return pages;
}

/** The best place to cut a stretch that must be cut: after the last sentence, clause or word; past half of it if possible. */
function cutIn(stretch: string): number {
  for (const end of [/[.!?…]+["'”’)]*\s+/g, /[,;:–—]\s+/g, /\s+/g]) {
    const last = [...stretch.matchAll(end)].at(-1);
    const cut = last && last.index + last[0].length;
    if (cut && cut > stretch.length / 3) return cut;
  }
  return /[\uD800-\uDBFF]$/.test(stretch) ? stretch.length - 1 : stretch.length;
}
