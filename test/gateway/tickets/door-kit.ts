/** A gateway that asks for tickets or keys, and what handshakes with it come to. */
import { randomBytes } from 'node:crypto';
import { afterEach } from 'vitest';
import { WebSocket } from 'ws';
import { createGateway, type Gateway, type GatewayOptions } from '../../../src/gateway/index.ts';
import { type ToneVoices, toneVoices } from '../../kit/tone-voices.ts';

export const SECRET = randomBytes(48).toString('base64');
export const GAME = 'https://game.example';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A gateway that other machines could reach, unless `host` says otherwise. */
export async function openGateway(
  options: Partial<GatewayOptions>,
  host = '0.0.0.0',
): Promise<{ gateway: Gateway; source: ToneVoices; port: number }> {
  const source = toneVoices();
  const gateway = createGateway({ source, ...options });
  closing.push(() => gateway.close());
  await gateway.listen({ port: 0, host });
  return { gateway, source, port: gateway.address.port };
}

export interface Handshake {
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string | undefined;
  readonly protocol?: string;
  readonly socket?: WebSocket;
}

export interface Shown {
  readonly path?: string;
  readonly origin?: string;
  readonly ticket?: string;
  readonly headers?: Record<string, string>;
}

/** What a handshake is answered with: 101 and an open socket where it is taken. */
export function shakeHands(
  port: number,
  { path = '/ws', origin, ticket, headers = {} }: Shown = {},
): Promise<Handshake> {
  const protocols = ticket === undefined ? [] : ['parley.v1', `parley.ticket.${ticket}`];
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, {
    headers,
    ...(origin !== undefined && { origin }),
  });
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      closing.push(async () => socket.terminate());
      resolve({ status: 101, body: '', protocol: socket.protocol, socket });
    });
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, retryAfter: response.headers['retry-after'] }),
      );
    });
    socket.on('error', reject);
  });
}

/** Fetches a ticket as a page of the game does. */
export async function fetchTicket(
  port: number,
  headers: Record<string, string> = { origin: GAME },
): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/ticket`, { method: 'POST', headers });
  const { ticket } = (await response.json()) as { ticket: string };
  return ticket;
}
