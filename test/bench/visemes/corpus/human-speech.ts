import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Phone } from '../../../../src/lipsync/phones.ts';
import { decodeWav, encodeWav } from '../../../../src/pcm/wav.ts';
import { benchPackage, debianPackages } from './bench-packages.ts';
import type { SpokenLine } from './utterance.ts';

const DATA = '/usr/share/pocketsphinx/test/data';
const MODEL = '/usr/share/pocketsphinx/model/en-us/en-us';
const SAMPLE_RATE = 16_000;
/** Silence put before a recording, so that the aligner has settled; taken off again, seconds. */
const LEAD = 0.2;
/** The aligner's frames are this much early against hand labels and the synthesizers' own times, seconds. */
const EARLY = 0.017;
/** Frames a second of the aligner. */
const FRAMES = 100;

/** Recordings of people that Debian's `pocketsphinx-testdata` holds, with what they say. */
function recordings(): { path: string; text: string }[] {
  const read = (folder: string): { path: string; text: string }[] =>
    readFileSync(join(DATA, folder, folder === 'cards' ? 'cards.transcription' : 'transcription'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => {
        const [, text, id] = /<s>\s*(.*?)\s*<\/s>\s*\((.*)\)/.exec(line)!;
        return { path: join(DATA, folder, `${id}.wav`), text: text! };
      });
  return [
    ...read('librivox'),
    ...read('cards'),
    { path: join(DATA, 'goforward.raw'), text: 'go forward ten meters' },
  ];
}

/** All recordings with phones as the CMU aligner (an independent judge) finds them: good to some 15 ms. */
export async function humanSpeech(): Promise<SpokenLine[]> {
  debianPackages('pocketsphinx', 'pocketsphinx-en-us', 'pocketsphinx-testdata');
  const { dictionary } = (await import(
    pathToFileURL(benchPackage('cmu-pronouncing-dictionary', '3.0.0')).href
  )) as {
    dictionary: Readonly<Record<string, string>>;
  };
  return recordings().flatMap(({ path, text }) => {
    const file = readFileSync(path);
    const samples = path.endsWith('.raw')
      ? new Int16Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.length))
      : decodeWav(file).samples;
    const duration = samples.length / SAMPLE_RATE;
    const phones = alignPhones(samples, text, dictionary);
    if (!phones) throw new Error(`the aligner found no way through ${path}`);
    return [{ voice: 'human', lang: 'en', text, samples, sampleRate: SAMPLE_RATE, duration, phones }];
  });
}

/** The phones of a spoken text by forced alignment; undefined where it fails. Samples at 16 kHz. */
export function alignPhones(
  samples: Int16Array,
  text: string,
  dictionary: Readonly<Record<string, string>>,
): Phone[] | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'parley-align-'));
  try {
    const padded = new Int16Array(samples.length + LEAD * SAMPLE_RATE);
    padded.set(samples, LEAD * SAMPLE_RATE);
    writeFileSync(join(folder, 'a.wav'), encodeWav({ samples: padded, sampleRate: SAMPLE_RATE }));
    const known = new Set<string>();
    const words = text
      .toLowerCase()
      .match(/[a-z']+/g)!
      .map((word) => {
        const ways = waysOf(word, dictionary);
        if (ways.length === 0) throw new Error(`not in the dictionary: ${word}`);
        const ids = ways.map((way) => way.replaceAll('AH0', 'AX').replace(/\d/g, '').toLowerCase());
        for (const id of ids.join(' ').split(' ')) known.add(id);
        return `( ${ids.join(' | ')} )`;
      });
    writeFileSync(join(folder, 'a.gram'), `#JSGF V1.0;\ngrammar a;\npublic <a> = ${words.join(' ')} ;\n`);
    const entries = [...known].map((id) => `${id} ${id === 'ax' ? 'AH' : id.toUpperCase()}`);
    writeFileSync(join(folder, 'a.dict'), `${entries.join('\n')}\n`);
    writeFileSync(join(folder, 'a.ctl'), 'a\n');
    const flags =
      `-hmm ${MODEL} -dict a.dict -jsgf a.gram -ctl a.ctl -cepdir . -cepext .wav -adcin yes -adchdr 44 ` +
      '-hypseg a.seg -hyp a.hyp -fsgusefiller yes -bestpath no -remove_silence no -beam 1e-120 -wbeam 1e-100 -pbeam 1e-120 -backtrace yes';
    const log = execFileSync('pocketsphinx_batch', flags.split(' '), {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    void log;
    return readSegments(readFileSync(join(folder, 'a.seg'), 'utf8'), samples.length / SAMPLE_RATE);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How the dictionary says a word; the possessive of one that it knows ends in z. */
function waysOf(word: string, dictionary: Readonly<Record<string, string>>): string[] {
  const ways = [word, `${word}(2)`, `${word}(3)`, `${word}(1)`].flatMap((key) => dictionary[key] ?? []);
  if (ways.length > 0 || !word.endsWith("'s")) return ways;
  return waysOf(word.slice(0, -2), dictionary).map((way) => `${way} Z`);
}

/** Reads `name S 0 T score A score L score start score score word … end`: each word with its first frame. */
function readSegments(line: string, duration: number): Phone[] | undefined {
  const fields = line.trim().split(/\s+/);
  const at = fields.findIndex(
    (field, i) => i > 0 && /^\d+$/.test(field) && /^[a-z<[(+]/.test(fields[i + 3] ?? ''),
  );
  if (at < 0) return undefined;
  const starts: { id: string; start: number }[] = [];
  let i = at;
  for (; i + 3 < fields.length; i += 4) {
    const word = fields[i + 3]!.replace(/\(.*\)$/, '');
    const id = /^[a-z]+$/.test(word) && word !== 'sil' ? word : 'pau';
    const start = Number(fields[i]) / FRAMES - LEAD + EARLY;
    starts.push({ id, start: i === at ? 0 : Math.max(start, 0) });
  }
  const last = Math.min(Number(fields[i] ?? Number.NaN) / FRAMES - LEAD + EARLY, duration);
  const phones = starts.map(({ id, start }, n) => ({
    id,
    start,
    end: starts[n + 1]?.start ?? (last || duration),
  }));
  phones.push({ id: 'pau', start: phones.at(-1)!.end, end: duration });
  return phones.filter(({ start, end }) => end > start);
}
