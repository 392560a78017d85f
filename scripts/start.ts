/** `npm start`: the local speech gateway and the demo page, in one process until Ctrl-C. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { openRoom } from '../demo/shared/room.ts';
import { createGateway } from '../src/gateway/index.ts';
import { localVoices } from '../src/synth/local-voices.ts';

/** Where the page looks for the gateway when nothing else is said. */
const GATEWAY_PORT = 8790;
const PAGE_PORT = 5173;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const voices = localVoices();
const gateway = createGateway({ source: voices });

/** The usual port, or any free one when another gateway holds it. */
async function listen(): Promise<void> {
  try {
    await gateway.listen({ port: GATEWAY_PORT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await gateway.listen({ port: 0 });
  }
}

await listen();
voices.prepare?.();
process.env.VITE_PARLEY_GATEWAY = `ws://127.0.0.1:${gateway.address.port}/ws`;

const page = await createServer({ configFile: join(root, 'vite.config.ts'), server: { port: PAGE_PORT } });
await page.listen();
if (page.httpServer) openRoom(page.httpServer);

console.log(`
  Parley is ready.

  Talk to the characters   ${page.resolvedUrls?.local[0]}
  In company, two windows  ${page.resolvedUrls?.local[0]}shared.html
  Speech gateway           http://127.0.0.1:${gateway.address.port}   (local voices, no key, no network)

  Ctrl-C stops all of it.
`);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await page.close();
  await gateway.close();
  voices.dispose();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    void stop().finally(() => process.exit(0));
  });
}
