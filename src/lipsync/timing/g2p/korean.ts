import type { SpelledSound } from './spelling.ts';

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const VOWELS = 21;
const CODAS = 28;

/** First consonants in Unicode's order: g gg n d dd r m b bb s ss - j jj c k t p h. */
const ONSETS = 'k k n t t rt m p p s s - jh jh ch k t p hh'.split(' ');
const NUCLEI = 'a,eh,y a,y eh,ah,e,y ah,y e,o,w a,w eh,w e,y o,uw,w ah,w e,w iy,y uw,ux,ux iy,iy'.split(',');

/**
 * Last consonants: what is heard at a pause or before a consonant, and what of it the next syllable takes where that
 * begins with a vowel.
 */
const CODA: readonly (readonly [kept: string, alone: string, carried: string])[] = (
  '-:-:- -:k:k -:k:k k:k:s -:n:n n:n:jh -:n:n -:t:t -:l:rt l:k:k l:m:m l:l:p l:l:s l:l:t l:l:p -:l:rt ' +
  '-:m:m -:p:p p:p:s -:t:s -:t:s ng:ng:- -:t:jh -:t:ch -:k:k -:t:t -:p:p -:-:-'
)
  .split(' ')
  .map((entry) => entry.split(':') as [string, string, string]);

const RIEUL = 5;
const SILENT_ONSET = 11;
const HIEUT = 18;
const ASPIRATED: Readonly<Record<string, string>> = { k: 'k', t: 't', p: 'p', jh: 'ch' };
const NASAL: Readonly<Record<string, string>> = { k: 'ng', t: 'n', p: 'm' };

/** The phones of a word in Hangul: syllables, with consonants passing over their borders as they do in speech. */
export function readKorean(word: string): SpelledSound[] {
  const sounds: SpelledSound[] = [];
  const push = (ids: string, from: number): void => {
    for (const id of ids.split(' ')) if (id !== '-' && id !== '') sounds.push({ id, from });
  };
  let carried: string | undefined;
  for (let at = 0; at < word.length; at++) {
    const syllable = partsOf(word, at);
    if (!syllable) {
      carried = undefined;
      continue;
    }
    const { onset, nucleus, coda } = syllable;
    let first = carried ?? ONSETS[onset]!;
    carried = undefined;
    const vowel = NUCLEI[nucleus]!;
    if (first === 's' && /^(?:iy|y|w iy)/.test(vowel)) first = 'sh';
    // Between voiced sounds plain stops are voiced; lips and tongue do the same.
    push(first, at);
    push(vowel, at);
    const next = partsOf(word, at + 1);
    const [kept, alone, over] = CODA[coda]!;
    if (!next) push(alone, at);
    else if (next.onset === SILENT_ONSET) {
      push(kept, at);
      carried = over === '-' ? undefined : over;
    } else if (next.onset === HIEUT && ASPIRATED[alone] && coda !== 0) carried = ASPIRATED[alone];
    else if ([2, 6].includes(next.onset) && NASAL[alone]) push(NASAL[alone]!, at);
    else if (next.onset === RIEUL && ['m', 'ng', 'k', 'p', 't'].includes(alone)) {
      push(NASAL[alone] ?? alone, at);
      carried = 'n';
    } else if (next.onset === RIEUL && ['n', 'l'].includes(alone)) {
      push('l', at);
      carried = 'l';
    } else if (next.onset === 2 && alone === 'l') {
      push('l', at);
      carried = 'l';
    } else push(alone, at);
  }
  return sounds;
}

function partsOf(word: string, at: number): { onset: number; nucleus: number; coda: number } | undefined {
  const code = word.charCodeAt(at);
  if (!(code >= FIRST_SYLLABLE && code <= LAST_SYLLABLE)) return undefined;
  const index = code - FIRST_SYLLABLE;
  return {
    onset: Math.floor(index / (VOWELS * CODAS)),
    nucleus: Math.floor(index / CODAS) % VOWELS,
    coda: index % CODAS,
  };
}
