import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARPABET_SOUNDS, ARPABET_VOWELS, soundsOfIpa, strangersToIpa } from '../../../src/speech/ipa.ts';

const ids = (ipa: string) =>
  soundsOfIpa(ipa)
    .map(({ id, stress }) => id + (stress || ''))
    .join(' ');

describe('soundsOfIpa', () => {
  it.each([
    ['ˈmiːɹə', 'm iy1 r ax'],
    ['ˌɪntəˈnæʃənəl', 'ih2 n t ax n ae1 sh ax n ax l'],
    ['ʒuːˈljɛt', 'zh uw l y eh1 t'],
    ['tʃiˈkaʊ', 'ch iy k aw1'],
    ['t͡ʃ', 'ch'],
    ['ˈvøːɡl̩', 'v uh1 g l'],
    ['bɔ̃ʒuʁ', 'b ao zh uw r'],
    ['ˈɲoki', 'n ao1 k iy'],
    ['ɪç', 'ih y'],
    ['niː˧˥ hao̯²', 'n iy hh aa ao'],
  ])('reads %s', (ipa, expected) => {
    expect(ids(ipa)).toBe(expected);
  });

  it('reads anything as sounds that are known, stress on vowels alone', () => {
    const ipa = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.constantFrom(...'ˈˌpbtʃdʒaɪʊɔ̃ːʁʲ.(en)ɹ'), { maxLength: 12 }).map((marks) => marks.join('')),
    );
    fc.assert(
      fc.property(ipa, (text) => {
        for (const { id, stress } of soundsOfIpa(text)) {
          expect(ARPABET_SOUNDS.has(id)).toBe(true);
          if (stress) expect(ARPABET_VOWELS.has(id)).toBe(true);
        }
      }),
      { seed: 3, numRuns: process.env.PARLEY_LONG ? 50_000 : 1_000 },
    );
  });
});

describe('strangersToIpa', () => {
  it('names what is no IPA', () => {
    expect(strangersToIpa('ˈmiː.ɹə')).toBe('');
    expect(strangersToIpa('Mira!')).toBe('M!');
  });
});
