import type { IncomingMessage, ServerResponse } from 'node:http';
import { SPEECH_PATH } from '../protocol/wire.ts';
import type { Operation } from './operation/operation.ts';
import { ROUTES, SPEECH_PATHS, targetOf } from './routes.ts';
import type { Door } from './tickets/door.ts';
import type { TicketDesk } from './tickets/ticket-desk.ts';
import type { Visitor } from './tickets/visitor.ts';

/** What is asked over HTTP. */
export interface HttpOptions {
  readonly tickets: TicketDesk | undefined;
  /** What `/healthz` tells. */
  readonly health: () => object;
  readonly visitorOf: (request: IncomingMessage) => Visitor;
  readonly operation: Operation;
  readonly door: Door;
}

/** Answers a request; false where the path is none of the gateway's. */
export function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
): boolean {
  const { tickets, health, visitorOf, operation } = options;
  const { path } = targetOf(request);
  if (path === '/healthz') {
    response.writeHead(operation.draining ? 503 : 200, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
    });
    response.end(JSON.stringify(health()));
  } else if (path === '/metrics') {
    void answerMetrics(request, response, options);
  } else if (path === '/v1/ticket' && tickets && operation.draining) {
    operation.ticketAnswered(request, 503, 'ending');
    answer(response, 503, 'The gateway ends; ask again.', { 'retry-after': '1' });
  } else if (path === '/v1/ticket' && tickets) {
    void tickets.answer(request, response, visitorOf(request));
  } else if (ROUTES.has(path) || path === SPEECH_PATH) {
    answer(response, 426, `${path} is a WebSocket.`, { upgrade: 'websocket', connection: 'upgrade' });
  } else {
    return false;
  }
  return true;
}

/** Numbers tell strangers how a game does: off loopback they want one of the gateway's own keys. Never rejects. */
async function answerMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  { visitorOf, operation, door }: HttpOptions,
): Promise<void> {
  if (!visitorOf(request).local && !door.knows(request)) {
    answer(response, 401, "Off loopback, metrics are for who shows one of the gateway's own keys.", {
      'www-authenticate': 'Bearer',
    });
    return;
  }
  const { metrics } = operation;
  response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
  response.end(await metrics.text());
}

/** Answers a request of a path that is not there. */
export function answerMissing(request: IncomingMessage, response: ServerResponse): void {
  const { path } = targetOf(request);
  if (path === '/v1/ticket') answer(response, 404, 'This gateway makes no tickets: none were set up.');
  else answer(response, 404, `There is no ${path} here. There are ${SPEECH_PATHS} and /healthz.`);
}

function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${text}\n`);
}
