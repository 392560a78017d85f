import { HEARING_DELAY } from '../../lipsync/timing/hearing.ts';
import { knownWords } from '../../lipsync/timing/known-words.ts';
import type { Told } from '../../lipsync/timing/line-ear.ts';
import { HOP } from '../../lipsync/timing/mel.ts';
import { MEND_LEAD_SECONDS, type TimingRepair } from '../../lipsync/timing/mender.ts';
import { LOOK_AHEAD_SECONDS, PIECE_SECONDS } from '../../lipsync/timing/timing-maker.ts';
import { SpeechError } from '../../speech/errors.ts';
import { leadBack, leadOn } from '../../speech/lead-back.ts';
import type { Lexicon } from '../../speech/lexicon.ts';
import { parseMarkup } from '../../speech/markup.ts';
import type { AudioPart, SpeechPart } from '../../speech/part.ts';
import {
  lookAheadOf,
  type SourceTiming,
  type SpeechRequest,
  type TimingUnit,
  type VoiceSource,
} from '../../speech/source.ts';
import { spokenText } from '../../speech/spoken-text.ts';
import { partsUntilAborted, untilAborted } from '../../speech/until-aborted.ts';
import type { Ear, Ears } from './ears.ts';
import { OpenEars, type WorkerPlace } from './open-ears.ts';

/** How sure cues are that are found in the sound with its text, and with the times of its words. */
export const ALIGNED: SourceTiming = { origin: 'alignment', confidence: 0.7 };
const ANCHORED: SourceTiming = { origin: 'words', confidence: 0.8 };
/** Sound that must be ahead of the mouth where the times of a service are checked, seconds. */
const MEND_LOOK_AHEAD = HEARING_DELAY + MEND_LEAD_SECONDS + HOP;
/** Nothing is read where a service tells its sounds. */
const NO_LANGUAGE = 'und';

/** With these a source tells the times of sounds; with those, of words. */
const SOUNDS: ReadonlySet<TimingUnit> = new Set(['visemes', 'phones']);
const TELLING: ReadonlySet<TimingUnit> = new Set(['characters', 'words']);

/** Longer parts of sound are passed on in pieces of this length, seconds, so that the first need not wait for the last. */
const PASSED_SECONDS = 0.24;

/** A text that has not grown for so much sound, seconds, ends with a whole word. */
const SETTLED_SECONDS = 0.3;

/** What lines of a timed source are read with, and where they are listened to. */
export interface TimedVoicesOptions {
  /** How words of the game are said. */
  readonly lexicon?: Lexicon | undefined;
  /**
   * Where the worker lies that listens, `timing.worker.js`; false: none, lines are listened to between the tasks of this
   * thread. Default: the file beside the module; where no worker can be started from it, none.
   */
  readonly worker?: WorkerPlace | undefined;
  /** Called when times of the service are put right, once for each that was wrong with them. Default: nobody is told. */
  readonly onRepair?: ((repair: TimingRepair, request: SpeechRequest) => void) | undefined;
}

/**
 * A source whose mouth is checked against its sound while it arrives. Where the service tells sounds of its own (timing
 * `service`), its times are put right if they do not fit: another unit, a zero that starts anew, a silence that was not
 * counted, marks that are late or do not come; what fits is given on as it is. Else cues are made here: the text is
 * aligned with the sound, within the times of words where the service tells them; in languages that cannot be read, the
 * sound alone decides. Cues that such services make of letters or words are left out.
 *
 * A line ends with `aborted` as soon as its signal aborts, or the source is disposed, even if the service does not listen.
 * Works in a thread of its own, a worker in a page, a worker thread in Node. Loads some 200 kB on first use, 450 for English.
 */
export function timedVoices(source: VoiceSource, options: TimedVoicesOptions = {}): VoiceSource {
  const ears = new OpenEars(options.worker);
  const disposed = new AbortController();
  const { timing, traits } = source;
  const serviced = tellsSounds(source);
  const worded = timing.origin === 'words' || traits?.gives.some((unit) => TELLING.has(unit));
  return {
    name: source.name,
    ...(traits && { traits }),
    timing: serviced ? timing : worded ? ANCHORED : ALIGNED,
    home: source.home,
    lookAheadSeconds: serviced
      ? lookAheadOf(source) + MEND_LOOK_AHEAD
      : Math.max(lookAheadOf(source), LOOK_AHEAD_SECONDS + PIECE_SECONDS),
    ...(source.readsMarkup && { readsMarkup: true }),
    speak: (request, signal) =>
      timed(source, ears, options, request, AbortSignal.any([signal, disposed.signal])),
    prepare() {
      source.prepare?.();
      ears.prepare(serviced ? NO_LANGUAGE : 'en').catch(() => {}); // The line will tell.
    },
    dispose() {
      disposed.abort();
      source.dispose();
      ears.dispose();
    },
  };
}

