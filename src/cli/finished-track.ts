import { resampleAll } from '../pcm/resampler.ts';
import type { VoiceSource } from '../speech/source.ts';
import { collectTrack, coverWithCues, type Track, type TrackRequest } from '../speech/track.ts';

/** The language that is asked for and written down where none is given. */
export const DEFAULT_LANG = 'en';

/** A line that is to become a track. */
export interface TrackOrder extends TrackRequest {
  /** Rate of speaking. */
  readonly speed: number;
  /** Samples a second. Default: as the source gives them. */
  readonly rate?: number | undefined;
}

/** Speaks a line to its end. Throws what the source throws. */
export async function speakTrack(
  source: VoiceSource,
  { text, voice, lang, speed, rate }: TrackOrder,
  signal: AbortSignal,
): Promise<Track> {
  const request = { text, voice, lang };
  const track = await collectTrack(source.speak({ ...request, speed }, signal), request, source.timing);
  return atRate(withHonestTiming(track), rate);
}

/** Services that could tell the times of words do so for some voices only: without any, nothing is known of the mouth. */
function withHonestTiming(track: Track): Track {
  if (track.timing.origin !== 'words' || track.words.length > 0) return track;
  return { ...track, timing: { origin: 'audio', confidence: 0 } };
}

/** The track at another rate. Its duration is that of its samples, to which its cues and words are fitted. */
function atRate(track: Track, sampleRate = track.sampleRate): Track {
  if (sampleRate === track.sampleRate) return track;
  const samples = resampleAll(track.samples, track.sampleRate, sampleRate);
  const duration = samples.length / sampleRate;
  const words = track.words.map((word) => ({ ...word, end: Math.min(word.end, duration) }));
  return { ...track, samples, sampleRate, duration, cues: coverWithCues(track.cues, duration), words };
}
