/** What emulators of services say: real speech, with its truth. Shares nothing with the adapters. */
import { FliteSynth } from '../../src/synth/flite/flite-synth.ts';
import { nodeFlite } from '../../src/synth/flite/node-flite.ts';
import { speakSentences } from '../../src/synth/sentences.ts';
import type { Synth, Utterance } from '../../src/synth/synth.ts';
import { rememberedSynth } from '../kit/remembered-synth.ts';

/** A stretch of time, seconds from the first sample. */
export interface Timed {
  readonly start: number;
  readonly end: number;
}

/** A text as it was spoken. */
export interface SpokenText {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  /** Words with their places in the text. */
  readonly words: readonly (Timed & { readonly text: string; readonly from: number; readonly to: number })[];
  /** Sounds in ARPAbet, end to end; `pau` is silence. */
  readonly phones: readonly (Timed & { readonly id: string })[];
}

/** How a text is spoken. */
export interface SpeakOptions {
  readonly sampleRate: number;
  /** One of Flite's ten. Default F1. */
  readonly voice?: string;
  /** 0.5 to 2. Default 1. */
  readonly speed?: number;
}

/** Seconds of hum for a character in which Flite finds nothing to say. */
const HUM = 0.07;

/** One synth, with what it has spoken, for all who speak at a time: a new one takes half a second to begin. */
let shared: { readonly flite: Synth; readonly known: Map<string, SpokenText>; users: number } | undefined;

/** Speaks texts with Flite; what it cannot say, such as other scripts, is hummed. */
export class Speech {
  readonly #shared: NonNullable<typeof shared>;
  #disposed = false;
  /** Utterances end to end, of the line that is being made: one at a time. */
  #made: Promise<unknown> = Promise.resolve();

  constructor() {
    shared ??= { flite: rememberedSynth(new FliteSynth(nodeFlite(), {})), known: new Map(), users: 0 };
    shared.users++;
    this.#shared = shared;
  }

  speak(text: string, options: SpeakOptions): Promise<SpokenText> {
    const name = JSON.stringify([text, options]);
    const { known } = this.#shared;
    const made = this.#made.then(async () => known.get(name) ?? (await this.#speak(text, options)));
    this.#made = made.then(
      (spoken) => known.set(name, spoken),
      () => {},
    );
    return made;
  }

  /** May be called twice. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (--this.#shared.users > 0) return;
    this.#shared.flite.dispose();
    shared = undefined;
  }

  async #speak(text: string, { sampleRate, voice, speed }: SpeakOptions): Promise<SpokenText> {
    const { flite } = this.#shared;
    const making: Promise<Utterance>[] = [];
    const synth: Synth = {
      voices: flite.voices,
      name: flite.name,
      script: flite.script,
      languages: flite.languages,
      nothing: flite.nothing,
      languageOf: (lang) => flite.languageOf(lang),
      synthesize: (request, signal) => {
        making.push(flite.synthesize(request, signal));
        return making.at(-1)!;
      },
      prepare: () => {},
      dispose: () => {},
    };
    const pieces: Int16Array[] = [];
    const words: SpokenText['words'][number][] = [];
    try {
      const parts = speakSentences(
        { synth, sampleRate },
        { text, voice, speed },
        new AbortController().signal,
      );
      for await (const part of parts) {
        if (part.type === 'audio') pieces.push(part.samples);
        if (part.type === 'words') words.push(...part.words);
      }
    } catch {
      return hum(text, sampleRate);
    }
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const samples = new Int16Array(length);
    let at = 0;
    for (const piece of pieces) {
      samples.set(piece, at);
      at += piece.length;
    }
    const spoken = await Promise.all(making);
    let from = length - spoken.reduce((sum, each) => sum + each.samples.length, 0);
    const phones: SpokenText['phones'][number][] = [];
    if (from > 0) phones.push({ id: 'pau', start: 0, end: from / sampleRate });
    for (const each of spoken) {
      let start = from;
      for (const { id, end } of each.phones) {
        phones.push({ id, start: start / sampleRate, end: (from + end) / sampleRate });
        start = from + end;
      }
      from += each.samples.length;
    }
    return { samples, sampleRate, words, phones };
  }
}

function hum(text: string, sampleRate: number): SpokenText {
  const words = [...text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map(({ 0: word, index }) => ({
    text: word,
    from: index,
    to: index + word.length,
    start: index * HUM,
    end: (index + word.length) * HUM,
  }));
  const last = words.at(-1)?.end ?? 0;
  const samples = Int16Array.from({ length: Math.round(last * sampleRate) }, (_, at) =>
    Math.round(3_000 * Math.sin((2 * Math.PI * 140 * at) / sampleRate)),
  );
  const phones = words.map(({ start, end }) => ({ id: 'm', start, end }));
  return { samples, sampleRate, words, phones };
}
