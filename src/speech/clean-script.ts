/** What a synth reads, and what becomes of the rest. */
export interface CleanScript {
  /** Characters that are said like others. */
  readonly alike: Readonly<Record<string, string>>;
  /** Characters that are read as they stand. */
  readonly speakable: RegExp;
  /** Noises that would be spelled out, and what sounds like them. */
  readonly noises: readonly (readonly [RegExp, string])[];
  /** The dot of an address, as it is said. */
  readonly urlDot: string;
  /** What makes a text worth saying. */
  readonly said: RegExp;
  /** Whether other letters may be told by the plain one under their marks. */
  readonly plain: boolean;
}

/** Typographic marks, which every script has. */
const MARKS: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '…': '.',
  '–': '-',
  '−': '-',
  '\u00ad': '',
  '\u00a0': ' ',
  '\u202f': ' ',
};

/** For a synth that knows English in plain letters. */
export const ENGLISH: CleanScript = {
  alike: {
    ...MARKS,
    '&': ' and ',
    '%': ' percent',
    '+': ' plus ',
    '=': ' equals ',
    '@': ' at ',
    '€': ' euros ',
    '£': ' pounds ',
    '°': ' degrees ',
    '×': ' times ',
    ß: 'ss',
    æ: 'ae',
    œ: 'oe',
    ø: 'o',
    ł: 'l',
    đ: 'd',
  },
  speakable: /[A-Za-z0-9 .,;:!?'"()$/-]/,
  noises: [
    [/h+m+(?![a-z])/iy, 'hum'],
    [/m{2,}(?![a-z])/iy, 'um'],
    [/s+h{2,}(?![a-z])/iy, 'shush'],
    [/b+r{2,}(?![a-z])/iy, 'burr'],
    [/g+r{2,}(?![a-z])/iy, 'gur'],
    [/ps{2,}t(?![a-z])/iy, 'pist'],
    [/pf+t(?![a-z])/iy, 'pift'],
    [/tsk(?![a-z])/iy, 'tisk'],
  ],
  urlDot: ' dot ',
  said: /[A-Za-z0-9$]/,
  plain: true,
};

/** For a synth that reads all scripts and says signs in their language. */
export const ANY_SCRIPT: CleanScript = {
  alike: MARKS,
  speakable: /[\p{L}\p{M}\p{N} .,;:!?'"()$/¿¡。、，；：！？।%&+=@€£¥°×-]/u,
  noises: [],
  urlDot: '.',
  said: /[\p{L}\p{N}]/u,
  plain: false,
};
