import { SPEECH_PATH } from '../protocol/wire.ts';
import type { LightningVersion } from './dialects/lightning-request.ts';

/** What a path of a dialect speaks. */
export type DialectRoute =
  | { readonly dialect: 'lokutor' }
  | {
      readonly dialect: 'lightning';
      readonly version: LightningVersion;
      /** Idle time after which the service closes a connection unless it is told otherwise, and the most it takes, seconds. */
      readonly idleSeconds: number;
      readonly longestIdleSeconds: number;
    };

const LOKUTOR: DialectRoute = { dialect: 'lokutor' };
const V2: DialectRoute = { dialect: 'lightning', version: 'v2', idleSeconds: 20, longestIdleSeconds: 60 };
const V31: DialectRoute = {
  dialect: 'lightning',
  version: 'v3.1',
  idleSeconds: 60,
  longestIdleSeconds: Number.MAX_SAFE_INTEGER,
};

/** The paths of both services, older and newer ones. */
export const ROUTES: ReadonlyMap<string, DialectRoute> = new Map<string, DialectRoute>([
  ['/ws', LOKUTOR],
  ['/ws/tts', LOKUTOR],
  ['/api/v1/lightning-v2/get_speech/stream', V2],
  ['/waves/v1/lightning-v2/get_speech/stream', V2],
  ['/api/v1/lightning-v3.1/get_speech/stream', V31],
  ['/waves/v1/lightning-v3.1/get_speech/stream', V31],
  ['/waves/v1/tts/live', V31],
]);

/** The paths of speech, for people. */
export const SPEECH_PATHS = [SPEECH_PATH, ...ROUTES.keys()].join(', ');

/** Path and query of a request, whatever was sent as its target. */
export function targetOf({ url = '/' }: { readonly url?: string | undefined }): {
  readonly path: string;
  readonly query: URLSearchParams;
} {
  const mark = url.indexOf('?');
  return mark < 0
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}
