import type { LightningVersion } from './dialects/lightning-request.ts';

/** What a path speaks. */
export type Route =
  | { readonly dialect: 'lokutor' }
  | {
      readonly dialect: 'lightning';
      readonly version: LightningVersion;
      /** Idle time after which the service closes a connection unless it is told otherwise, and the most it takes, seconds. */
      readonly idleSeconds: number;
      readonly longestIdleSeconds: number;
    };

const LOKUTOR: Route = { dialect: 'lokutor' };
const V2: Route = { dialect: 'lightning', version: 'v2', idleSeconds: 20, longestIdleSeconds: 60 };
const V31: Route = {
  dialect: 'lightning',
  version: 'v3.1',
  idleSeconds: 60,
  longestIdleSeconds: Number.MAX_SAFE_INTEGER,
};

/** The paths of both services, older and newer ones. */
export const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/ws', LOKUTOR],
  ['/ws/tts', LOKUTOR],
  ['/api/v1/lightning-v2/get_speech/stream', V2],
  ['/waves/v1/lightning-v2/get_speech/stream', V2],
  ['/api/v1/lightning-v3.1/get_speech/stream', V31],
  ['/waves/v1/lightning-v3.1/get_speech/stream', V31],
  ['/waves/v1/tts/live', V31],
]);
