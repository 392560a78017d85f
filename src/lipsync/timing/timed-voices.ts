import { SpeechError } from '../../speech/errors.ts';
import type { Lexicon } from '../../speech/lexicon.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { lookAheadOf, type SpeechRequest, type VoiceSource } from '../../speech/source.ts';
import { type ReadWord, withLexicon } from './g2p/read-text.ts';
import type { SoundModel } from './hearing.ts';
import { loadReader, loadSoundModel } from './learned.ts';
import { nextTask } from './next-task.ts';
import { LOOK_AHEAD_SECONDS, PIECE_SECONDS, TimingMaker } from './timing-maker.ts';

/** How sure cues are that are found in the sound with its text, and with the times of its words. */
const ALIGNED = 0.7;
const ANCHORED = 0.8;

/** Sound that is listened to in one task, seconds: some 2 ms of work, so that a long chunk holds up no frame. */
const SLICE_SECONDS = 0.06;

/** What a line's timing is made with. */
interface Ears {
  readonly model: SoundModel;
  readonly read: ReadWord | undefined;
}

/** What lines of a timed source are read with. */
export interface TimedVoicesOptions {
  /** How words of the game are said. */
  readonly lexicon?: Lexicon | undefined;
}

/**
 * A source whose cues are found in its sound: the text is aligned with it while it arrives, within the times of words
 * where the service tells them; in languages that cannot be read, by the sound alone. For sources that tell no sounds
 * of their own; cues that they make of letters or words are left out. Loads some 350 kB of code on first use.
 */
export function timedVoices(source: VoiceSource, { lexicon }: TimedVoicesOptions = {}): VoiceSource {
  const { origin } = source.timing;
  return {
    name: source.name,
    ...(source.traits && { traits: source.traits }),
    timing:
      origin === 'words' ? { origin, confidence: ANCHORED } : { origin: 'alignment', confidence: ALIGNED },
    home: source.home,
    lookAheadSeconds: Math.max(lookAheadOf(source), LOOK_AHEAD_SECONDS + PIECE_SECONDS),
    speak: (request, signal) => timed(source, lexicon, request, signal),
    prepare() {
      source.prepare?.();
      load('en').catch(() => {}); // The line will tell.
    },
    dispose: () => source.dispose(),
  };
}

async function load(lang: string): Promise<Ears> {
  const [model, read] = await Promise.all([loadSoundModel(), loadReader(lang)]);
  return { model, read };
}

async function* timed(
  source: VoiceSource,
  lexicon: Lexicon | undefined,
  request: SpeechRequest,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart> {
  const { text, lang = 'en' } = request;
  const ears = load(lang);
  ears.catch(() => {}); // Told below, where it is waited for.
  let maker: TimingMaker | undefined;
  const early: Extract<SpeechPart, { type: 'words' }>[] = [];
  let worded = false;
  for await (const part of source.speak(request, signal)) {
    if (part.type === 'cues') continue;
    if (part.type === 'words') {
      worded = true;
      if (maker) maker.addWords(part.words);
      else early.push(part);
    }
    if (part.type === 'audio') {
      if (!maker) {
        const { model, read } = await heard(ears);
        maker = new TimingMaker(model, {
          sampleRate: part.sampleRate,
          text,
          lang,
          read: read && lexicon ? withLexicon(read, lexicon, lang) : read,
        });
        for (const { words } of early) maker.addWords(words);
      }
      // The receiver owns the samples once they are given.
      const slice = Math.ceil(SLICE_SECONDS * part.sampleRate);
      for (let at = 0; at < part.samples.length; at += slice) {
        if (at > 0) await nextTask();
        const cues = maker.push(part.samples.subarray(at, at + slice));
        if (cues.length > 0) yield { type: 'cues', cues };
      }
    }
    if (part.type === 'end' && maker) {
      const cues = maker.end();
      if (cues.length > 0) yield { type: 'cues', cues };
      if (!worded && maker.words.length > 0) yield { type: 'words', words: maker.words };
    }
    yield part;
  }
}

async function heard(ears: Promise<Ears>): Promise<Ears> {
  try {
    return await ears;
  } catch (cause) {
    throw SpeechError.synthesisFailed('what tells the sounds of a line could not be loaded', cause);
  }
}
