import { joinSamples } from '../../speech/samples.ts';
import { afterSilence, levelled, recorded, withPauses } from '../sound.ts';
import type { SynthRequest, Utterance } from '../synth.ts';
import { withGivenSounds } from './given-sounds.ts';
import type { MnemonicWriter } from './mnemonics.ts';
import type { EspeakEngine, EspeakEvent } from './package.ts';
import { phonesOfEvents } from './phones.ts';
import { ESPEAK_VOICES } from './voices.ts';

/** Rate of the engine's samples, Hz. */
export const ESPEAK_RATE = 22_050;

/** Words a minute at speed 1: as quick as the English local voices. The engine takes 80 to 450. */
const WORDS_PER_MINUTE = 165;

/** Silence kept before the first sound, seconds: room for the mouth to open. */
const LEAD = 0.035;

/** The engine, and what it has told of itself so far. */
export interface EspeakDesk {
  readonly engine: EspeakEngine;
  readonly writer: MnemonicWriter;
}

/** A stretch of text, made in this thread. Throws when the engine does not know the voice or gives no sound. */
export function speakWithEspeak(
  { engine, writer }: EspeakDesk,
  { text, voice: name, lang = 'en-us', said = [], speed, sampleRate, tail }: SynthRequest,
): Utterance {
  const voice = ESPEAK_VOICES.find((each) => each.name === name);
  if (!voice) throw new Error(`espeak-ng has no voice "${name}"`);
  // Where it does not know a name it keeps the voice it had, and tells by its return code alone.
  const code = engine.set_voice(`${lang}+${voice.variant}`);
  if (code !== 0) throw new Error(`espeak-ng has no voice "${lang}+${voice.variant}" (code ${code})`);
  const written = withGivenSounds(text, said, writer, lang);
  engine.set_rate(Math.round(WORDS_PER_MINUTE * speed));
  const runs: Int16Array[] = [];
  const events: EspeakEvent[] = [];
  engine.synthesize(written.text, (samples, told) => {
    runs.push(samples);
    events.push(...told);
    return false;
  });
  const samples = joinSamples(runs);
  if (samples.length === 0) throw new Error('espeak-ng gave no sound');
  const phones = phonesOfEvents(events, written.text, samples.length / ESPEAK_RATE, ESPEAK_RATE).map(
    (phone) => ({
      ...phone,
      from: written.sourceIndex(phone.from ?? 0),
    }),
  );
  const sound = afterSilence({ samples, sampleRate: ESPEAK_RATE, phones }, LEAD);
  const spoken = recorded(withPauses(sound, LEAD, tail), ESPEAK_RATE, sampleRate);
  levelled(spoken, voice.gain);
  return { samples: spoken.samples, phones: spoken.phones };
}
