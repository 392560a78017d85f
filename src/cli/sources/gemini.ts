import { GEMINI_STAND_INS, GEMINI_VOICE, geminiVoices } from '../../voices/gemini/gemini-voices.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { timedVoices } from '../../voices/timed/timed-voices.ts';
import { pooled, type SourceEntry, timeoutsOf, unitsOf } from './source-entry.ts';

export const gemini: SourceEntry = {
  key: { variable: 'GEMINI_API_KEY' },
  open: (settings) => {
    const { url, timeout, lexicon } = settings;
    const source = geminiVoices({
      url,
      model: process.env.GEMINI_LIVE_MODEL || undefined,
      apiKey: process.env.GEMINI_API_KEY,
      openSocket: openNodeSocket,
      ...timeoutsOf(timeout),
    });
    const units = unitsOf('GEMINI_UNITS', 64);
    return timedVoices(pooled({ source, units, standIns: GEMINI_STAND_INS }, settings), { lexicon });
  },
  voiceAt: () => GEMINI_VOICE,
};
