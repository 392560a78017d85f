import { levelled, recorded, withPauses } from '../sound.ts';
import type { SynthRequest, Utterance } from '../synth.ts';
import { runFlite } from './flite.ts';
import { withGivenSounds } from './given-sounds.ts';
import { FLITE_RATE, findVoice } from './voices.ts';

/**
 * Silence kept before the first sound, seconds: room for the mouth to open. Flite itself leaves 0.16 to 0.23, which
 * a listener would wait for.
 */
const LEAD = 0.035;

/** A stretch of text in one of the ten voices, made in this thread. Throws when Flite fails. */
export async function speakWithFlite(
  module: WebAssembly.Module,
  { text, voice: name, said = [], speed, sampleRate, tail }: SynthRequest,
): Promise<Utterance> {
  const voice = findVoice(name);
  if (!voice) throw new Error(`flite has no voice "${name}"`);
  const size = voice.playRate / FLITE_RATE;
  const sound = await runFlite(module, {
    ...withGivenSounds(text, said),
    speaker: voice.speaker,
    stretch: (size * voice.stretch) / speed,
    pitch: voice.pitch,
  });
  const spoken = recorded(withPauses(sound, LEAD * size, tail * size), voice.playRate, sampleRate);
  levelled(spoken, voice.gain);
  return { samples: spoken.samples, phones: spoken.phones };
}
