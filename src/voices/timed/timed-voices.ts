import { knownWords } from '../../lipsync/timing/known-words.ts';
import type { Told } from '../../lipsync/timing/line-ear.ts';
import { LOOK_AHEAD_SECONDS, PIECE_SECONDS } from '../../lipsync/timing/timing-maker.ts';
import type { WordMark } from '../../speech/cue.ts';
import { SpeechError } from '../../speech/errors.ts';
import type { Lexicon } from '../../speech/lexicon.ts';
import type { AudioPart, SpeechPart } from '../../speech/part.ts';
import { lookAheadOf, type SpeechRequest, type TimingUnit, type VoiceSource } from '../../speech/source.ts';
import type { Ear, Ears } from './ears.ts';
import { OpenEars, type WorkerPlace } from './open-ears.ts';

/** How sure cues are that are found in the sound with its text, and with the times of its words. */
const ALIGNED = 0.7;
const ANCHORED = 0.8;

/** With these a source tells the times of words. */
const TELLING: ReadonlySet<TimingUnit> = new Set(['characters', 'words']);

/** Longer parts of sound are passed on in pieces of this length, seconds, so that the first need not wait for the last. */
const PASSED_SECONDS = 0.24;

/** What lines of a timed source are read with, and where they are listened to. */
export interface TimedVoicesOptions {
  /** How words of the game are said. */
  readonly lexicon?: Lexicon | undefined;
  /**
   * Where the worker lies that listens, `timing.worker.js`; false: none, lines are listened to between the tasks of this
   * thread. Default: the file beside the module; where no worker can be started from it, none.
   */
  readonly worker?: WorkerPlace | undefined;
}

/**
 * A source whose cues are found in its sound: the text is aligned with it while it arrives, within the times of words
 * where the service tells them; in languages that cannot be read, by the sound alone. For sources that tell no sounds
 * of their own; cues that they make of letters or words are left out. Loads some 350 kB of code on first use, and works
 * in a thread of its own: a worker in a page, a worker thread in Node.
 */
export function timedVoices(source: VoiceSource, { lexicon, worker }: TimedVoicesOptions = {}): VoiceSource {
  const { timing, traits } = source;
  const worded = timing.origin === 'words' || traits?.gives.some((unit) => TELLING.has(unit));
  const ears = new OpenEars(worker);
  return {
    name: source.name,
    ...(traits && { traits }),
    timing: worded ? { origin: 'words', confidence: ANCHORED } : { origin: 'alignment', confidence: ALIGNED },
    home: source.home,
    lookAheadSeconds: Math.max(lookAheadOf(source), LOOK_AHEAD_SECONDS + PIECE_SECONDS),
    speak: (request, signal) => timed(source, ears, lexicon, request, signal),
    prepare() {
      source.prepare?.();
      ears.prepare('en').catch(() => {}); // The line will tell.
    },
    dispose() {
      source.dispose();
      ears.dispose();
    },
  };
}

async function* timed(
  source: VoiceSource,
  ears: Ears,
  lexicon: Lexicon | undefined,
  request: SpeechRequest,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart> {
  const { text, lang = 'en' } = request;
  ears.prepare(lang).catch(() => {}); // Told below, where it is waited for.
  let ear: Ear | undefined;
  const early: WordMark[] = [];
  let worded = false;
  try {
    for await (const part of source.speak(request, signal)) {
      if (part.type === 'cues') continue;
      if (part.type === 'words') {
        worded = true;
        if (ear) ear.addWords(part.words);
        else early.push(...part.words);
      }
      if (part.type === 'audio') {
        if (!ear) {
          const { sampleRate } = part;
          const opening = ears.open({ sampleRate, text, lang, known: knownWords(text, lang, lexicon) });
          ear = await told(opening, signal);
          ear.addWords(early);
        }
        for (const piece of piecesOf(part)) {
          yield* partsOf(await told(ear.push(piece.samples), signal));
          yield piece;
        }
        continue;
      }
      if (part.type === 'end' && ear) {
        const { cues, words } = await told(ear.end(), signal);
        yield* partsOf({ cues, words: worded ? [] : words });
      }
      yield part;
    }
  } finally {
    ear?.close();
  }
}

function* partsOf({ cues, words }: Told): Generator<SpeechPart> {
  if (cues.length > 0) yield { type: 'cues', cues };
  if (words.length > 0) yield { type: 'words', words };
}

/** A part of sound, cut where it is long. Each owns its samples: its receiver may hand them to another thread. */
function* piecesOf({ type, samples, sampleRate }: AudioPart): Generator<AudioPart> {
  const length = Math.ceil(PASSED_SECONDS * sampleRate);
  if (samples.length <= 1.5 * length) return yield { type, samples, sampleRate };
  for (let at = 0; at < samples.length; at += length)
    yield { type, samples: samples.slice(at, at + length), sampleRate };
}

async function told<T>(asked: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    if (signal.aborted) throw SpeechError.aborted(cause);
    if (cause instanceof SpeechError) throw cause;
    throw SpeechError.synthesisFailed('the sounds of a line could not be found in it', cause);
  }
}
