/** Serves the files of a folder to pages of any origin. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import type { Listening } from './children.ts';

export async function serveFolder(folder: string): Promise<Listening> {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(request.url!.split('?')[0]!));
    response.setHeader('Access-Control-Allow-Origin', '*');
    try {
      response.end(await readFile(join(folder, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const kill = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, kill };
}
