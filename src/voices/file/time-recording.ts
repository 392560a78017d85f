import { knownWords } from '../../lipsync/timing/known-words.ts';
import { joinCues } from '../../lipsync/timing/timing-maker.ts';
import type { Wav } from '../../pcm/wav.ts';
import type { Lexicon } from '../../speech/lexicon.ts';
import type { SourceTiming } from '../../speech/source.ts';
import type { Track } from '../../speech/track.ts';
import { type TrackContent, trackOf } from '../../speech/track-of.ts';
import { HereEars } from '../timed/here-ears.ts';

/** What shapes are worth that are found in a recording with its text, and by its sound alone. */
export const WITH_TEXT: SourceTiming = { origin: 'alignment', confidence: 0.7 };
export const BY_SOUND: SourceTiming = { origin: 'audio', confidence: 0.5 };

/** One for all recordings of a page: it keeps what it has loaded. */
const ears = new HereEars();

/**
 * The track of a recording whose cues are found in its sound, and with its text where that is known; so are words. Works
 * between the tasks of this thread, at some 40 times the pace of the sound.
 */
export async function timeRecording(
  told: Pick<TrackContent, 'text' | 'voice' | 'lang'>,
  sound: Wav,
  lexicon: Lexicon | undefined,
): Promise<Track> {
  const { text, lang = 'en' } = told;
  const { samples, sampleRate } = sound;
  const ear = await ears.open({ sampleRate, text, lang, known: knownWords(text, lang, lexicon) });
  const heard = await ear.push(samples);
  const { cues, words } = await ear.end();
  const timing = text.trim() === '' ? BY_SOUND : WITH_TEXT;
  return trackOf({ ...told, ...sound, cues: joinCues([...heard.cues, ...cues]), words, timing });
}
