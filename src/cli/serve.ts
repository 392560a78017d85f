import { createGateway } from '../gateway/index.ts';
import { isLoopbackAddress } from '../gateway/loopback.ts';
import { UsageError } from './exit.ts';
import { numberOption } from './numbers.ts';
import { openSource } from './sources.ts';

/** Options of `parley serve`, as written. */
export interface ServeOptions {
  readonly port: string;
  readonly host: string;
  readonly source: string;
  readonly upstream?: string;
}

/** Runs the gateway until SIGINT or SIGTERM. */
export async function serve({ port, host, source: name, upstream }: ServeOptions): Promise<void> {
  const wanted = numberOption('--port', port, { min: 0, max: 65_535, whole: true });
  const source = openSource(name, { url: upstream, urlOption: '--upstream' });
  const gateway = createGateway({ source });
  try {
    await gateway.listen({ port: wanted, host });
  } catch (error) {
    source.dispose();
    throw new UsageError(reasonOf(error as NodeJS.ErrnoException, wanted, host));
  }
  source.prepare?.();
  const { address } = gateway;
  const shown = address.host.includes(':') ? `[${address.host}]` : address.host;
  console.log(`parley gateway listening on http://${shown}:${address.port}`);
  if (!isLoopbackAddress(address.host)) {
    console.error(
      'parley: speech is refused while other machines can connect; listen on 127.0.0.1 to speak.',
    );
  }
  await untilStopped();
  await gateway.close();
  source.dispose();
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function reasonOf({ code, message }: NodeJS.ErrnoException, port: number, host: string): string {
  if (code === 'EADDRINUSE')
    return `port ${port} is in use; choose another with --port, or 0 for any free one.`;
  if (code === 'EACCES')
    return `port ${port} may not be opened by this user; choose one above 1023 with --port.`;
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL') return `this machine has no address "${host}".`;
  return message;
}
