import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ServiceLoad } from '../../voices/pool/pool-service.ts';
import { DROPS, type Drop } from '../drops.ts';
import type { LineCounts } from '../lines/line-desk.ts';
import { REFUSAL_CAUSES, type RefusalCause } from '../refusal.ts';
import type { Lines } from './measured-voices.ts';

/** What the numbers are read from when they are asked for. */
export interface MetricSources {
  readonly connections: () => number;
  readonly sentBytes: () => number;
  readonly lines: Lines;
  readonly services: (() => readonly ServiceLoad[]) | undefined;
  /** How lines came to those who asked. */
  readonly counts: () => LineCounts | undefined;
  readonly degraded: () => boolean;
}

/** Times to the first sound, seconds: from what is in memory to what nobody waits for. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];

const STATES = ['ok', 'probing', 'out'] as const;

/** The numbers of one gateway, in Prometheus's text form. No label comes from a client. */
export class GatewayMetrics {
  readonly #registry = new Registry();
  #ofProcess = false;
  readonly #handshakes: Counter<'status'>;
  readonly #closes: Counter<'code'>;
  readonly #firstAudio: Histogram<'source'>;
  readonly #spoken: Counter<'source'>;
  readonly #failures: Counter<'source' | 'code'>;
  readonly #drops: Counter<'reason'>;
  readonly #spentBudgets: Counter<'budget'>;
  readonly #refusals: Counter<'of' | 'cause'>;
  readonly #tickets: Counter;

  constructor(sources: MetricSources) {
    const registers = [this.#registry];
    this.#handshakes = new Counter({
      ...named('handshakes_total', 'Handshakes by the HTTP status they were answered with.'),
      labelNames: ['status'],
      registers,
    });
    this.#closes = new Counter({
      ...named(
        'closes_total',
        'Connections that ended, by close code; 1006 are those that broke or were dropped.',
      ),
      labelNames: ['code'],
      registers,
    });
    this.#firstAudio = new Histogram({
      ...named(
        'first_audio_seconds',
        'Time from asking a source to its first sound, waiting for a unit included.',
      ),
      labelNames: ['source'],
      buckets: BUCKETS,
      registers,
    });
    this.#spoken = new Counter({
      ...named('spoken_seconds_total', 'Sound that came from the source.'),
      labelNames: ['source'],
      registers,
    });
    this.#failures = new Counter({
      ...named('failed_lines_total', 'Lines that the source failed to speak, by code.'),
      labelNames: ['source', 'code'],
      registers,
    });
    this.#drops = new Counter({
      ...named('drops_total', 'Connections, and lines that stalled, that were dropped, by reason.'),
      labelNames: ['reason'],
      registers,
    });
    for (const reason of DROPS) this.#drops.inc({ reason }, 0);
    this.#spentBudgets = new Counter({
      ...named('budget_refusals_total', 'Lines that were not spoken since a budget of the day was spent.'),
      labelNames: ['budget'],
      registers,
    });
    this.#refusals = new Counter({
      ...named('refusals_total', 'Connections and tickets that were refused, by why.'),
      labelNames: ['of', 'cause'],
      registers,
    });
    for (const cause of REFUSAL_CAUSES) this.#refusals.inc({ of: 'connection', cause }, 0);
    this.#tickets = new Counter({ ...named('tickets_total', 'Tickets that were made.'), registers });
    this.#gauge('connections', 'Open connections.', sources.connections);
    this.#gauge('active_lines', 'Lines that are asked of the source now.', () => sources.lines.active);
    this.#gauge('degraded', '1 while the store is away.', () => Number(sources.degraded()));
    this.#counter('sent_bytes_total', 'Bytes that were sent over all WebSockets.', sources.sentBytes);
    this.#serviceGauges(sources.services);
    this.#lineCounters(sources.counts);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    // Those of the process watch its event loop and its garbage: only for who asks.
    if (!this.#ofProcess) collectDefaultMetrics({ register: this.#registry });
    this.#ofProcess = true;
    return this.#registry.metrics();
  }

  handshake(status: number): void {
    this.#handshakes.inc({ status });
  }

  refused(of: 'connection' | 'ticket', cause: RefusalCause): void {
    this.#refusals.inc({ of, cause });
  }

  ticket(): void {
    this.#tickets.inc();
  }

  close(code: number): void {
    this.#closes.inc({ code });
  }

  firstAudio(source: string, seconds: number): void {
    this.#firstAudio.observe({ source }, seconds);
  }

  spoken(source: string, seconds: number): void {
    this.#spoken.inc({ source }, seconds);
  }

  failure(source: string, code: string): void {
    this.#failures.inc({ source, code });
  }

  drop(reason: Drop): void {
    this.#drops.inc({ reason });
  }

  /** A budget has not as many characters as were asked for. */
  spent(budget: string): void {
    this.#spentBudgets.inc({ budget });
  }

  #gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      ...named(name, help),
      registers: [this.#registry],
      collect() {
        this.set(value());
      },
    });
  }

  /** A count that is kept elsewhere. */
  #counter(name: string, help: string, value: () => number): void {
    new Counter({
      ...named(name, help),
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }

  #serviceGauges(services: MetricSources['services']): void {
    if (!services) return;
    const gauge = (name: string, help: string, read: (load: ServiceLoad) => number) =>
      new Gauge({
        ...named(name, help),
        labelNames: ['service'],
        registers: [this.#registry],
        collect() {
          for (const load of services()) this.set({ service: load.name }, read(load));
        },
      });
    gauge('units', 'Concurrency units of the account.', ({ units }) => units);
    gauge('leases', 'Units that lines of this gateway hold.', ({ active }) => active);
    gauge('queue_depth', 'Lines that wait for a unit.', ({ waiting }) => waiting);
    gauge('queue_oldest_seconds', 'Wait of the first of them.', ({ oldestWaitSeconds }) => oldestWaitSeconds);
    gauge('service_state', '0 ok, 1 probing, 2 out.', ({ state }) => STATES.indexOf(state));
  }

  #lineCounters(counts: MetricSources['counts']): void {
    new Counter({
      ...named('lines_total', 'Lines by how they came to those who asked; only fresh ones are paid for.'),
      labelNames: ['origin'],
      registers: [this.#registry],
      collect() {
        const now = counts();
        this.reset();
        if (!now) return;
        for (const origin of ['hit', 'joined', 'fresh', 'failed', 'cancelled'] as const) {
          this.inc({ origin }, now[origin]);
        }
      },
    });
    new Counter({
      ...named('kept_lines_total', 'Lines that were kept, by where they were found.'),
      labelNames: ['tier'],
      registers: [this.#registry],
      collect() {
        const { tiers } = counts() ?? {};
        this.reset();
        for (const [tier, found] of Object.entries(tiers ?? {})) this.inc({ tier }, found);
      },
    });
  }
}

function named(name: string, help: string): { name: string; help: string } {
  return { name: `parley_${name}`, help };
}
