import { CARTESIA_STAND_INS, CARTESIA_VOICE } from '../../voices/cartesia/cartesia-request.ts';
import { cartesiaVoices } from '../../voices/cartesia/cartesia-voices.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { pooled, type SourceEntry, timeoutsOf, unitsOf } from './source-entry.ts';

export const cartesia: SourceEntry = {
  key: { variable: 'CARTESIA_API_KEY' },
  open: (settings) => {
    const { url, timeout } = settings;
    const source = cartesiaVoices({
      url,
      model: process.env.CARTESIA_MODEL || undefined,
      apiKey: process.env.CARTESIA_API_KEY,
      openSocket: openNodeSocket,
      ...timeoutsOf(timeout),
    });
    // Of the smallest plan.
    return pooled({ source, units: unitsOf('CARTESIA_UNITS', 2), standIns: CARTESIA_STAND_INS }, settings);
  },
  voiceAt: () => CARTESIA_VOICE,
};
