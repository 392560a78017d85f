import { type ReadWord, readWord, ruledReader } from '../../lipsync/timing/g2p/read-text.ts';
import { type ReadableWord, wordsOfText } from '../../lipsync/timing/g2p/words.ts';
import type { SoundModel } from '../../lipsync/timing/hearing.ts';
import { lexiconOf } from '../../lipsync/timing/known-words.ts';
import {
  isEnglish,
  loadPackedEnglish,
  loadPackedSounds,
  unpackingEnglish,
  unpackingSounds,
} from '../../lipsync/timing/learned.ts';
import { type LineFacts, openEar, type Told } from '../../lipsync/timing/line-ear.ts';
import { SpeechError } from '../../speech/errors.ts';
import { nextTask } from '../../thread/next-task.ts';
import type { Ear, Ears } from './ears.ts';

/** Work in one task, ms: then frames and events that wait come first. */
const TASK_MS = 1;
/** Sound that is listened to before the time is looked at again, seconds: a quarter of a millisecond of work, cold a few. */
const SLICE_SECONDS = 0.01;

/** Listens to lines in this thread, a little in each task. */
export class HereEars implements Ears {
  #sounds: Promise<SoundModel> | undefined;
  #english: Promise<ReadWord> | undefined;
  #disposed = false;

  async prepare(lang: string): Promise<void> {
    await Promise.all([this.#model(), this.#reader(lang)]);
  }

  async open(facts: LineFacts): Promise<Ear> {
    const [model, read] = await Promise.all([this.#model(), this.#reader(facts.lang)]);
    const known = read && (await readAhead(read, facts));
    const ear = openEar(model, known, facts);
    return {
      addCues: (cues) => ear.addCues(cues),
      addText: (text, known, whole) => ear.addText(text, known, whole),
      addWords: (words) => ear.addWords(words),
      push: (samples) => this.#push(samples, facts.sampleRate, (slice) => ear.push(slice)),
      end: async () => ear.end(),
      close: () => {},
    };
  }

  dispose(): void {
    this.#disposed = true;
  }

  async #push(samples: Int16Array, rate: number, hear: (slice: Int16Array) => Told): Promise<Told> {
    const slice = Math.ceil(SLICE_SECONDS * rate);
    const told: Told[] = [];
    await inTasks(
      (function* () {
        for (let at = 0; at < samples.length; at += slice) {
          told.push(hear(samples.subarray(at, at + slice)));
          yield;
        }
      })(),
    );
    if (this.#disposed) throw SpeechError.aborted();
    return {
      cues: told.flatMap(({ cues }) => cues),
      words: told.flatMap(({ words }) => words),
      repairs: told.flatMap(({ repairs }) => repairs),
    };
  }

  #model(): Promise<SoundModel> {
    this.#sounds ??= loadPackedSounds().then((packed) => inTasks(unpackingSounds(packed)));
    return this.#sounds;
  }

  async #reader(lang: string): Promise<ReadWord | undefined> {
    if (!isEnglish(lang)) return ruledReader(lang);
    this.#english ??= loadPackedEnglish().then((packed) => inTasks(unpackingEnglish(packed)));
    return this.#english;
  }
}

/** Reads the words of a line beforehand, one by one; what is returned knows them. */
async function readAhead(read: ReadWord, { text, lang, known }: LineFacts): Promise<ReadWord> {
  const done = new Map<string, ReturnType<ReadWord>>();
  const keeping: ReadWord = (word) => {
    const sounds = done.get(word) ?? read(word);
    done.set(word, sounds);
    return sounds;
  };
  await inTasks(reading(wordsOfText(text, lexiconOf(known), lang), lang, keeping));
  return keeping;
}

function* reading(words: readonly ReadableWord[], lang: string, read: ReadWord): Generator<void, void> {
  for (const word of words) {
    readWord(word, 0, lang, read);
    yield;
  }
}

/** Goes through the steps of a work, so many in a task as take no longer than {@link TASK_MS}. */
async function inTasks<T>(steps: Generator<void, T>): Promise<T> {
  let begun = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - begun < TASK_MS) continue;
    await nextTask();
    begun = performance.now();
  }
}
