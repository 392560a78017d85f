import { joinCues } from '../../lipsync/timing/cue-pieces.ts';
import { knownWords } from '../../lipsync/timing/known-words.ts';
import type { Wav } from '../../pcm/wav.ts';
import { ledBack } from '../../speech/lead-back.ts';
import type { Lexicon } from '../../speech/lexicon.ts';
import { parseMarkup } from '../../speech/markup.ts';
import type { SourceTiming } from '../../speech/source.ts';
import { spokenText } from '../../speech/spoken-text.ts';
import type { Track } from '../../speech/track.ts';
import { type TrackContent, trackOf } from '../../speech/track-of.ts';
import { OpenEars, type WorkerPlace } from '../timed/open-ears.ts';

/** What shapes are worth that are found in a recording with its text, and by its sound alone, before it is heard. */
export const WITH_TEXT: SourceTiming = { origin: 'alignment', confidence: 0.7 };
export const BY_SOUND: SourceTiming = { origin: 'audio', confidence: 0.5 };

/** A file is there as a whole, so that every decision may wait for what follows, seconds. */
const LOOK_AHEAD_SECONDS = 1;

/** One for all recordings of a page, by the place of its worker: it keeps what it has loaded. */
const ears = new Map<string | false | undefined, OpenEars>();

/** What is known of a recording besides its sound, and how it is read. */
interface TimeOptions {
  readonly lexicon?: Lexicon | undefined;
  /** As in `timedVoices`. */
  readonly worker?: WorkerPlace | undefined;
}

/**
 * The track of a recording whose cues are found in its sound, and with its text where that is known; so are words. Mark-up
 * is read, and not sought in the sound. Works in a worker where one can be had, at some 40 times the pace of the sound.
 */
export async function timeRecording(
  told: Pick<TrackContent, 'text' | 'voice' | 'lang'>,
  sound: Wav,
  { lexicon, worker }: TimeOptions,
): Promise<Track> {
  const { text, lang = 'en' } = told;
  const { samples, sampleRate } = sound;
  const spoken = spokenText(parseMarkup(text), { lang, lexicon });
  const known = knownWords(spoken.text, lang, lexicon);
  const ear = await earsAt(worker).open({
    sampleRate,
    text: spoken.text,
    lang,
    known,
    lookAheadSeconds: LOOK_AHEAD_SECONDS,
  });
  try {
    const heard = await ear.push(samples);
    const { cues, words, timing = BY_SOUND } = await ear.end();
    const found = { cues: joinCues([...heard.cues, ...cues]), words };
    return trackOf({ ...told, ...sound, ...ledBack(found, text, spoken), timing });
  } finally {
    ear.close();
  }
}

function earsAt(worker: WorkerPlace | undefined): OpenEars {
  const place = worker instanceof URL ? worker.href : worker;
  const known = ears.get(place) ?? new OpenEars(worker);
  ears.set(place, known);
  return known;
}
