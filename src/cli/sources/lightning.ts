import { dialectOf } from '../../voices/lightning/lightning-dialect.ts';
import { LIGHTNING_URL, lightningVoices } from '../../voices/lightning/lightning-voices.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { timedVoices } from '../../voices/timed/timed-voices.ts';
import { pooled, requestsPerMinuteOf, type SourceEntry, timeoutsOf, unitsOf } from './source-entry.ts';

export const lightning: SourceEntry = {
  key: { variable: 'SMALLEST_API_KEY' },
  open: (settings) => {
    const { url, timeout, lexicon } = settings;
    const { standIns } = dialectOf(url ?? LIGHTNING_URL);
    const units = unitsOf('SMALLEST_UNITS', 1);
    const requestsPerMinute = requestsPerMinuteOf('SMALLEST_REQUESTS_PER_MINUTE');
    const source = lightningVoices({
      url,
      keptSockets: units,
      apiKey: process.env.SMALLEST_API_KEY,
      openSocket: openNodeSocket,
      ...timeoutsOf(timeout),
    });
    return timedVoices(pooled({ source, units, requestsPerMinute, standIns }, settings), { lexicon });
  },
  voiceAt: (url = LIGHTNING_URL) => dialectOf(url).voice,
};
