import { LOKUTOR_URL, lokutorVoices } from '../../voices/lokutor/lokutor-voices.ts';
import { poolVoices } from '../../voices/pool/pool.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { type SourceEntry, timeoutsOf, unitsOf } from './source-entry.ts';

export const lokutor: SourceEntry = {
  open: ({ url = LOKUTOR_URL, urlOption, timeout, onPool }) => {
    const source = lokutorVoices({
      url,
      apiKey: process.env.LOKUTOR_API_KEY,
      openSocket: openNodeSocket,
      ...timeoutsOf(timeout),
    });
    if (urlOption === '--url') return source;
    const pool = poolVoices({ services: [{ source, units: unitsOf('LOKUTOR_UNITS', 64) }] });
    onPool?.(pool);
    return pool;
  },
  voiceAt: () => 'F1',
};
