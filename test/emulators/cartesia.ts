/**
 * Cartesia's `/tts/websocket` as its documents and client library show it: contexts on one socket, inputs that continue,
 * flushes, cancelling, times of words and phonemes, errors old and new. Written from those; shares nothing with the adapter.
 */
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { type Account, Visit } from './cartesia/visit.ts';
import { type ServedPort, servePort } from './service-port.ts';
import { Speech } from './spoken-text.ts';

export interface CartesiaServeOptions {
  /** Keys that are good. Default: any. */
  readonly keys?: readonly string[];
  /** Access tokens that are good. */
  readonly tokens?: readonly string[];
  /** Contexts that the account may have at a time. Default: 15, those of a larger plan. */
  readonly concurrency?: number;
}

export interface CartesiaEmulator extends ServedPort {
  /** All messages of clients, in order. */
  readonly told: Record<string, unknown>[];
  /** Paths and queries of all handshakes. */
  readonly handshakes: string[];
  /** Inputs that were spoken, in order; others were cancelled in time. */
  readonly spoken: string[];
}

/** From this version on errors have a title, a message and a code. */
const NEW_ERRORS = '2026-03-01';

export async function serveCartesia(options: CartesiaServeOptions = {}): Promise<CartesiaEmulator> {
  const told: Record<string, unknown>[] = [];
  const handshakes: string[] = [];
  const spoken: string[] = [];
  const speech = new Speech();
  const account: Account = { active: 0, concurrency: options.concurrency ?? 15, speech, spoken };

  function admit({ headers }: IncomingMessage, url: URL): { status: number; body: unknown } | undefined {
    handshakes.push(url.pathname + url.search);
    const { searchParams: query } = url;
    const no = (status: number, title: string) => ({
      status,
      body: { error_code: null, title, message: title, request_id: 'r-1' },
    });
    const version = query.get('cartesia_version') ?? headers['cartesia-version'];
    const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    const key = bearer ?? query.get('api_key') ?? '';
    const token = query.get('access_token') ?? bearer ?? '';
    const good = key !== '' && (options.keys?.includes(key) ?? true);
    if (!url.pathname.endsWith('/tts/websocket')) return no(404, 'Not found');
    if (typeof version !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(version)) return no(400, 'Missing version');
    if (!good && !options.tokens?.includes(token)) return no(401, 'Unauthorized');
    const status = Number(query.get('handshake') ?? 101);
    return status === 101 ? undefined : no(status, `status ${status}`);
  }

  function carry(socket: WebSocket, { searchParams: query }: URL, { headers }: IncomingMessage): void {
    const version = query.get('cartesia_version') ?? String(headers['cartesia-version']);
    const visit = new Visit(socket, account, {
      odd: query.get('odd') === '1',
      end: query.get('end') ?? 'done',
      order: query.get('order') ?? 'with',
      times: query.get('times') ?? 'both',
      error: query.get('error'),
      paceMs: Number(query.get('pace') ?? 0),
      idleMs: Number(query.get('idle') ?? 300) * 1000,
      oldErrors: version < NEW_ERRORS,
    });
    socket.on('message', (data) => {
      let message: unknown;
      try {
        message = JSON.parse(String(data));
      } catch {
        // Told to the client below.
      }
      if (typeof message === 'object' && message !== null) told.push(message as Record<string, unknown>);
      visit.take(message);
    });
    socket.on('close', () => visit.end());
  }

  const port = await servePort({ admit, carry });
  return {
    ...port,
    url: `${port.url}/tts/websocket`,
    told,
    handshakes,
    spoken,
    async close() {
      await port.close();
      speech.dispose();
    },
  };
}
