/** What the gateway is held against: `ws` alone, which sends the same bytes to all who are there. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { pcmBytes, writeSoundFrame } from '../../../src/protocol/sound-frame.ts';
import { answer, memoryNow, sharedMs } from './part.ts';
import { PIECE_SAMPLES, paced } from './stream.ts';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (socket) => {
  socket.on('message', () => socket.send('{"type":"welcome"}'));
  socket.on('error', () => {});
});

answer({
  async open() {
    if (!server.address()) await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  },
  memory: memoryNow,
  async stream(seconds: number) {
    let position = 0;
    const [beganMs, before] = [sharedMs(), process.cpuUsage()];
    const emitted = await paced(seconds, (samples) => {
      const frame = writeSoundFrame({ codec: 'pcm', line: 1, position, payload: pcmBytes(samples) });
      position += PIECE_SAMPLES;
      for (const client of server.clients) client.send(frame);
    });
    const { user, system } = process.cpuUsage(before);
    const cpu = (user + system) / 1_000 / (sharedMs() - beganMs);
    for (const client of server.clients) client.send('{"type":"end"}');
    return { emitted, cpu, requests: 1 };
  },
});
