import { InputError } from '../../speech/errors.ts';
import type { SpokenText } from '../../speech/spoken-text.ts';
import { escapeXml, ssmlText } from '../ssml.ts';

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
  let said = ssmlText(spoken);
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
