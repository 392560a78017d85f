/** Letters of the IPA by the phone ids of `phones.ts`; what is not here makes no phone. */
const LETTERS: Readonly<Record<string, string>> = {
  p: 'p',
  b: 'b',
  m: 'm',
  ɱ: 'm',
  β: 'bh',
  ɸ: 'f',
  f: 'f',
  v: 'v',
  ʋ: 'v',
  θ: 'th',
  ð: 'dh',
  t: 't',
  ʈ: 't',
  d: 'd',
  ɖ: 'd',
  ɾ: 'rt',
  k: 'k',
  c: 'k',
  q: 'k',
  g: 'g',
  ɡ: 'g',
  ɟ: 'g',
  ɣ: 'g',
  ʃ: 'sh',
  ɕ: 'sh',
  ʂ: 'sh',
  ʒ: 'zh',
  ʑ: 'zh',
  ʐ: 'zh',
  ç: 'cc',
  ʝ: 'y',
  s: 's',
  z: 'z',
  n: 'n',
  ɳ: 'n',
  ɲ: 'ny',
  ŋ: 'ng',
  ɴ: 'ng',
  l: 'l',
  ɫ: 'l',
  ɭ: 'l',
  ʎ: 'ly',
  ɹ: 'r',
  ɻ: 'r',
  r: 'rr',
  ʁ: 'rh',
  ʀ: 'rh',
  h: 'hh',
  ɦ: 'hh',
  x: 'x',
  χ: 'x',
  ʔ: 't',
  w: 'w',
  j: 'y',
  ɥ: 'w',
  ɰ: 'w',
  a: 'a',
  ɑ: 'aa',
  ɐ: 'ah',
  æ: 'ae',
  ʌ: 'ah',
  ɒ: 'ao',
  ə: 'ax',
  ɘ: 'ax',
  ɵ: 'ax',
  ɜ: 'er',
  ɚ: 'er',
  ɝ: 'er',
  ɛ: 'eh',
  e: 'e',
  ɪ: 'ih',
  i: 'iy',
  ɨ: 'ih',
  ᵻ: 'ih',
  ɔ: 'ao',
  o: 'o',
  ʊ: 'uh',
  u: 'uw',
  ʉ: 'uw',
  y: 'yu',
  ʏ: 'yu',
  ø: 'oe',
  œ: 'oe',
  ɞ: 'oe',
  ɯ: 'ux',
  ɤ: 'ah',
  ᵊ: 'ax',
  ᵿ: 'uh',
};

const PAIRS: Readonly<Record<string, string>> = {
  eɪ: 'ey',
  aɪ: 'ay',
  ɔɪ: 'oy',
  ɔø: 'oy',
  ɔʏ: 'oy',
  oʊ: 'ow',
  əʊ: 'ow',
  aʊ: 'aw',
  tʃ: 'ch',
  tɕ: 'ch',
  ʧ: 'ch',
  dʒ: 'jh',
  dʑ: 'jh',
};

/** What espeak writes differently in some languages: an unstressed last i in Portuguese, a last -er in German. */
const ELSEWHERE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pt: { y: 'ih', æ: 'ah' },
  de: { ɜ: 'ah' },
  en: { ɾ: 'dx' },
};

/** The phone ids of an IPA string, as espeak writes them: stress, length and other marks are passed over. */
export function phonesOfIpa(ipa: string, lang: string): string[] {
  const plain = ipa
    .normalize('NFD')
    .replace(/c\u0327/g, 'ç')
    .replace(/\p{M}|[ˈˌːˑʲʰʷ'"-]/gu, '');
  const own = ELSEWHERE[lang.split('-')[0]!] ?? {};
  const ids: string[] = [];
  for (let at = 0; at < plain.length; ) {
    const pair = PAIRS[plain.slice(at, at + 2)];
    const id = pair ?? own[plain[at]!] ?? LETTERS[plain[at]!];
    if (id) ids.push(id);
    at += pair ? 2 : 1;
  }
  return ids;
}
