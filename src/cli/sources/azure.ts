import { AZURE_VOICE } from '../../voices/azure/azure-request.ts';
import { azureVoices } from '../../voices/azure/azure-voices.ts';
import { openNodeSocket } from '../../voices/session/node-socket.ts';
import { UsageError } from '../exit.ts';
import { type SourceEntry, timeoutsOf } from './source-entry.ts';

export const azure: SourceEntry = {
  open: ({ url, urlOption, timeout, lexicon }) => {
    const region = process.env.AZURE_REGION;
    if (url === undefined && !region) {
      throw new UsageError(
        `${urlOption}: the source "azure" needs an address, or the account's region in AZURE_REGION.`,
      );
    }
    return azureVoices({
      url,
      region,
      apiKey: process.env.AZURE_API_KEY,
      lexicon,
      openSocket: openNodeSocket,
      ...timeoutsOf(timeout),
    });
  },
  voiceAt: () => AZURE_VOICE,
  readsMarkup: true,
};
