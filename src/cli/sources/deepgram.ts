import { deepgramVoiceOf, deepgramVoices } from '../../voices/deepgram/deepgram-voices.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { timedVoices } from '../../voices/timed/timed-voices.ts';
import { type SourceEntry, timeoutsOf } from './source-entry.ts';

export const deepgram: SourceEntry = {
  open: ({ url, timeout, lexicon }) =>
    timedVoices(
      deepgramVoices({
        url,
        apiKey: process.env.DEEPGRAM_API_KEY,
        openSocket: openNodeSocket,
        ...timeoutsOf(timeout),
      }),
      { lexicon },
    ),
  voiceAt: (_, lang) => deepgramVoiceOf(lang) ?? deepgramVoiceOf()!,
};
