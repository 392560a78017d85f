/**
 * ElevenLabs as its documents and client library show it: `multi-stream-input`, `stream-input` and, over HTTP,
 * `stream/with-timestamps`. Written from those; shares nothing with the adapter.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import { charactersOf, chunksOf } from './elevenlabs/alignment.ts';
import { CHUNK, localVoice, PATH, PCM, REASONS } from './elevenlabs/rules.ts';
import { Visit } from './elevenlabs/visit.ts';
import { type ServedPort, servePort } from './service-port.ts';
import { bytesOfSamples } from './speech.ts';
import { Speech } from './spoken-text.ts';

export interface ElevenLabsServeOptions {
  /** Keys that are good. Default: any. */
  readonly keys?: readonly string[];
  /** Single-use tokens that are good, once each. */
  readonly tokens?: readonly string[];
}

export interface ElevenLabsEmulator extends ServedPort {
  /** All messages of clients, in order. */
  readonly told: Record<string, unknown>[];
  /** Paths and queries of all handshakes. */
  readonly handshakes: string[];
  /** Most contexts that one socket had at a time. */
  readonly mostContexts: number;
}

export async function serveElevenLabs(options: ElevenLabsServeOptions = {}): Promise<ElevenLabsEmulator> {
  const speech = new Speech();
  const told: Record<string, unknown>[] = [];
  const handshakes: string[] = [];
  const tokens = new Set(options.tokens);
  const seen = { most: 0 };
  const good = (key: unknown) =>
    typeof key === 'string' && key !== '' && (options.keys?.includes(key) ?? true);

  function admit(_: IncomingMessage, url: URL): { status: number; body: unknown } | undefined {
    handshakes.push(url.pathname + url.search);
    const [, , , kind] = PATH.exec(url.pathname) ?? [];
    if (kind === undefined) return { status: 404, body: { detail: 'Not Found' } };
    const status = Number(url.searchParams.get('handshake') ?? 101);
    return status === 101 ? undefined : { status, body: { detail: { message: `status ${status}` } } };
  }

  function carry(socket: WebSocket, url: URL, { headers }: IncomingMessage): void {
    const token = url.searchParams.get('single_use_token');
    const known = good(headers['xi-api-key']) || (token !== null && tokens.delete(token));
    const visit = new Visit(socket, url, { speech, good, known, seen });
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

  const port = await servePort({ admit, carry, answer: (request, response) => void post(request, response) });

  async function post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://service');
    const [, voice] = /\/v1\/text-to-speech\/([^/]+)\/stream\/with-timestamps$/.exec(url.pathname) ?? [];
    const refuse = (status: number, code: string, message = REASONS[code] ?? code) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ detail: { status: code, message } }));
    };
    let text = '';
    for await (const piece of request) text += piece;
    if (voice === undefined || request.method !== 'POST') return refuse(404, 'not_found');
    if (!good(request.headers['xi-api-key'])) return refuse(401, 'invalid_api_key');
    const rate = Number(PCM.exec(url.searchParams.get('output_format') ?? '')?.[1]);
    const asked = JSON.parse(text) as { text?: unknown };
    if (typeof asked.text !== 'string' || !rate) return refuse(422, 'invalid_request');
    const local = localVoice(voice);
    if (!local) return refuse(404, 'voice_not_found', REASONS.voice_id_does_not_exist);
    const spoken = await speech.speak(asked.text, { sampleRate: rate, voice: local });
    response.writeHead(200, { 'Content-Type': 'application/json' });
    const chars = charactersOf(asked.text, spoken);
    for (const { samples, chars: own } of chunksOf(spoken, chars, { length: CHUNK, synced: true })) {
      const alignment = {
        characters: own.map(({ char }) => char),
        character_start_times_seconds: own.map(({ start }) => start),
        character_end_times_seconds: own.map(({ end }) => end),
      };
      const audio = bytesOfSamples(samples).toString('base64');
      response.write(
        `${JSON.stringify({ audio_base64: audio, alignment, normalized_alignment: alignment })}\n`,
      );
    }
    response.end();
  }

  return {
    ...port,
    told,
    handshakes,
    get mostContexts() {
      return seen.most;
    },
    async close() {
      await port.close();
      speech.dispose();
    },
  };
}
