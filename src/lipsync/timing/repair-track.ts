import { coverWithCues, type Track } from '../../speech/track.ts';
import { loadSoundModel } from './learned.ts';
import { repairCues } from './repair.ts';
import { TimingMaker } from './timing-maker.ts';

/**
 * The track with its cues and words held against its sound: times in milliseconds or ticks, or counted from another zero,
 * are mended; what fits stays as it is. Its confidence becomes how well the cues fit what is heard.
 */
export async function repairTrackAsync(track: Track): Promise<Track> {
  const { samples, sampleRate, duration } = track;
  const maker = new TimingMaker(await loadSoundModel(), { sampleRate });
  maker.push(samples);
  maker.end();
  const { cues, unit, shift, fit } = repairCues(track.cues, maker.heard, duration);
  const mended = (time: number): number => Math.min(Math.max(time * unit + shift, 0), duration);
  return {
    ...track,
    timing: { ...track.timing, confidence: Math.round(fit * 100) / 100 },
    cues: coverWithCues(cues, duration),
    words: track.words.map((word) => ({ ...word, start: mended(word.start), end: mended(word.end) })),
  };
}
