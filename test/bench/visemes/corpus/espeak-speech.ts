import { pathToFileURL } from 'node:url';
import type { Phone } from '../../../../src/lipsync/phones.ts';
import { benchPackage } from './bench-packages.ts';
import { phonesOfIpa } from './ipa.ts';
import type { SpokenLine } from './utterance.ts';

const SAMPLE_RATE = 22_050;
/** espeak dates a voiceless stop at its burst; the silence before it, up to this long, is its closure, seconds. */
const LONGEST_CLOSURE = 0.045;
/** A stretch is silent if it is this far below the loudest, as a part of the amplitude. */
const SILENT = 0.02;
const VOICELESS = new Set(['p', 't', 'k', 'ch']);
/** Part of a diphthong, or of a vowel before r, that its first sound takes. */
const FIRST_PART = 0.6;

interface Event {
  readonly type: string;
  /** Milliseconds. */
  readonly audio_position: number;
  readonly id: string | number;
}

interface Espeak {
  set_voice(name: string): number;
  set_rate(wordsAMinute: number): void;
  set_pitch(value: number): void;
  synthesize(text: string, told: (pcm: ArrayBuffer | Int16Array, events: Event[]) => boolean): void;
  list_voices(): unknown[];
}

let espeak: Promise<Espeak> | undefined;

/** The synthesizer, which is installed on first use. */
export function openEspeak(): Promise<Espeak> {
  espeak ??= (async () => {
    const entry = benchPackage('@echogarden/espeak-ng-emscripten', '0.3.5');
    const { default: init } = (await import(pathToFileURL(entry).href)) as {
      default: () => Promise<{ eSpeakNGWorker: new () => Espeak }>;
    };
    const module = await init();
    return new module.eSpeakNGWorker();
  })();
  return espeak;
}

/** How espeak is to speak. */
export interface EspeakManner {
  /** A language, with a variant after `+`. */
  readonly voice: string;
  /** Words a minute, 80 to 450. */
  readonly rate?: number;
  /** 0 to 99. */
  readonly pitch?: number;
}

/** A line as espeak speaks it, with the phones that it says it spoke. */
export async function speakEspeak(
  text: string,
  { voice, rate = 150, pitch = 50 }: EspeakManner,
): Promise<SpokenLine> {
  const synth = await openEspeak();
  if (synth.set_voice(voice) !== 0) throw new Error(`espeak has no voice ${voice}`);
  synth.set_rate(rate);
  synth.set_pitch(pitch);
  const runs: Int16Array[] = [];
  const events: Event[] = [];
  synth.synthesize(text, (pcm, told) => {
    if (pcm) runs.push(new Int16Array(pcm instanceof ArrayBuffer ? pcm.slice(0) : pcm.slice()));
    events.push(...told.map(({ type, audio_position, id }) => ({ type, audio_position, id })));
    return false;
  });
  const samples = new Int16Array(runs.reduce((sum, run) => sum + run.length, 0));
  let at = 0;
  for (const run of runs) {
    samples.set(run, at);
    at += run.length;
  }
  const duration = samples.length / SAMPLE_RATE;
  const lang = voice.split('+')[0]!;
  const phones = phonesOf(events, duration, lang);
  giveClosures(phones, samples);
  return { voice: `espeak ${voice}`, lang, text, samples, sampleRate: SAMPLE_RATE, duration, phones };
}

function phonesOf(events: readonly Event[], duration: number, lang: string): Phone[] {
  const starts = events.filter(({ type }) => type === 'phoneme' || type === 'end');
  const phones: Phone[] = [];
  const push = (id: string, start: number, end: number): void => {
    const last = phones.at(-1);
    if (end <= start) return;
    if (id === 'pau' && last?.id === 'pau') phones[phones.length - 1] = { ...last, end };
    else phones.push({ id, start, end });
  };
  if ((starts[0]?.audio_position ?? 0) > 0) push('pau', 0, starts[0]!.audio_position / 1000);
  for (const [index, { type, audio_position, id }] of starts.entries()) {
    const start = Math.min(audio_position / 1000, duration);
    const end = Math.min((starts[index + 1]?.audio_position ?? duration * 1000) / 1000, duration);
    const ids = type === 'phoneme' ? phonesOfIpa(String(id), lang) : [];
    if (ids.length === 0) push('pau', start, end);
    else if (ids.length === 1) push(ids[0]!, start, end);
    else {
      const middle = start + (end - start) * FIRST_PART;
      push(ids[0]!, start, middle);
      for (let i = 1; i < ids.length; i++) {
        const part = (end - middle) / (ids.length - 1);
        push(ids[i]!, middle + (i - 1) * part, middle + i * part);
      }
    }
  }
  return phones;
}

/** Gives voiceless stops the near silence before their burst, which espeak counts with the sound before. */
function giveClosures(phones: Phone[], samples: Int16Array): void {
  const step = Math.round(0.005 * SAMPLE_RATE);
  let loudest = 0;
  for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
  for (let i = 1; i < phones.length; i++) {
    const phone = phones[i]!;
    const before = phones[i - 1]!;
    if (!VOICELESS.has(phone.id)) continue;
    let start = phone.start;
    while (phone.start - start < LONGEST_CLOSURE - 0.001 && start - 0.005 > before.start + 0.01) {
      const to = Math.round(start * SAMPLE_RATE);
      let level = 0;
      for (let s = Math.max(to - step, 0); s < to; s++) level = Math.max(level, Math.abs(samples[s]!));
      if (level > SILENT * loudest) break;
      start -= 0.005;
    }
    phones[i] = { ...phone, start };
    phones[i - 1] = { ...before, end: start };
  }
}
