import { PCM_ENCODINGS, type PcmEncoding } from '../../pcm/encoding.ts';
import { pcmVoices } from '../../voices/pcm/pcm-voices.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { timedVoices } from '../../voices/timed/timed-voices.ts';
import { UsageError } from '../exit.ts';
import { numberOption } from '../numbers.ts';
import { type SourceEntry, timeoutsOf } from './source-entry.ts';

/** A server of the user's own; its format comes from the environment, unless it sends WAV. */
export const pcm: SourceEntry = {
  key: { variable: 'PCM_API_KEY', optional: true },
  open: ({ url, urlOption, timeout, lexicon }) => {
    if (url === undefined) {
      throw new UsageError(`${urlOption}: the source "pcm" has no address of its own; give one.`);
    }
    const { PCM_API_KEY, PCM_ENCODING, PCM_END, PCM_RATE } = process.env;
    const rate = numberOption('PCM_RATE', PCM_RATE || undefined, { min: 8_000, max: 48_000, whole: true });
    const voices = pcmVoices({
      url,
      sampleRate: rate ?? 24_000,
      encoding: encodingOf(PCM_ENCODING || 's16le'),
      ...(PCM_END ? { end: PCM_END } : {}),
      apiKey: PCM_API_KEY || undefined,
      openSocket: openNodeSocket,
      ...timeoutsOf(timeout),
    });
    return timedVoices(voices, { lexicon });
  },
  voiceAt: () => '',
};

function encodingOf(name: string): PcmEncoding {
  const encoding = PCM_ENCODINGS.find((known) => known === name);
  if (!encoding)
    throw new UsageError(`PCM_ENCODING: expected one of ${PCM_ENCODINGS.join(', ')}, got ${name}.`);
  return encoding;
}
