import { checkVariants } from '../gateway/dialects/variants.ts';
import { createGateway, createLog } from '../gateway/index.ts';
import type { PooledVoices } from '../voices/pool/pool.ts';
import { doorOptions, noticesOf } from './door-options.ts';
import { UsageError } from './exit.ts';
import { lexiconOption } from './lexicon-option.ts';
import { type ServeOptions, serveConfig } from './serve-config.ts';
import { openSource } from './sources/index.ts';

/** Runs the gateway until SIGINT or SIGTERM. */
export async function serve(options: ServeOptions): Promise<void> {
  const config = await serveConfig(options);
  const { port: wanted, host, source: name, upstream, units, variants = {} } = config;
  checkVariants(variants);
  const lexicon = await lexiconOption(config.lexicon);
  const log = createLog({ level: 'warn', ...config.log });
  const doors = await doorOptions(config);
  let pool: PooledVoices | undefined;
  const onPool = (made: PooledVoices) => {
    pool = made;
  };
  const source = openSource(name, { url: upstream, urlOption: '--upstream', lexicon, onPool });
  const services = pool && (() => pool!.load);
  const gateway = createGateway({ source, units, variants, services, log, ...doors });
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
  for (const notice of noticesOf(gateway)) console.error(`parley: ${notice}`);
  if ((await untilStopped()) === 'SIGTERM') {
    const again = untilStopped();
    await Promise.race([gateway.drain(config.drainSeconds), again]);
  }
  await gateway.close();
  source.dispose();
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

function untilStopped(): Promise<(typeof SIGNALS)[number]> {
  return new Promise((resolve) => {
    const stop = (signal: (typeof SIGNALS)[number]) => {
      for (const each of SIGNALS) process.off(each, stop);
      resolve(signal);
    };
    for (const each of SIGNALS) process.on(each, stop);
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
