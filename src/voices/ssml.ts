import { placeOf } from '../speech/index-map.ts';
import type { SpokenText } from '../speech/spoken-text.ts';

/** What XML 1.0 cannot hold at all, not even escaped: most control characters and halves of letters. */
const NOT_XML =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A text as it may stand in XML: what has a meaning there escaped, what cannot stand there a space. */
export function escapeXml(text: string): string {
  return text.replace(NOT_XML, ' ').replace(/[&<>"']/g, (letter) => ESCAPES[letter]!);
}

/** What an escaped text stood for. */
export function unescapeXml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (entity) => {
    return Object.keys(ESCAPES).find((letter) => ESCAPES[letter] === entity) ?? entity;
  });
}

/** Which tags a service takes. */
export interface SsmlTags {
  /** Default true. */
  readonly emphasis?: boolean;
  /** Sounds in IPA. Default true. */
  readonly phoneme?: boolean;
}

/**
 * A text as SSML without its root, with its pauses, emphasis and given sounds; whatever stands in the text is said and
 * never read as a tag.
 */
export function ssmlText(
  spoken: SpokenText,
  { emphasis: stress = true, phoneme = true }: SsmlTags = {},
): string {
  const { text, pauses } = spoken;
  const sounds = phoneme ? spoken.sounds : [];
  const emphasis = stress ? spoken.emphasis : [];
  const place = (source: number) => placeOf(spoken, source);
  const said = sounds.map(({ from, to, ipa }) => ({ from: place(from), to: place(to), ipa }));
  const stressed = emphasis.map(({ from, to, level }) => ({ from: place(from), to: place(to), level }));
  const breaks = pauses.map(({ at, seconds }) => ({ at: place(at), seconds }));
  // A word whose sounds are given is one piece: other borders in it wait until it is over.
  const whole = (at: number) => said.find(({ from, to }) => at > from && at < to)?.to ?? at;
  const borders = [
    0,
    text.length,
    ...[...said, ...stressed].flatMap(({ from, to }) => [from, to]),
    ...breaks.map(({ at }) => at),
  ];
  const places = [...new Set(borders.map(whole))].sort((a, b) => a - b);
  let ssml = '';
  for (const [index, from] of places.entries()) {
    for (const { at, seconds } of breaks) {
      if (whole(at) === from) ssml += `<break time="${Math.round(seconds * 1000)}ms"/>`;
    }
    const piece = text.slice(from, places[index + 1] ?? from);
    if (piece === '') continue;
    const sound = said.find((span) => span.from === from && span.to > from);
    const escaped = escapeXml(piece);
    const inner = sound
      ? `<phoneme alphabet="ipa" ph="${escapeXml(sound.ipa)}">${escaped}</phoneme>`
      : escaped;
    const level = stressed.find((span) => from >= span.from && from < span.to)?.level;
    ssml += level ? `<emphasis level="${level}">${inner}</emphasis>` : inner;
  }
  return ssml;
}

/**
 * Where each UTF-16 unit of a text in SSML stands in the text that it says, when it was made by {@link ssmlText}: tags are
 * no text, and an escaped letter is one. One more than there are units, for places behind the last.
 */
export function placesInSsml(ssml: string): Uint32Array {
  const places = new Uint32Array(ssml.length + 1);
  let said = 0;
  for (let at = 0; at < ssml.length; ) {
    PIECE.lastIndex = at;
    const length = PIECE.exec(ssml)?.[0].length ?? 1;
    places.fill(said, at, at + length);
    if (ssml[at] !== '<') said++;
    at += length;
  }
  places[ssml.length] = said;
  return places;
}

/** A tag, or an escaped letter. */
const PIECE = /<[^>]*>|&[a-z]+;/y;