/** Whether a source tells when which sound is heard, rather than letters or words alone. */
export function tellsSounds({ timing, traits }: VoiceSource): boolean {
  return timing.origin === 'service' && (traits?.gives.some((unit) => SOUNDS.has(unit)) ?? true);
}

/** A line that is listened to: a request that is spoken, or a reply whose text grows. */
interface HeardLine {
  readonly parts: AsyncIterable<SpeechPart>;
  readonly request: SpeechRequest;
  /** Whether the service tells the times of sounds, and how much sound must be ahead of them, seconds. */
  readonly patienceSeconds?: number | undefined;
  /** Whether the request's text grows while it is heard. */
  readonly growing?: boolean;
}

function timed(
  source: VoiceSource,
  ears: Ears,
  options: TimedVoicesOptions,
  request: SpeechRequest,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart> {
  const parts = source.speak(request, signal);
  if (tellsSounds(source)) {
    return listenTo({ parts, request, patienceSeconds: lookAheadOf(source) }, ears, options, signal);
  }
  const spoken = source.readsMarkup && spokenText(parseMarkup(request.text), { lang: request.lang });
  if (!spoken || spoken.text === request.text) return listenTo({ parts, request }, ears, options, signal);
  // What is heard are the words without the tags.
  const line = { parts: leadOn(parts, spoken), request: { ...request, text: spoken.text } };
  return leadBack(listenTo(line, ears, options, signal), request.text, spoken);
}

/**
 * The parts of a line, with a mouth that is made of its sound, or checked against it. Throws `aborted` as soon as `signal`
 * aborts, whatever the source does.
 */
export async function* listenTo(
  { parts, request, patienceSeconds, growing = false }: HeardLine,
  ears: Ears,
  { lexicon, onRepair }: TimedVoicesOptions,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart> {
  if (signal.aborted) throw SpeechError.aborted();
  const serviced = patienceSeconds !== undefined;
  const lang = serviced ? NO_LANGUAGE : (request.lang ?? 'en');
  ears.prepare(lang).catch(() => {}); // Told below, where it is waited for.
  let ear: Ear | undefined;
  /** Cues and words before the first sound. */
  const early: SpeechPart[] = [];
  let worded = false;
  let text = '';
  let unchanged = 0;
  const grow = (to: Ear, seconds: number, whole = false): void => {
    const settled = unchanged < SETTLED_SECONDS && unchanged + seconds >= SETTLED_SECONDS;
    unchanged = request.text === text ? unchanged + seconds : 0;
    if (unchanged > 0 && !settled && !whole) return;
    text = request.text;
    // A space says that the word before it is whole.
    to.addText(settled ? `${text} ` : text, knownWords(text, lang, lexicon), whole);
  };
  const tell = function* ({ cues, words, repairs }: Told): Generator<SpeechPart> {
    for (const repair of repairs) onRepair?.(repair, request);
    if (cues.length > 0) yield { type: 'cues', cues };
    if (words.length > 0) yield { type: 'words', words };
  };
  try {
    for await (const part of partsUntilAborted(parts, signal)) {
      if (part.type === 'cues' || part.type === 'words') {
        if (ear) hand(ear, part);
        else early.push(part);
        if (part.type === 'cues' || serviced) continue;
        worded = true;
        yield part;
        continue;
      }
      if (part.type === 'audio') {
        if (!ear) {
          const { sampleRate } = part;
          text = request.text;
          const known = knownWords(text, lang, lexicon);
          ear = await told(ears.open({ sampleRate, text, lang, known, patienceSeconds, growing }), signal);
          for (const one of early) hand(ear, one);
        }
        for (const piece of piecesOf(part)) {
          if (growing) grow(ear, piece.samples.length / piece.sampleRate);
          yield* tell(await told(ear.push(piece.samples), signal));
          yield piece;
        }
        continue;
      }
      if (part.type === 'shapes') {
        yield part;
        continue;
      }
      if (ear) {
        if (growing) grow(ear, 0, true);
        const left = await told(ear.end(), signal);
        yield* tell({ ...left, words: worded ? [] : left.words });
      } else if (serviced) yield* early;
      yield part;
    }
  } finally {
    ear?.close();
  }
}

function hand(ear: Ear, part: SpeechPart): void {
  if (part.type === 'cues') ear.addCues(part.cues);
  if (part.type === 'words') ear.addWords(part.words);
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
    return await untilAborted(asked, signal);
  } catch (cause) {
    if (signal.aborted) throw SpeechError.aborted(cause);
    if (cause instanceof SpeechError) throw cause;
    throw SpeechError.synthesisFailed('the sounds of a line could not be found in it', cause);
  }
}
