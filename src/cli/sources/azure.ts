import type { VoiceSource } from '../../speech/source.ts';
import { AZURE_STAND_INS, AZURE_VOICE } from '../../voices/azure/azure-request.ts';
import { azureVoices } from '../../voices/azure/azure-voices.ts';
import { poolVoices } from '../../voices/pool/pool.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { standInFor } from '../../voices/stand-ins.ts';
import { UsageError } from '../exit.ts';
import { type SourceEntry, timeoutsOf, unitsOf } from './source-entry.ts';

export const azure: SourceEntry = {
  key: { variable: 'AZURE_API_KEY' },
  open: ({ url, urlOption, timeout, lexicon, leases, onPool }) => {
    const region = process.env.AZURE_REGION || undefined;
    if (url === undefined && region === undefined) {
      throw new UsageError(
        `${urlOption}: the source "azure" needs an address, or the account's region in AZURE_REGION.`,
      );
    }
    const service = azureVoices({
      url,
      region,
      apiKey: process.env.AZURE_API_KEY,
      lexicon,
      shapes: process.env.AZURE_SHAPES === '1',
      openSocket: openNodeSocket,
      ...timeoutsOf(timeout),
    });
    const source: VoiceSource = {
      ...service,
      speak: (asked, signal) =>
        service.speak({ ...asked, voice: standInFor(AZURE_STAND_INS, asked.voice) }, signal),
    };
    if (urlOption === '--url') return source;
    const pool = poolVoices({
      services: [{ source, units: unitsOf('AZURE_UNITS', 64) }],
      ...(leases && { leases }),
    });
    onPool?.(pool);
    return pool;
  },
  voiceAt: () => AZURE_VOICE,
  readsMarkup: true,
};
