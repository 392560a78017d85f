/** Names that the engine's `set_voice` takes (package version 0.3.5); for others it keeps the voice it had. */
const KNOWN: ReadonlySet<string> = new Set(
  (
    'af am an ar as az ba be bg bn bpy bs ca ca-ba ca-nw ca-va cmn cmn-latn-pinyin cs cv cy da de el en-029 en ' +
    'en-gb-scotland en-gb-x-gbclan en-gb-x-gbcwmd en-gb-x-rp en-us en-us-nyc eo es es-419 et eu fa fa-latn fi fo ' +
    'fr-be fr fr-ch ga gd gn grc gu hak haw he hi hr ht hu hy hyw ia id io is it ja jbo ka kaa kk kl kn ko kok ku ' +
    'ky la lb lfn lt ltg lv mi mk ml mr ms mt mto my nb nci ne nl nog om or pa pap piqd pl pt pt-br py qdb qu quc ' +
    'qya ro ru ru-cl ru-lv sd shn si sjn sk sl smj sq sr sv sw ta te th ti tk tn tr tt ug uk ur uz vi ' +
    'vi-vn-x-central vi-vn-x-south xex yue'
  ).split(' '),
);

/** Codes that mean something else to the engine than to others, or nothing. */
const OTHERWISE: Readonly<Record<string, string>> = {
  en: 'en-us',
  'en-gb': 'en',
  'es-mx': 'es-419',
  'es-us': 'es-419',
  no: 'nb',
  zh: 'cmn',
  'zh-hk': 'yue',
  'zh-yue': 'yue',
  jp: 'ja',
};

/** All names, for tests and messages. */
export const ESPEAK_LANGUAGES: readonly string[] = [...KNOWN];

/** The engine's name for a BCP 47 code; an unknown region or script is left out. Undefined for other languages. */
export function espeakLanguage(code: string): string | undefined {
  const parts = code.toLowerCase().replaceAll('_', '-').split('-');
  for (; parts.length > 0; parts.pop()) {
    const name = parts.join('-');
    if (Object.hasOwn(OTHERWISE, name)) return OTHERWISE[name];
    if (KNOWN.has(name)) return name;
  }
  return undefined;
}
