import { gatewayVoices } from '../../voices/gateway/gateway-voices.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { type SourceEntry, timeoutsOf } from './source-entry.ts';

/** Where `parley serve` listens when nothing else is said. */
const GATEWAY_URL = 'ws://127.0.0.1:8790/v1/speech';

export const gateway: SourceEntry = {
  key: { variable: 'GATEWAY_API_KEY', optional: true },
  open: ({ url = GATEWAY_URL, timeout }) =>
    gatewayVoices(url, {
      apiKey: process.env.GATEWAY_API_KEY || undefined,
      openSocket: openNodeSocket,
      ...timeoutsOf(timeout),
    }),
  voiceAt: () => '',
};
