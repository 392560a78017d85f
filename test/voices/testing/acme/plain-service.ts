/** The smallest speech service: text in, samples out, over HTTP. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { acmeSpeech } from './acme-speech.ts';

/** Bytes sent at a time: no whole number of samples. */
const PIECE = 4_801;

export async function servePlain(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const body: Buffer[] = [];
    request.on('data', (piece: Buffer) => body.push(piece));
    request.on('end', async () => {
      const { samples } = acmeSpeech(Buffer.concat(body).toString(), 24_000);
      const bytes = Buffer.from(samples.buffer);
      response.writeHead(200, { 'content-type': 'audio/pcm', 'content-length': bytes.length });
      for (let at = 0; at < bytes.length; at += PIECE) {
        response.write(bytes.subarray(at, at + PIECE));
        await sleep(1);
      }
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/speak`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
