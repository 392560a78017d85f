import { resampleAll } from '../pcm/resampler.ts';
import { joinSamples } from '../speech/samples.ts';
import type { Utterance, UtterancePhone } from './synth.ts';

/** A whole stretch of sound with its phones, as a synth's engine makes it. */
export interface Sound extends Utterance {
  /** Samples a second. */
  readonly sampleRate: number;
}

/** Fade at both ends of a stretch, seconds: an engine's silence is not quite silent. */
const FADE = 0.005;

/** Cuts the pauses before the first phone and after the last one to `lead` and `tail` seconds; the latter may grow. */
export function withPauses({ samples, sampleRate, phones }: Sound, lead: number, tail: number): Sound {
  const first = phones.findIndex((phone) => phone.id !== 'pau');
  if (first < 0) return { samples, sampleRate, phones };
  const last = phones.findLastIndex((phone) => phone.id !== 'pau');
  const begin = phones[first - 1]?.end ?? 0;
  const end = phones[last]!.end;
  const from = Math.max(0, begin - Math.round(lead * sampleRate));
  const to = end + Math.round(tail * sampleRate);
  const cut = new Int16Array(to - from);
  cut.set(samples.subarray(from, Math.min(to, samples.length)));
  const kept: UtterancePhone[] = phones
    .slice(first, last + 1)
    .map((phone) => ({ ...phone, end: phone.end - from }));
  if (begin > from) kept.unshift({ ...kept[0], id: 'pau', end: begin - from });
  if (to > end) kept.push({ ...kept.at(-1), id: 'pau', end: to - from });
  return { samples: cut, sampleRate, phones: kept };
}

/** The sound with so much silence before it, seconds. */
export function afterSilence({ samples, sampleRate, phones }: Sound, seconds: number): Sound {
  const lead = Math.round(seconds * sampleRate);
  const later = phones.map((phone) => ({ ...phone, end: phone.end + lead }));
  return {
    samples: joinSamples([new Int16Array(lead), samples]),
    sampleRate,
    phones: [{ ...phones[0], id: 'pau', end: lead }, ...later],
  };
}

/** The sound played at `playRate` (which moves its formants, pitch and pace) and recorded at `sampleRate`. */
export function recorded(sound: Sound, playRate: number, sampleRate: number): Sound {
  const samples = resampleAll(sound.samples, playRate, sampleRate);
  const scale = sampleRate / playRate;
  const phones = sound.phones.map((phone) => ({
    ...phone,
    end: Math.min(samples.length, Math.round(phone.end * scale)),
  }));
  return { samples, sampleRate, phones };
}

/** Makes a sound louder by `gain` and fades its ends, in place. */
export function levelled({ samples, sampleRate }: Sound, gain: number): void {
  const fade = Math.min(Math.round(FADE * sampleRate), samples.length >> 1);
  for (let index = 0; index < samples.length; index++) {
    const edge = Math.min(1, (index + 0.5) / fade, (samples.length - index - 0.5) / fade);
    samples[index] = clipped(samples[index]! * gain * edge);
  }
}

function clipped(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}
