import { OPENAI_STAND_INS, OPENAI_VOICE, openAiVoices } from '../../voices/openai/openai-voices.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { timedVoices } from '../../voices/timed/timed-voices.ts';
import { pooled, type SourceEntry, timeoutsOf, unitsOf } from './source-entry.ts';

export const openai: SourceEntry = {
  key: { variable: 'OPENAI_API_KEY' },
  open: (settings) => {
    const { url, timeout, lexicon } = settings;
    const source = openAiVoices({
      url,
      model: process.env.OPENAI_REALTIME_MODEL || undefined,
      apiKey: process.env.OPENAI_API_KEY,
      openSocket: openNodeSocket,
      ...timeoutsOf(timeout),
    });
    const units = unitsOf('OPENAI_UNITS', 64);
    return timedVoices(pooled({ source, units, standIns: OPENAI_STAND_INS }, settings), { lexicon });
  },
  voiceAt: () => OPENAI_VOICE,
};
