import { ELEVENLABS_STAND_INS, ELEVENLABS_VOICE } from '../../voices/elevenlabs/elevenlabs-request.ts';
import { elevenLabsVoices } from '../../voices/elevenlabs/elevenlabs-voices.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { timedVoices } from '../../voices/timed/timed-voices.ts';
import { pooled, type SourceEntry, timeoutsOf, unitsOf } from './source-entry.ts';

export const elevenlabs: SourceEntry = {
  key: { variable: 'ELEVENLABS_API_KEY' },
  open: (settings) => {
    const { url, timeout, lexicon } = settings;
    const source = elevenLabsVoices({
      url,
      model: process.env.ELEVENLABS_MODEL || undefined,
      apiKey: process.env.ELEVENLABS_API_KEY,
      openSocket: openNodeSocket,
      ...timeoutsOf(timeout),
    });
    const units = unitsOf('ELEVENLABS_UNITS', 4); // Of the smallest plan, for the model of lowest latency.
    return timedVoices(pooled({ source, units, standIns: ELEVENLABS_STAND_INS }, settings), { lexicon });
  },
  voiceAt: () => ELEVENLABS_VOICE,
};
