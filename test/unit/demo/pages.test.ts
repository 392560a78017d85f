import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pagesOf } from '../../../demo/view/pages.ts';

const shown = (text: string, full?: number) =>
  pagesOf(text, full).map(({ from, to }) => text.slice(from, to));

describe('caption pages', () => {
  it('leave a short line whole, and have nothing to show for an empty one', () => {
    expect(shown('Welcome, traveller.')).toEqual(['Welcome, traveller.']);
    expect(shown('')).toEqual([]);
  });

  it('end with a sentence where one fits', () => {
    expect(shown('The gate closes. Be quick about it, traveller.', 24)[0]).toBe('The gate closes. ');
  });

  it('end with a clause, else with a word, where no sentence fits', () => {
    expect(shown('Pepper, plum and fresh bread from here', 24)).toEqual([
      'Pepper, plum and fresh ',
      'bread from here',
    ]);
    expect(shown('Careful with that, it is older than me', 24)[0]).toBe('Careful with that, ');
  });

  it('cover every text from end to end, never too long and never through a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.integer({ min: 4, max: 120 }),
        (text, full) => {
          const pages = shown(text, full);
          expect(pages.join('')).toBe(text);
          for (const page of pages) {
            expect(page.length).toBeGreaterThan(0);
            expect(page.length).toBeLessThanOrEqual(full);
            expect(page).not.toMatch(/[\uD800-\uDBFF]$/);
          }
        },
      ),
    );
  });
});
