import { type IncomingHttpHeaders, type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FaultGate } from './fault-gate.ts';
import type { ProxyRecord } from './proxy-record.ts';

/** The way that a request takes through a proxy. */
export interface ProxyWay {
  /** The service. */
  readonly target: URL;
  /** The faults that are set now. */
  readonly gate: () => FaultGate;
  readonly record: ProxyRecord;
}

/** Headers that belong to one connection, not to what goes over it. */
const OWN_HEADERS =
  /^(host|connection|upgrade|transfer-encoding|content-length|keep-alive|sec-websocket-.*)$/i;

/** Headers that go on to the other side. */
export function passedHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const passed: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !OWN_HEADERS.test(name)) passed[name] = value;
  }
  return passed;
}

/** What the client asked for, at the service. */
export function addressOf(target: URL, { url = '/' }: IncomingMessage): URL {
  return new URL(url, target);
}

/** Answers a handshake with a no. */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  headers: Readonly<Record<string, string | string[]>>,
  body: Buffer,
): void {
  const fields = { ...headers, 'Content-Length': String(body.length), Connection: 'close' };
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}: ${one}\r\n`),
  );
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'No'}\r\n${lines.join('')}\r\n`);
  socket.end(body);
}
