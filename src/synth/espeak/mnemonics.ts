import type { EspeakEngine } from './package.ts';

/**
 * IPA and the engine's names for it, the best first. Not every language has every one: which it has is asked of the
 * engine itself, which says them back in IPA.
 */
const NAMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...'pbtdkfvszhmnlwjx'].map((letter) => [letter, letter])),
  ...{ g: 'g', ɡ: 'g', β: 'B v b', θ: 'T', ð: 'D', ʃ: 'S', ʒ: 'Z', ɕ: 'S; S', ʑ: 'Z; Z', ʂ: 's; S', ʐ: 'Z' },
  ...{ ç: 'C', ɣ: 'Q g', χ: 'x', ɦ: 'h', ɱ: 'm', ɲ: 'n^', ŋ: 'N', ɴ: 'N', ɳ: 'n', ɫ: 'l', ɭ: 'l', ʎ: 'l^' },
  ...{
    ɹ: 'r',
    r: 'R r',
    ɾ: '* R',
    ʁ: 'r r" R',
    ʀ: 'r" R',
    ɻ: 'r',
    ɥ: 'w',
    ʍ: 'w',
    c: 'c k',
    ɟ: 'J g',
    q: 'q k',
  },
  ...{ ʝ: 'j', ʈ: 't', ɖ: 'd', ʋ: 'v', ɸ: 'f' },
  ...{ tʃ: 'tS', dʒ: 'dZ', ts: 'ts', dz: 'dz', tɕ: 'tS;', dʑ: 'dZ;', tʂ: 'ts;' },
  ...{
    i: 'i i:',
    ɪ: 'I i',
    e: 'e E',
    ɛ: 'E e',
    æ: 'a',
    a: 'a A A:',
    ɐ: 'a V',
    ɑ: 'A A: a',
    ɒ: '0 O o',
    ɔ: 'O o',
  },
  ...{
    o: 'o O',
    ʊ: 'U u',
    u: 'u u:',
    ʌ: 'V a',
    ə: '@ e',
    ɚ: '3 @',
    ɜ: '3: @ e',
    ɝ: '3: @ e',
    ɘ: '@ e',
    ɤ: 'V o',
  },
  ...{ y: 'y u', ʏ: 'y u', ø: 'Y o', ɵ: 'Y o', œ: 'W Y E', ɨ: 'I i', ʉ: 'u', ɯ: 'u- u' },
  ...{
    ɑ̃: 'A~ a~ A: a',
    ɔ̃: 'O~ o~ O o',
    ɛ̃: 'E~ e~ E e',
    œ̃: 'W~ E~ E e',
    ã: 'a~ A~ a',
    ẽ: 'e~ E~ e',
    õ: 'o~ O~ o',
  },
  ...{ eɪ: 'eI', aɪ: 'aI', ɔɪ: 'OI', oʊ: 'oU', əʊ: '@U oU', aʊ: 'aU' },
};

/** By symbols in canonical decomposition. */
const CANDIDATES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(NAMES).map(([symbol, names]) => [symbol.normalize('NFD'), names.split(' ')]),
);

const LONG = 'ː';
const STRESS: Readonly<Record<string, string>> = { ˈ: "'", ˌ: ',' };
const VOWEL = /^[iɪeɛæaɐɑɒɔoʊuʌəɚɜɝɘɤyʏøɵœɨʉɯ]/;

/** Writes pronunciations in IPA as the engine reads them between `[[` and `]]`. */
export class MnemonicWriter {
  readonly #engine: EspeakEngine;
  /** By voice and symbol; undefined where the engine has nothing like it. */
  readonly #known = new Map<string, string | undefined>();

  constructor(engine: EspeakEngine) {
    this.#engine = engine;
  }

  /** `voice` names the voice that the engine is set to. Empty where the engine has none of the sounds. */
  write(ipa: string, voice: string): string {
    const plain = ipa.normalize('NFD').replaceAll('\u0361', '');
    const names: string[] = [];
    let stress = '';
    for (let at = 0; at < plain.length; ) {
      if (Object.hasOwn(STRESS, plain[at]!)) stress = STRESS[plain[at]!]!;
      const { symbol, name } = this.#symbolAt(plain, at, voice);
      if (name !== undefined) {
        const vowel = VOWEL.test(symbol);
        names.push(vowel ? stress + name : name);
        if (vowel) stress = '';
      }
      at += Math.max(1, symbol.length);
    }
    return names.join('|');
  }

  /** The longest symbol at a place for which the engine has a name. */
  #symbolAt(ipa: string, at: number, voice: string): { symbol: string; name: string | undefined } {
    for (let length = 3; length > 0; length--) {
      const symbol = ipa.slice(at, at + length);
      const names = CANDIDATES.get(symbol.replace(LONG, ''));
      if (symbol.length !== length || names === undefined || symbol.startsWith(LONG)) continue;
      const name = this.#nameOf(symbol, names, voice);
      if (name !== undefined) return { symbol, name };
    }
    return { symbol: '', name: undefined };
  }

  #nameOf(symbol: string, candidates: readonly string[], voice: string): string | undefined {
    const key = `${voice} ${symbol}`;
    if (this.#known.has(key)) return this.#known.get(key);
    const names = candidates.flatMap((name) => (symbol.endsWith(LONG) ? [`${name}:`, name] : [name]));
    const said = names.map((name) => this.#saidFor(name));
    const exact = said.indexOf(symbol);
    const pair = symbol.replace(LONG, '').normalize('NFC').length > 1;
    // Of two sounds in one, half of it is not enough: its parts are tried instead.
    const name = names[exact >= 0 ? exact : pair ? -1 : said.findIndex((sounds) => sounds !== '')];
    this.#known.set(key, name);
    return name;
  }

  /** What the engine says for a name, in IPA; empty for one that this language does not have. */
  #saidFor(name: string): string {
    let said = '';
    this.#engine.synthesize(`[[${name}]]`, (_samples, events) => {
      for (const { type, id } of events) if (type === 'phoneme') said += id ?? '';
      return false;
    });
    return said.replace(/[ˈˌ]/g, '').normalize('NFD');
  }
}
