/** How a language says whole numbers. */
interface Numerals {
  /** 0 to 19 or further; what is missing is put together. */
  readonly small: readonly string[];
  readonly tens: readonly string[];
  readonly hundred: string;
  readonly thousand: string;
  readonly million: string;
  /** Between tens and ones; undefined: nothing. */
  readonly and?: string;
  /** Ones come before tens. */
  readonly onesFirst?: boolean;
  /** No "one" before hundred and thousand. */
  readonly bare?: boolean;
  /** Hundreds that have words of their own, by their number. */
  readonly hundreds?: Readonly<Record<number, string>>;
}

const list = (words: string): string[] => words.split(' ');

const NUMERALS: Readonly<Record<string, Numerals>> = {
  en: {
    small: list(
      'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
    ),
    tens: list('- - twenty thirty forty fifty sixty seventy eighty ninety'),
    hundred: 'hundred',
    thousand: 'thousand',
    million: 'million',
  },
  es: {
    small: list(
      'cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve',
    ),
    tens: list('- - veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa'),
    hundred: 'cientos',
    thousand: 'mil',
    million: 'millones',
    and: 'y',
    bare: true,
    hundreds: { 1: 'ciento', 5: 'quinientos', 7: 'setecientos', 9: 'novecientos' },
  },
  fr: {
    small: list(
      'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf',
    ),
    tens: list('- - vingt trente quarante cinquante soixante soixante-dix quatre-vingt quatre-vingt-dix'),
    hundred: 'cent',
    thousand: 'mille',
    million: 'millions',
    bare: true,
  },
  pt: {
    small: list(
      'zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete dezoito dezenove',
    ),
    tens: list('- - vinte trinta quarenta cinquenta sessenta setenta oitenta noventa'),
    hundred: 'centos',
    thousand: 'mil',
    million: 'milhões',
    and: 'e',
    bare: true,
    hundreds: { 1: 'cento', 2: 'duzentos', 3: 'trezentos', 5: 'quinhentos' },
  },
  de: {
    small: list(
      'null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn',
    ),
    tens: list('- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig'),
    hundred: 'hundert',
    thousand: 'tausend',
    million: 'millionen',
    and: 'und',
    onesFirst: true,
  },
  it: {
    small: list(
      'zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove',
    ),
    tens: list('- - venti trenta quaranta cinquanta sessanta settanta ottanta novanta'),
    hundred: 'cento',
    thousand: 'mila',
    million: 'milioni',
    bare: true,
  },
  ko: {
    small: list('영 일 이 삼 사 오 육 칠 팔 구 십 십일 십이 십삼 십사 십오 십육 십칠 십팔 십구'),
    tens: list('- - 이십 삼십 사십 오십 육십 칠십 팔십 구십'),
    hundred: '백',
    thousand: '천',
    million: '백만',
    bare: true,
  },
};

/** The words that a run of digits is read as; longer ones than nine digits are read one by one. */
export function numberWords(digits: string, lang: string): string[] {
  const numerals = NUMERALS[lang] ?? NUMERALS.en!;
  if (digits.length > 9 || (digits.length > 1 && digits.startsWith('0'))) {
    return [...digits].map((digit) => numerals.small[Number(digit)]!);
  }
  const value = Number(digits);
  if (lang === 'en' && value >= 1100 && value < 2000 && value % 100 > 9) {
    return [...below(Math.floor(value / 100), numerals), ...below(value % 100, numerals)]; // A year, most often.
  }
  return below(value, numerals);
}

function below(value: number, numerals: Numerals): string[] {
  const { small, tens, hundred, thousand, million, and, onesFirst, bare, hundreds } = numerals;
  if (value < small.length) return [small[value]!];
  const rest = (of: number): string[] => (value % of === 0 ? [] : below(value % of, numerals));
  const many = (of: number, word: string): string[] => {
    const count = Math.floor(value / of);
    return count === 1 && bare ? [word] : [...below(count, numerals), word];
  };
  if (value >= 1e6) return [...many(1e6, million), ...rest(1e6)];
  if (value >= 1000) return [...many(1000, thousand), ...rest(1000)];
  if (value >= 100) {
    const own = hundreds?.[Math.floor(value / 100)];
    return [...(own ? [own] : many(100, hundred)), ...rest(100)];
  }
  const ten = tens[Math.floor(value / 10)]!;
  if (value % 10 === 0) return [ten];
  const one = small[value % 10]!;
  if (onesFirst) return [one, and!, ten];
  return and ? [ten, and, one] : [ten, one];
}
