/** Messages that go past `ws` are such as its client takes. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { binaryMessage, textMessage } from '../../../src/gateway/speech/wire-message.ts';

it.each([0, 1, 125, 126, 0xffff, 0x1_0000])('a message of %i bytes is whole', async (length) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  const bytes = Buffer.alloc(length, 'ä');
  const text = `${'ä'.repeat(length >> 1)}${'.'.repeat(length & 1)}`;
  server.on('connection', (_, { socket }: IncomingMessage) => {
    socket.write(binaryMessage(bytes));
    socket.write(textMessage(text));
  });
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const heard: [Buffer, boolean][] = [];
  client.on('message', (data: Buffer, binary) => heard.push([data, binary]));
  while (heard.length < 2) await once(client, 'message');
  expect(heard.map(([data, binary]) => [data.length, binary])).toEqual([
    [length, true],
    [length, false],
  ]);
  expect(heard[0]![0].equals(bytes)).toBe(true);
  expect(heard[1]![0].toString()).toBe(text);
  client.terminate();
  server.close();
});
