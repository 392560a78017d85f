/** A speech sound of a pronunciation. */
export interface PronouncedSound {
  /** ARPAbet in lower case, without stress marks: the sound itself, or of another language the one most like it. */
  readonly id: string;
  /** 0 none, 1 main, 2 secondary. */
  readonly stress: 0 | 1 | 2;
}

/**
 * IPA to ARPAbet. What English lacks becomes what looks most alike on the lips: rounded vowels stay round, sounds
 * of the lips stay there. Longer spellings are tried first.
 */
const ARPABET: Readonly<Record<string, string>> = table(`
  p p  b b  β b  m m  ɱ m  ʙ b  f f  v v  ɸ f  ʋ v
  θ th  ð dh  t t  d d  ʈ t  ɖ d  ɾ dx  ɽ dx  n n  ɲ n  ɳ n  ŋ ng  ɴ ng
  l l  ɫ l  ɭ l  ɬ l  ɮ l  ʎ l  ʟ l  s s  z z  ts s  dz z  ʦ s  ʣ z
  ʃ sh  ʒ zh  ɕ sh  ʑ zh  ʂ sh  ʐ zh  ɧ sh  tʃ ch  dʒ jh  tɕ ch  dʑ jh  tʂ ch  dʐ jh  ʧ ch  ʤ jh
  k k  g g  ɡ g  c k  ɟ g  q k  ɢ g  x k  ɣ g  χ k  ʁ r  h hh  ɦ hh  ħ hh  ʕ hh  ç y  ʝ y
  j y  ɥ w  ɰ y  w w  ʍ w  r r  ɹ r  ɻ r  ʀ r  ɺ r
  i iy  y uw  ɨ ix  ʉ uw  ɯ ix  u uw  ɪ ih  ʏ uh  ʊ uh  ᵻ ix
  e eh  ε eh  ø uh  ɵ uh  ɘ ax  ɤ ah  o ao  ə ax  ɚ er  ɛ eh  œ uh  ɜ er  ɝ er  ɞ er  ʌ ah  ɔ ao
  æ ae  ɐ ah  a aa  ɶ aa  ɑ aa  ɒ aa
  eɪ ey  aɪ ay  ɔɪ oy  oʊ ow  əʊ ow  aʊ aw
`);

const LONGEST = 2;

/** Vowels, which can carry a stress. */
export const ARPABET_VOWELS: ReadonlySet<string> = new Set(
  'aa ae ah ao aw ax axr ay eh er ey ih ix iy ow oy uh uw'.split(' '),
);

const CONSONANTS = 'b ch d dh dx el em en f g hh jh k l m n ng nx p r s sh t th v w wh y z zh';

/** All of ARPAbet that this library knows, in lower case. */
export const ARPABET_SOUNDS: ReadonlySet<string> = new Set([...ARPABET_VOWELS, ...CONSONANTS.split(' ')]);

const MAIN_STRESS = 'ˈ';
const SECOND_STRESS = 'ˌ';

/**
 * The sounds of a pronunciation in IPA. Marks of length, tone, nasality and the like are passed over, and so is what
 * is no IPA; stress belongs to the next vowel.
 */
export function soundsOfIpa(ipa: string): PronouncedSound[] {
  const plain = bare(ipa);
  const sounds: PronouncedSound[] = [];
  let stress: 0 | 1 | 2 = 0;
  for (let at = 0; at < plain.length; ) {
    const mark = plain[at]!;
    if (mark === MAIN_STRESS) stress = 1;
    if (mark === SECOND_STRESS) stress = 2;
    const length = lengthAt(plain, at);
    if (length > 0) {
      const id = ARPABET[plain.slice(at, at + length)]!;
      const vowel = ARPABET_VOWELS.has(id);
      sounds.push({ id, stress: vowel ? stress : 0 });
      if (vowel) stress = 0;
    }
    at += Math.max(1, length);
  }
  return sounds;
}

/** What of a string is no IPA that {@link soundsOfIpa} reads or may pass over; empty for a good one. */
export function strangersToIpa(ipa: string): string {
  let strange = '';
  const plain = bare(ipa).replace(/[ˈˌ\s.'’|‖/[\]-]/g, '');
  for (let at = 0; at < plain.length; ) {
    const length = lengthAt(plain, at);
    if (length === 0) strange += plain[at];
    at += Math.max(1, length);
  }
  return strange;
}

/** ARPAbet to IPA, as English has it. */
const IPA: Readonly<Record<string, string>> = table(`
  aa ɑː  ae æ  ah ʌ  ao ɔː  aw aʊ  ax ə  axr ɚ  ay aɪ  eh ɛ  er ɝ  ey eɪ  ih ɪ  ix ɪ  iy iː  ow oʊ  oy ɔɪ  uh ʊ  uw uː
  b b  ch tʃ  d d  dh ð  dx ɾ  el əl  em əm  en ən  f f  g ɡ  hh h  jh dʒ  k k  l l  m m  n n  ng ŋ  nx n  p p  r ɹ
  s s  sh ʃ  t t  th θ  v v  w w  wh w  y j  z z  zh ʒ
`);

const STRESSES = ['', MAIN_STRESS, SECOND_STRESS] as const;

/** The sounds of a pronunciation in ARPAbet, such as `P AE1 R L IY0`, and the same in IPA; strangers are left out. */
export function soundsOfArpabet(arpabet: string): { sounds: PronouncedSound[]; ipa: string } {
  const sounds: PronouncedSound[] = [];
  let ipa = '';
  for (const token of arpabet.trim().toLowerCase().split(/\s+/)) {
    const [, id = '', digit = '0'] = /^([a-z]+)([012])?$/.exec(token) ?? [];
    if (!ARPABET_SOUNDS.has(id)) continue;
    const stress = ARPABET_VOWELS.has(id) ? (Number(digit) as 0 | 1 | 2) : 0;
    sounds.push({ id, stress });
    ipa += STRESSES[stress] + IPA[id]!;
  }
  return { sounds, ipa };
}

/** What of a string is no ARPAbet; empty for a good one. */
export function strangersToArpabet(arpabet: string): string {
  return arpabet
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((token) => !ARPABET_SOUNDS.has(token.replace(/[012]$/, '')))
    .join(' ');
}

/** Without marks on and beside the letters, but for stress. */
function bare(ipa: string): string {
  return ipa
    .normalize('NFD')
    .replaceAll('c\u0327', 'ç')
    .replace(/ʔ|(?![ˈˌ])[\p{M}\p{Lm}\p{Sk}\d]/gu, '');
}

function lengthAt(ipa: string, at: number): number {
  for (let length = LONGEST; length > 0; length--) {
    if (at + length <= ipa.length && Object.hasOwn(ARPABET, ipa.slice(at, at + length))) return length;
  }
  return 0;
}

function table(text: string): Record<string, string> {
  const words = text.trim().split(/\s+/);
  return Object.fromEntries(
    Array.from({ length: words.length / 2 }, (_, index) => [words[2 * index]!, words[2 * index + 1]!]),
  );
}
