/** Times of a line in the forms in which Inworld tells them, chunk by chunk. */
import type { Fields } from '../frames.ts';
import type { SpokenText, Timed } from '../spoken-text.ts';

/** Bytes of the line's sound that make a chunk, and the seconds in which they are heard. */
export interface Chunk extends Timed {
  readonly from: number;
  readonly to: number;
}

export interface TimestampForm {
  /** `sounds` with words, `words`, `characters`, `visemes`, or `shapes`: visemes in another form. */
  readonly tell: string;
  readonly fromChunk: boolean;
  readonly partial: boolean;
  readonly tokens: boolean;
}

const CHUNK_SECONDS = 0.4;

/** ARPAbet as the service writes it: IPA and one of its own visemes. */
const SYMBOLS: Readonly<Record<string, readonly [phone: string, viseme: string]>> = Object.fromEntries(
  `pau=[silence]=bmp p=p=bmp b=b=bmp m=m=bmp f=f=fv v=v=fv th=θ=th dh=ð=th t=t=cdgknstxyz d=d=cdgknstxyz dx=ɾ=cdgknstxyz
   s=s=cdgknstxyz z=z=cdgknstxyz n=n=cdgknstxyz ng=ŋ=cdgknstxyz k=k=cdgknstxyz g=ɡ=cdgknstxyz y=j=cdgknstxyz
   hh=h=cdgknstxyz sh=ʃ=chjsh zh=ʒ=chjsh ch=tʃ=chjsh jh=dʒ=chjsh l=l=l r=ɹ=r w=w=qw uw=uː=u uh=ʊ=u ow=oʊ=o ao=ɔː=o oy=ɔɪ=o
   aw=aʊ=o iy=iː=ee ih=ɪ=ee ey=eɪ=ee eh=ɛ=aei ae=æ=aei aa=ɑː=aei ah=ʌ=aei ax=ə=aei er=ɝ=r ay=aɪ=aei`
    .trim()
    .split(/\s+/)
    .map((entry) => entry.split('='))
    .map(([id, phone, viseme]) => [id!, [phone!, viseme!] as const]),
);

const OPENXR: Readonly<Record<string, string>> = {
  bmp: 'PP',
  fv: 'FF',
  th: 'TH',
  cdgknstxyz: 'DD',
  chjsh: 'CH',
  l: 'nn',
  r: 'RR',
  qw: 'ou',
  u: 'ou',
  o: 'oh',
  ee: 'ih',
  aei: 'aa',
};

/** A line cut into chunks; `odd`: of an odd number of bytes. */
export function chunksOf({ samples, sampleRate }: SpokenText, odd: boolean): Chunk[] {
  const length = Math.round(CHUNK_SECONDS * sampleRate) * 2 - (odd ? 1 : 0);
  const chunks: Chunk[] = [];
  const bytes = samples.length * 2;
  for (let from = 0; from < bytes; from += length) {
    const to = Math.min(bytes, from + length);
    chunks.push({ from, to, start: Math.floor(from / 2) / sampleRate, end: Math.floor(to / 2) / sampleRate });
  }
  return chunks;
}

/** What is told with a chunk: whatever begins in it. */
export function timestampsOf(spoken: SpokenText, text: string, chunk: Chunk, form: TimestampForm): Fields {
  const origin = form.fromChunk ? chunk.start : 0;
  const begins = ({ start }: Timed) => start >= chunk.start && start < chunk.end;
  const round = (time: number) => Math.round((time - origin) * 1e7) / 1e7;
  const phones = spoken.phones.filter((phone) => begins(phone) && phone.end > phone.start);
  const starting = spoken.words.filter(begins);
  const again = form.partial
    ? spoken.words.filter(({ start, end }) => start < chunk.start && end > chunk.start)
    : [];
  const words = form.partial ? [...again, ...starting] : starting;
  switch (form.tell) {
    case 'characters':
      return { characterAlignment: charactersOf(text, starting, round) };
    case 'visemes':
      return {
        lipsyncAlignment: {
          visemes: phones.map((phone) => ({
            viseme: shapeOf(phone.id),
            startTimeSeconds: round(phone.start),
            endTimeSeconds: round(phone.end),
          })),
        },
      };
    case 'shapes':
      return {
        lipsyncAlignment: {
          visemes: phones.map((phone) => shapeOf(phone.id)),
          visemeStartTimeSeconds: phones.map((phone) => round(phone.start)),
          visemeDurationSeconds: phones.map((phone) => phone.end - phone.start),
        },
      };
    default: {
      const tokens = form.tokens ? withMarks(words, text) : words;
      const cut = form.partial && words.at(-1) && words.at(-1)!.end > chunk.end ? tokens.length - 1 : -1;
      const details = tokens.map((word, wordIndex) => ({
        wordIndex,
        ...(wordIndex === cut && { isPartial: true }),
        phones: spoken.phones
          .filter((phone) => 'from' in word && phone.start >= word.start - 1e-6 && phone.start < word.end)
          .filter((phone) => form.partial || begins(phone) || begins(word))
          .map(phoneOf(round)),
      }));
      const silence = phones.filter(({ id }) => id === 'pau').map(phoneOf(round));
      if (silence.length > 0) details.push({ wordIndex: tokens.length, phones: silence });
      return {
        wordAlignment: {
          words: tokens.map((word) => word.text),
          wordStartTimeSeconds: tokens.map(({ start }) => round(start)),
          wordEndTimeSeconds: tokens.map(({ end }) => round(end)),
          ...(form.tell === 'sounds' && { phoneticDetails: details.map(sorted) }),
        },
      };
    }
  }
}

function phoneOf(round: (time: number) => number) {
  return ({ id, start, end }: SpokenText['phones'][number]) => {
    const [phoneSymbol, visemeSymbol] = SYMBOLS[id] ?? SYMBOLS.ax!;
    return { phoneSymbol, startTimeSeconds: round(start), durationSeconds: end - start, visemeSymbol };
  };
}

function sorted<Detail extends { phones: { startTimeSeconds: number }[] }>(detail: Detail): Detail {
  detail.phones.sort((a, b) => a.startTimeSeconds - b.startTimeSeconds);
  return detail;
}

function shapeOf(id: string): string {
  return id === 'pau' ? 'sil' : OPENXR[(SYMBOLS[id] ?? SYMBOLS.ax!)[1]]!;
}

/** Marks and spaces as tokens of their own. */
function withMarks(words: SpokenText['words'], text: string): (Timed & { readonly text: string })[] {
  return words.flatMap((word) => {
    const mark = /^[^\p{L}\p{N}]+/u.exec(text.slice(word.to))?.[0];
    return mark ? [word, { text: mark, start: word.end, end: word.end }] : [word];
  });
}

function charactersOf(text: string, words: SpokenText['words'], round: (time: number) => number): Fields {
  const told = words.flatMap(({ from, to, start, end }) => {
    const step = (end - start) / (to - from);
    const letters = [...text.slice(from, to)].map((character, nth) => ({
      character,
      start: start + nth * step,
      end: start + (nth + 1) * step,
    }));
    return [...letters, { character: ' ', start: end, end }];
  });
  return {
    characters: told.map(({ character }) => character),
    characterStartTimeSeconds: told.map(({ start }) => round(start)),
    characterEndTimeSeconds: told.map(({ end }) => round(end)),
  };
}
