import { INWORLD_STAND_INS, INWORLD_VOICE, inworldVoices } from '../../voices/inworld/inworld-voices.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { pooled, type SourceEntry, timeoutsOf, unitsOf } from './source-entry.ts';

export const inworld: SourceEntry = {
  key: { variable: 'INWORLD_API_KEY' },
  open: (settings) => {
    const { url, timeout } = settings;
    const source = inworldVoices({
      url,
      model: process.env.INWORLD_MODEL || undefined,
      apiKey: process.env.INWORLD_API_KEY,
      openSocket: openNodeSocket,
      ...timeoutsOf(timeout),
    });
    const units = unitsOf('INWORLD_UNITS', 100); // Twenty sockets with five contexts each.
    return pooled({ source, units, standIns: INWORLD_STAND_INS }, settings);
  },
  voiceAt: () => INWORLD_VOICE,
};
