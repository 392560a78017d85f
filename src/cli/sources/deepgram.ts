import {
  DEEPGRAM_STAND_INS,
  deepgramVoiceOf,
  deepgramVoices,
} from '../../voices/deepgram/deepgram-voices.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { timedVoices } from '../../voices/timed/timed-voices.ts';
import { pooled, type SourceEntry, timeoutsOf, unitsOf } from './source-entry.ts';

export const deepgram: SourceEntry = {
  key: { variable: 'DEEPGRAM_API_KEY' },
  open: (settings) => {
    const { url, timeout, lexicon } = settings;
    const source = deepgramVoices({
      url,
      apiKey: process.env.DEEPGRAM_API_KEY,
      openSocket: openNodeSocket,
      ...timeoutsOf(timeout),
    });
    const units = unitsOf('DEEPGRAM_UNITS', 64);
    return timedVoices(pooled({ source, units, standIns: DEEPGRAM_STAND_INS }, settings), { lexicon });
  },
  voiceAt: (_, lang) => deepgramVoiceOf(lang) ?? deepgramVoiceOf()!,
};
