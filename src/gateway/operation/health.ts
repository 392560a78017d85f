import type { ServiceLoad } from '../../voices/pool/pool-service.ts';
import type { Store, StorePart } from '../stores/store.ts';

/** How a gateway is. `degraded`: it speaks, but not all of it, or not all lines. `draining`: it ends, and takes nobody. */
export interface Health {
  readonly status: 'ok' | 'degraded' | 'draining';
  /** Why it is not `ok`; left out where it is. */
  readonly reasons?: readonly string[];
}

/** What the health is read from. */
export interface HealthSigns {
  readonly draining: boolean;
  /** What of the store is away. */
  readonly away: readonly StorePart[];
  /** Why, in a word. */
  readonly why?: Store['why'];
  readonly services: readonly ServiceLoad[];
}

const AWAY: Readonly<Record<StorePart, string>> = {
  sharing: 'Redis is away%: lines are not shared with other gateways, units are fewer',
  cache: 'the Redis of whole lines is away%: what other gateways made is made here again',
};

/** How a gateway is, with reasons for people. */
export function healthOf({ draining, away, why = {}, services }: HealthSigns): Health {
  const reasons = [
    ...away.map((part) => AWAY[part].replace('%', why[part] ? ` (${why[part]})` : '')),
    ...services.flatMap(({ name, state, holdSeconds }) => {
      if (state === 'out') return [`the service ${name} is out after failures in a row`];
      if (state === 'probing') return [`the service ${name} is tried again with one line`];
      if (holdSeconds > 0)
        return [
          `the service ${name} is left alone for ${Math.ceil(holdSeconds)} s: it had too many requests`,
        ];
      return [];
    }),
  ];
  if (draining) return { status: 'draining', reasons: ['the gateway ends', ...reasons] };
  return reasons.length > 0 ? { status: 'degraded', reasons } : { status: 'ok' };
}
