import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { FliteSynth } from '../../src/synth/flite/flite-synth.ts';
import { nodeFlite } from '../../src/synth/flite/node-flite.ts';
import { Connection, type Voice } from './azure/connection.ts';
import { type Said, said } from './azure/said.ts';

/** Where the service speaks, in every region. */
export const AZURE_PATH = '/tts/cognitiveservices/websocket/v1';

export interface AzureEmulator {
  /** `ws://127.0.0.1:PORT` with the service's path. */
  readonly url: string;
  /** Paths of all messages that clients have sent, in order. */
  readonly told: string[];
  /** SSML that was asked for. */
  readonly ssml: string[];
  /** How often a socket was opened. */
  readonly opened: number;
  close(): Promise<void>;
}

/** Who may speak; left out: see {@link serveAzure}. */
export interface Known {
  readonly keys?: readonly string[];
  readonly tokens?: readonly string[];
}

/**
 * Azure Speech as its client and documents show it, spoken by Flite. Any key or token opens it that does not begin with
 * `bad-`. Variants in the query: `odd=1`, `order=late`, `end=none`, `words=plain` (not as they are written in the SSML),
 * `stop=deaf`, `face=groups` (an event for each group of frames alone, with the id of its first), `pace=N` (times real time; default as fast as it goes), `refuse=STATUS`, `close=throttled|quota|…` with
 * `after=N` messages of sound.
 */
export async function serveAzure(known: Known = {}): Promise<AzureEmulator> {
  const synth = new FliteSynth(nodeFlite());
  const spoken = new Map<string, Promise<Said>>();
  /** Each line is made once. */
  const voice: Voice = (asked, sampleRate) => {
    const name = JSON.stringify([asked, sampleRate]);
    const line = spoken.get(name) ?? said(synth, asked, sampleRate);
    spoken.set(name, line);
    return line;
  };
  const http = createServer((_, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true });
  const connections = new Set<Socket>();
  const told: string[] = [];
  const ssml: string[] = [];
  let opened = 0;
  http.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  http.on('upgrade', (request, socket, head) => {
    const refused = refusalOf(request, known);
    if (refused) {
      const [status, words, ...headers] = refused;
      const lines = ['Connection: close', `Content-Length: ${Buffer.byteLength(words)}`, ...headers];
      socket.end(`HTTP/1.1 ${status} No\r\n${lines.join('\r\n')}\r\n\r\n${words}`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      opened++;
      const query = new URL(request.url ?? '/', 'ws://host').searchParams;
      const connection = new Connection(client, query, voice);
      client.on('error', () => {}); // A client that vanishes is nobody's fault.
      client.on('message', (data, binary) => {
        const message = binary ? '' : String(data);
        const path = /^path:\s*(\S+)/im.exec(message)?.[1] ?? '?';
        told.push(path);
        if (path === 'ssml') ssml.push(message.slice(message.indexOf('\r\n\r\n') + 4));
        connection.take(message);
      });
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}${AZURE_PATH}`,
    told,
    ssml,
    get opened() {
      return opened;
    },
    close() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      for (const socket of connections) socket.destroy();
      synth.dispose();
      return closed;
    },
  };
}

/** Why a handshake is refused: status, words, further headers. */
function refusalOf(
  request: IncomingMessage,
  { keys, tokens }: Known,
): [number, string, ...string[]] | undefined {
  const url = new URL(request.url ?? '/', 'ws://host');
  if (url.pathname !== AZURE_PATH) return [404, 'Resource not found'];
  const field = (name: string) => request.headers[name.toLowerCase()] ?? url.searchParams.get(name);
  const key = field('Ocp-Apim-Subscription-Key');
  const bearer = /^Bearer (\S+)$/.exec(String(field('Authorization')))?.[1];
  const refuse = url.searchParams.get('refuse');
  if (refuse === '429') return [429, 'Too Many Requests', 'Retry-After: 7'];
  if (refuse) return [Number(refuse), 'No'];
  const own = String(key ?? bearer ?? '');
  const list = key === null || key === undefined ? tokens : keys;
  if (list ? !list.includes(own) : /^(bad-.*)?$/.test(own)) {
    return [
      401,
      JSON.stringify({ error: { code: '401', message: 'Access denied due to invalid subscription key.' } }),
    ];
  }
  return undefined;
}
