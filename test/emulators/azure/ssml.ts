/** Reads SSML as strictly as Azure Speech does. What is wrong with it is told as the service words it. */

/** What a service was asked to say, and how. */
export interface AskedSsml {
  readonly voice: string;
  /** The text with the tags that tell how it is said, and only `& < >` escaped. */
  readonly said: string;
  /** 1 is the voice's normal. */
  readonly rate: number;
  /** Whether the face is wanted in frames. */
  readonly face: boolean;
}

export class SsmlError extends Error {}

const INVALID = 'SSML is invalid';
const NAMESPACE = 'http://www.w3.org/2001/10/synthesis';
const MSTTS = 'http://www.w3.org/2001/mstts';

/** Elements, what they may stand in, and what they must say. */
const ELEMENTS: Readonly<Record<string, { in: readonly string[]; must: Readonly<Record<string, RegExp>> }>> =
  {
    speak: {
      in: [''],
      must: { version: /^1\.0$/, xmlns: new RegExp(`^${NAMESPACE}$`), 'xml:lang': /^[a-z]{2,3}-/ },
    },
    voice: { in: ['speak'], must: { name: /./ } },
    'mstts:viseme': { in: ['voice'], must: { type: /^(FacialExpression|redlips_front)$/ } },
    prosody: { in: ['voice', 'lang'], must: { rate: /^[+-]?\d+(\.\d+)?%?$/ } },
    lang: { in: ['voice', 'prosody'], must: { 'xml:lang': /^[a-z]{2,3}-[A-Z]{2}$/ } },
    break: { in: ['voice', 'lang', 'prosody', 'emphasis'], must: { time: /^\d+ms$/ } },
    emphasis: { in: ['voice', 'lang', 'prosody'], must: { level: /^(reduced|moderate|strong|none)$/ } },
    phoneme: { in: ['voice', 'lang', 'prosody', 'emphasis'], must: { alphabet: /^ipa$/, ph: /./ } },
    sub: { in: ['voice', 'lang', 'prosody', 'emphasis'], must: { alias: /./ } },
  };

const KEPT = new Set(['break', 'emphasis', 'phoneme', 'sub']);
const TOKEN = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#(\d+)|#x([0-9a-f]+));/gi;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Throws {@link SsmlError} with the service's words. */
export function readSsml(ssml: string): AskedSsml {
  const open: string[] = [];
  let [voice, said, rate, face] = ['', '', 1, false];
  let spoke = false;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < ssml.length; ) {
    const token = TOKEN.exec(ssml);
    if (!token) throw new SsmlError(INVALID);
    const [whole, slash, name = '', rest = '', alone, text] = token;
    if (text !== undefined) {
      const plain = decoded(text);
      if (open.includes('voice')) said += reEscaped(plain);
      else if (plain.trim() !== '') throw new SsmlError(INVALID);
      continue;
    }
    if (slash) {
      if (open.pop() !== name) throw new SsmlError(INVALID);
    } else {
      const rule = Object.hasOwn(ELEMENTS, name) ? ELEMENTS[name]! : undefined;
      const fields = fieldsOf(rest);
      if (!rule?.in.includes(open.at(-1) ?? '') || (name === 'speak' && spoke)) throw new SsmlError(INVALID);
      for (const [field, form] of Object.entries(rule.must)) {
        if (!form.test(fields[field] ?? '')) throw new SsmlError(INVALID);
      }
      spoke = true;
      if (name.startsWith('mstts:') && !ssml.includes(`xmlns:mstts="${MSTTS}"`)) throw new SsmlError(INVALID);
      if (name === 'voice') voice = fields.name!;
      if (name === 'mstts:viseme') face = fields.type === 'FacialExpression';
      if (name === 'prosody') rate = rateOf(fields.rate!);
      if (!alone) open.push(name);
    }
    if (KEPT.has(name)) said += whole;
  }
  if (open.length > 0 || voice === '') throw new SsmlError(INVALID);
  return { voice, said, rate, face };
}

function fieldsOf(rest: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, name, value] of rest.matchAll(/([\w:.-]+)\s*=\s*["']([^"']*)["']/g)) {
    if (Object.hasOwn(fields, name!)) throw new SsmlError(INVALID);
    fields[name!] = decoded(value!);
  }
  return fields;
}

function decoded(text: string): string {
  const plain = text.replace(ENTITY, (_, named: string, decimal: string, hex: string) =>
    named
      ? NAMED[named.toLowerCase()]!
      : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
  );
  if (text.replace(ENTITY, '').includes('&') || /\p{Surrogate}/u.test(plain)) throw new SsmlError(INVALID);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has none of them.
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(plain)) throw new SsmlError(INVALID);
  return plain;
}

function reEscaped(text: string): string {
  return text.replace(/[&<>]/g, (letter) => `&${Object.keys(NAMED).find((name) => NAMED[name] === letter)};`);
}

/** `+20%` and `1.2` are the same. */
function rateOf(text: string): number {
  if (!text.endsWith('%')) return Number(text);
  return 1 + Number(text.slice(0, -1)) / 100;
}
