import { checkVariants } from '../gateway/dialects/variants.ts';
import { createGateway } from '../gateway/index.ts';
import type { PooledVoices } from '../voices/pool/pool.ts';
import { doorOptions, noticesOf } from './door-options.ts';
import { UsageError } from './exit.ts';
import { lexiconOption } from './lexicon-option.ts';
import { numberOption } from './numbers.ts';
import { openSource } from './sources/index.ts';

/** Options of `parley serve`, as written. */
export interface ServeOptions {
  readonly port: string;
  readonly host: string;
  readonly source: string;
  readonly upstream?: string;
  readonly lexicon?: string;
  readonly units: string;
  readonly variant: readonly string[];
  readonly dialectKeys?: string;
  readonly origins?: string;
  readonly trustProxy?: boolean;
}

/** Runs the gateway until SIGINT or SIGTERM. */
export async function serve({ port, host, source: name, upstream, ...account }: ServeOptions): Promise<void> {
  const wanted = numberOption('--port', port, { min: 0, max: 65_535, whole: true });
  const units = numberOption('--units', account.units, { min: 1, max: 1_000, whole: true });
  const variants = variantsOf(account.variant);
  const lexicon = await lexiconOption(account.lexicon);
  const doors = await doorOptions(account);
  let pool: PooledVoices | undefined;
  const onPool = (made: PooledVoices) => {
    pool = made;
  };
  const source = openSource(name, { url: upstream, urlOption: '--upstream', lexicon, onPool });
  const services = pool && (() => pool!.load);
  const gateway = createGateway({ source, units, variants, services, ...doors });
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
  await untilStopped();
  await gateway.close();
  source.dispose();
}

/** Reads `name=choice` settings. */
function variantsOf(settings: readonly string[]): Record<string, string> {
  const variants = Object.fromEntries(
    settings.map((setting) => {
      const [name, choice, ...rest] = setting.split('=');
      if (name && choice && rest.length === 0) return [name, choice];
      throw new UsageError(`--variant: expected name=choice, such as end=json, got "${setting}".`);
    }),
  );
  checkVariants(variants);
  return variants;
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
