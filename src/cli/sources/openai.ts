import { OPENAI_VOICE, openAiVoices } from '../../voices/openai/openai-voices.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { timedVoices } from '../../voices/timed/index.ts';
import { type SourceEntry, timeoutsOf } from './source-entry.ts';

export const openai: SourceEntry = {
  open: ({ url, timeout, lexicon }) =>
    timedVoices(
      openAiVoices({
        url,
        apiKey: process.env.OPENAI_API_KEY,
        openSocket: openNodeSocket,
        ...timeoutsOf(timeout),
      }),
      { lexicon },
    ),
  voiceAt: () => OPENAI_VOICE,
};
