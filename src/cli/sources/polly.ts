import { POLLY_ENGINES, POLLY_STAND_INS, pollyVoiceFor } from '../../voices/polly/polly-request.ts';
import { pollyVoices } from '../../voices/polly/polly-voices.ts';
import { timedVoices } from '../../voices/timed/timed-voices.ts';
import { UsageError } from '../exit.ts';
import { pooled, type SourceEntry, timeoutsOf, unitsOf } from './source-entry.ts';

export const polly: SourceEntry = {
  open: (settings) => {
    const { url, timeout, lexicon } = settings;
    // The vendor's client tells on standard error, which is ours, until when it runs in which version of Node.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    const asked = process.env.POLLY_ENGINE || undefined;
    const engine = POLLY_ENGINES.find((each) => each === asked);
    if (asked !== undefined && engine === undefined) {
      throw new UsageError(`POLLY_ENGINE: expected one of ${POLLY_ENGINES.join(', ')}, got "${asked}".`);
    }
    const source = pollyVoices({ endpoint: url, engine, lexicon, ...timeoutsOf(timeout) });
    const pool = pooled({ source, units: unitsOf('POLLY_UNITS', 8), standIns: POLLY_STAND_INS }, settings);
    return engine === 'generative' ? timedVoices(pool, { lexicon }) : pool;
  },
  voiceAt: (_url, lang) => pollyVoiceFor(lang),
};
