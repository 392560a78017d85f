import { checkVariants } from '../gateway/dialects/variants.ts';
import { createGateway, createLog, type Gateway } from '../gateway/index.ts';
import { strangeVariables, takenVariables } from '../gateway/operation/config.ts';
import { ParleyError } from '../speech/errors.ts';
import type { VoiceSource } from '../speech/source.ts';
import type { PooledVoices } from '../voices/pool/pool.ts';
import { doorOptions, noticesOf, SECRET_VARIABLE } from './door-options.ts';
import { UsageError } from './exit.ts';
import { lexiconOption } from './lexicon-option.ts';
import { type ServeConfig, type ServeOptions, serveConfig } from './serve-config.ts';
import { keepingOption, storeOption } from './serve-lines.ts';
import { openSource } from './sources/index.ts';

/** Runs the gateway until SIGINT or SIGTERM. */
export async function serve(options: ServeOptions): Promise<void> {
  const config = await serveConfig(options);
  for (const name of strangeVariables(process.env, [SECRET_VARIABLE])) {
    console.error(
      `parley: ${name} is no setting of parley serve, and does nothing; docs/gateway.md has those there are.`,
    );
  }
  for (const name of takenVariables(process.env)) {
    console.error(
      `parley: ${name} is what Kubernetes sets for a service of that name, and does nothing here; set --port, or enableServiceLinks: false.`,
    );
  }
  const { source: name, upstream, units, variants = {}, maxConnections } = config;
  checkVariants(variants);
  const lexicon = await lexiconOption(config.lexicon);
  const doors = await doorOptions(config);
  const log = createLog({ level: 'warn', secrets: doors.keys?.secrets, ...config.log });
  const store = await storeOption(config);
  let pool: PooledVoices | undefined;
  const onPool = (made: PooledVoices) => {
    pool = made;
  };
  let source: VoiceSource | undefined;
  try {
    source = openSource(name, {
      url: upstream,
      urlOption: '--upstream',
      lexicon,
      leases: store?.leases,
      onPool,
    });
    const services = pool && (() => pool!.load);
    const keeping = await keepingOption(config);
    const gateway = createGateway({
      source,
      units,
      variants,
      services,
      log,
      store,
      keeping,
      maxConnections,
      ...doors,
    });
    await runUntilStopped(gateway, source, config);
  } finally {
    source?.dispose();
    await store?.close();
  }
}

async function runUntilStopped(gateway: Gateway, source: VoiceSource, config: ServeConfig): Promise<void> {
  const { port, host, drainSeconds } = config;
  try {
    await gateway.listen({ port, host });
  } catch (error) {
    await gateway.close();
    if (error instanceof ParleyError) throw error;
    throw new UsageError(reasonOf(error as NodeJS.ErrnoException, port, host));
  }
  source.prepare?.();
  const { address } = gateway;
  const shown = address.host.includes(':') ? `[${address.host}]` : address.host;
  console.log(`parley gateway listening on http://${shown}:${address.port}`);
  for (const notice of noticesOf(gateway)) console.error(`parley: ${notice}`);
  if ((await untilStopped()) === 'SIGTERM') {
    const again = untilStopped();
    await Promise.race([gateway.drain(drainSeconds), again]);
  }
  await gateway.close();
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
