import { encodeTrack } from '../pcm/track-file.ts';
import type { VoiceSource } from '../speech/source.ts';
import { tellsSounds, timedVoices } from '../voices/timed/timed-voices.ts';
import { lineOf, UsageError } from './exit.ts';
import { DEFAULT_LANG, speakTrack } from './finished-track.ts';
import { lexiconOption } from './lexicon-option.ts';
import { markupNotes } from './markup-notes.ts';
import { repairLine } from './repair-line.ts';
import { defaultVoiceOf, openSource } from './sources/index.ts';
import { type SpokenOptions, spokenNumbers } from './spoken-options.ts';
import { writeTogether } from './write-together.ts';

/** Speaks a text into `line.wav` and `line.json`; both are written, or none. */
export async function say(text: string, options: SpokenOptions): Promise<void> {
  if (text.trim() === '') throw new UsageError('there is no text to say.');
  const { speed = 1, rate, timeout } = spokenNumbers(options);
  const lexicon = await lexiconOption(options.lexicon);
  for (const note of markupNotes(text)) console.error(lineOf(note));
  const service = openSource(options.source, { url: options.url, urlOption: '--url', timeout, lexicon });
  const source = checked(service);
  const voice = options.voice ?? defaultVoiceOf(options.source, options.url, options.lang);
  const order = { text, voice, lang: options.lang ?? DEFAULT_LANG, speed, rate };
  try {
    const { wav, json } = encodeTrack(await speakTrack(source, order, new AbortController().signal));
    await writeTogether(options.out, [
      ['line.wav', wav],
      ['line.json', json],
    ]);
  } finally {
    source.dispose();
  }
}

/** Sounds that a service tells are held against what is heard; what was wrong is told. Those of a synth itself are exact. */
function checked(source: VoiceSource): VoiceSource {
  if (!tellsSounds(source) || source.timing.confidence === 1) return source;
  return timedVoices(source, { onRepair: (repair) => console.error(`parley: ${repairLine(repair)}`) });
}
