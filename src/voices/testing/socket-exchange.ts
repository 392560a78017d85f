import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { AnswerLane } from './answer-lane.ts';
import { addressOf, type ProxyWay, passedHeaders, refuseUpgrade } from './proxy-way.ts';

/** Close codes that stand for "none came" and "it broke"; they cannot be sent. */
const NO_CODE = 1005;
const BROKEN = 1006;

/** Settings of both sides: messages go through as they are, however large. */
const PLAIN = { perMessageDeflate: false, maxPayload: 64 * 1024 * 1024 };

/** Carries one WebSocket through: the client's handshake is answered when the service has answered the proxy's. */
export function passUpgrade(way: ProxyWay, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { record } = way;
  const { refuse, hang } = way.gate().faults;
  const live = {};
  let service: WebSocket | undefined;
  record.asked.push(request.url ?? '/');
  record.live.add(live);
  const leave = () => {
    record.live.delete(live);
    record.left++;
    service?.terminate();
  };
  const refuseWith: typeof refuseUpgrade = (...answer) => {
    socket.off('close', leave);
    record.live.delete(live);
    refuseUpgrade(...answer);
  };
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.end());
  socket.on('close', leave);
  socket.resume(); // Else nobody would see it end; before the handshake is answered, a client sends nothing.
  if (refuse) refuseWith(socket, refuse.status, refuse.headers ?? {}, Buffer.from(refuse.body ?? ''));
  if (hang || refuse) return;
  service = new WebSocket(addressOf(way.target, request), protocolsOf(request), {
    ...PLAIN,
    headers: passedHeaders(request.headers),
  });
  service.on('unexpected-response', (asked, response) => {
    const pieces: Buffer[] = [];
    response.on('data', (piece: Buffer) => pieces.push(piece));
    response.on('end', () => {
      refuseWith(socket, response.statusCode ?? 502, passedHeaders(response.headers), Buffer.concat(pieces));
      asked.destroy();
    });
  });
  service.on('error', () => socket.destroy());
  service.on('open', () => {
    const chosen = service!.protocol;
    const server = new WebSocketServer({ ...PLAIN, noServer: true, handleProtocols: () => chosen || false });
    // Not called for a client that has just left.
    server.handleUpgrade(request, socket, head, (client) => {
      socket.off('close', leave);
      join(way, client, service!, live);
    });
  });
}

/** Two open sockets become one. */
function join(way: ProxyWay, client: WebSocket, service: WebSocket, live: object): void {
  const { record } = way;
  /** Whether it was not the client who ended it. */
  let ours = false;
  const lane = new AnswerLane(way.gate, {
    send: (data, binary) => client.send(data, { binary }),
    cut: () => {
      ours = true;
      client.terminate();
    },
    close: () => {
      ours = true;
      const { code, reason } = way.gate().faults.closeWith ?? { code: 1000, reason: '' };
      client.close(code, reason);
    },
  });
  client.on('message', (data, binary) => {
    record.sent.push({ data: bytesOf(data), binary });
    if (service.readyState === WebSocket.OPEN) service.send(bytesOf(data), { binary });
  });
  service.on('message', (data, binary) => {
    record.answers.push({ data: bytesOf(data), binary });
    lane.push(bytesOf(data), binary);
  });
  client.on('error', () => {}); // `close` follows.
  client.on('close', (code, reason) => {
    record.live.delete(live);
    if (!ours) record.left++;
    end(service, code, reason);
  });
  service.on('close', (code, reason) => {
    lane.finally(() => {
      ours = true;
      end(client, code, reason);
    });
  });
}

function end(socket: WebSocket, code: number, reason: Buffer): void {
  if (code === BROKEN) socket.terminate();
  else if (code === NO_CODE) socket.close();
  else socket.close(code, reason);
}

function protocolsOf({ headers }: IncomingMessage): string[] {
  const offered = headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').flatMap((protocol) => protocol.trim() || []);
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
