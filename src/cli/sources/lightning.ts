import type { SpeechRequest } from '../../speech/source.ts';
import { dialectOf } from '../../voices/lightning/lightning-dialect.ts';
import { LIGHTNING_URL, lightningVoices } from '../../voices/lightning/lightning-voices.ts';
import { poolVoices } from '../../voices/pool/pool.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { timedVoices } from '../../voices/timed/timed-voices.ts';
import { type SourceEntry, timeoutsOf, unitsOf } from './source-entry.ts';

/** How long `parley say` waits for its turn where nothing else is said, seconds. */
const SOON = 8;

export const lightning: SourceEntry = {
  open: ({ url, urlOption, timeout, lexicon, onPool }) => {
    const { standIns } = dialectOf(url ?? LIGHTNING_URL);
    const units = unitsOf('SMALLEST_UNITS', 1);
    const source = lightningVoices({
      url,
      keptSockets: units,
      apiKey: process.env.SMALLEST_API_KEY,
      openSocket: openNodeSocket,
      ...timeoutsOf(timeout),
    });
    const request = (asked: SpeechRequest) => ({
      ...asked,
      voice: standIns[asked.voice ?? ''] ?? asked.voice,
    });
    const services = [{ source, units, request }];
    // A gateway is patient for its players; whoever waits at a terminal is told soon.
    const patience = urlOption === '--url' ? { retries: 0, maxWaitSeconds: timeout ?? SOON } : {};
    const pool = poolVoices({ services, ...patience });
    onPool?.(pool);
    return timedVoices(pool, { lexicon });
  },
  voiceAt: (url = LIGHTNING_URL) => dialectOf(url).voice,
};
