import { LOKUTOR_URL, lokutorVoices } from '../../voices/lokutor/lokutor-voices.ts';
import { poolVoices } from '../../voices/pool/pool.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { type SourceEntry, timeoutsOf, unitsOf } from './source-entry.ts';

export const lokutor: SourceEntry = {
  key: { variable: 'LOKUTOR_API_KEY' },
  open: ({ url = LOKUTOR_URL, urlOption, timeout, turnSeconds, leases, onPool }) => {
    const source = lokutorVoices({
      url,
      apiKey: process.env.LOKUTOR_API_KEY,
      openSocket: openNodeSocket,
      ...timeoutsOf(timeout),
    });
    if (urlOption === '--url' && turnSeconds === undefined) return source;
    const services = [{ source, units: unitsOf('LOKUTOR_UNITS', 64) }];
    const pool = poolVoices({ services, maxWaitSeconds: turnSeconds, ...(leases && { leases }) });
    onPool?.(pool);
    return pool;
  },
  voiceAt: () => 'F1',
};
