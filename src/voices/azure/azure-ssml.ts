import { InputError } from '../../speech/errors.ts';
import { placeOf } from '../../speech/index-map.ts';
import type { SpokenText } from '../../speech/spoken-text.ts';

/** How a text is to be said. */
export interface SsmlOptions {
  readonly voice: string;
  /** BCP 47 code of the text; left out: that of the voice. */
  readonly lang?: string | undefined;
  /** Rate of speaking, 0.5 to 2. Default: the voice's own. */
  readonly speed?: number | undefined;
  /** Whether the face is to be told in frames. */
  readonly shapes: boolean;
}

/** Slowest and fastest rate of speaking that the service has. */
const SLOWEST = 0.5;
const FASTEST = 2;

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

/**
 * The SSML of a text, with its pauses, emphasis and given sounds; whatever stands in the text is said and never read as
 * a tag. Throws {@link InputError} for a rate of speaking that the service does not have.
 */
export function ssmlOf(spoken: SpokenText, { voice, lang, speed = 1, shapes }: SsmlOptions): string {
  if (!(speed >= SLOWEST && speed <= FASTEST)) {
    throw new InputError('speed', `a number from ${SLOWEST} to ${FASTEST} for Azure Speech`, String(speed));
  }
  const own = localeOf(voice) ?? 'en-US';
  const wanted = lang === undefined ? own : withRegion(lang, own);
  let said = marked(spoken);
  if (speed !== 1)
    said = `<prosody rate="${speed > 1 ? '+' : ''}${Math.round((speed - 1) * 100)}%">${said}</prosody>`;
  // Voices of many languages are told which; others speak their own.
  if (wanted !== own) said = `<lang xml:lang="${escapeXml(wanted)}">${said}</lang>`;
  const face = shapes ? '<mstts:viseme type="FacialExpression"/>' : '';
  return (
    '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xmlns:mstts="http://www.w3.org/2001/mstts" ' +
    `xml:lang="${escapeXml(wanted)}"><voice name="${escapeXml(voice)}">${face}${said}</voice></speak>`
  );
}

/** The language that a voice's name begins with: `en-US` of `en-US-AvaMultilingualNeural`. */
function localeOf(voice: string): string | undefined {
  return /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?-[A-Z]{2}(?=-)/.exec(voice)?.[0];
}

/** The service wants a region with each language: that of the voice where it speaks it, else where most speak it. */
function withRegion(lang: string, own: string): string {
  try {
    const locale = new Intl.Locale(lang.replaceAll('_', '-'));
    if (locale.region) return locale.toString();
    if (own.startsWith(`${locale.language}-`)) return own;
    const { region } = locale.maximize();
    return region ? `${locale.language}-${region}` : locale.toString();
  } catch {
    return lang; // No language code: the service will say so.
  }
}

function marked(spoken: SpokenText): string {
  const { text, sounds, pauses, emphasis } = spoken;
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
