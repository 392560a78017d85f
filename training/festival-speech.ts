import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Phone } from '../src/lipsync/phones.ts';
import { decodeWav } from '../src/pcm/wav.ts';
import type { SpokenLine } from '../test/bench/visemes/corpus/utterance.ts';

/** Voices of Debian's Festival that are cut together of recorded people, and what their phones are here. */
const OWN: Readonly<Record<string, string>> = {
  '#': 'pau',
  _: 'pau',
  ts: 's',
  dz: 'z',
  tS: 'ch',
  dZ: 'jh',
  S: 'sh',
  Z: 'zh',
  J: 'ny',
  L: 'ly',
  j: 'y',
  r: 'rr',
  h: 'hh',
  c: 's',
  ch: 'x',
  'c~': 'ch',
  's~': 'sh',
  'z~': 'zh',
  'r~': 'zh',
  't~': 't',
  'd~': 'd',
  'n~': 'ny',
  'dz~': 'jh',
  'n*': 'ng',
  N: 'ng',
  i: 'iy',
  u: 'uw',
  y: 'yu',
  E: 'eh',
  O: 'ao',
  '{': 'ae',
  '@': 'ae',
  7: 'oe',
  2: 'oe',
};
const PLAIN = /^(a|e|o|p|b|t|d|k|g|f|v|s|z|m|n|l|w|x)$/;
export const FESTIVAL_VOICES: Readonly<Record<string, string>> = {
  ked_diphone: 'en',
  kal_diphone: 'en',
  lp_diphone: 'it',
  pc_diphone: 'it',
  czech_dita: 'it',
  czech_krb: 'it',
  suo_fi_lj_diphone: 'it',
  hy_fi_mv_diphone: 'it',
};

/** Lines as one of Festival's voices speaks them. A phone that is not known here is called `?`. */
export function speakFestival(voice: string, texts: readonly string[]): SpokenLine[] {
  const folder = mkdtempSync(join(tmpdir(), 'parley-festival-'));
  const english = FESTIVAL_VOICES[voice] === 'en';
  try {
    const plain = texts.map((text) =>
      (english ? text : text.toLowerCase())
        .normalize('NFD')
        .replace(/[^A-Za-z ,.'?!-]/g, '')
        .replace(/["\\]/g, ''),
    );
    const calls = plain.map((text, n) => `(say "${n}" "${text}")`);
    writeFileSync(
      join(folder, 'lines.scm'),
      `(define (say n text) (let ((u (utt.synth (eval (list 'Utterance 'Text text)))))
  (utt.save.wave u (string-append "${folder}/" n ".wav") 'riff) (utt.save.segs u (string-append "${folder}/" n ".seg"))))
(voice_${voice})\n${calls.join('\n')}\n`,
    );
    execFileSync('festival', ['-b', join(folder, 'lines.scm')], { stdio: 'ignore' });
    return plain.flatMap((text, n) => {
      try {
        return [read(folder, n, voice, text, english)];
      } catch {
        return []; // A text that Festival could not speak is no loss.
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(folder: string, n: number, voice: string, text: string, english: boolean): SpokenLine {
  const { samples, sampleRate } = decodeWav(readFileSync(join(folder, `${n}.wav`)));
  const duration = samples.length / sampleRate;
  const phones: Phone[] = [];
  let start = 0;
  for (const line of readFileSync(join(folder, `${n}.seg`), 'utf8')
    .trim()
    .split('\n')
    .slice(1)) {
    const [time, , name] = line.trim().split(/\s+/);
    const end = Math.min(Number(time), duration);
    const short = name!.replace(/[:1]+$/, '');
    const id = english ? name! : (OWN[name!] ?? OWN[short] ?? (PLAIN.test(short) ? short : '?'));
    if (end > start) phones.push({ id, start, end });
    start = end;
  }
  return { voice, lang: english ? 'en' : 'xx', text, samples, sampleRate, duration, phones };
}
