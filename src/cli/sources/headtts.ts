import { HEADTTS_STAND_INS, HEADTTS_VOICE, headTtsVoices } from '../../voices/headtts/headtts-voices.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { pooled, type SourceEntry, timeoutsOf, unitsOf } from './source-entry.ts';

export const headtts: SourceEntry = {
  open: (settings) => {
    const { url, timeout } = settings;
    const source = headTtsVoices({ url, openSocket: openNodeSocket, ...timeoutsOf(timeout) });
    return pooled({ source, units: unitsOf('HEADTTS_UNITS', 8), standIns: HEADTTS_STAND_INS }, settings);
  },
  voiceAt: () => HEADTTS_VOICE,
};
