import { LRUCache } from 'lru-cache';
import { SpeechError } from '../../speech/errors.ts';
import type { ManifestLine } from '../../speech/manifest.ts';
import { checkOptions } from '../../speech/option-checks.ts';
import { gatewayNowMs } from '../gateway-clock.ts';
import { memoryStore } from '../stores/memory-store.ts';
import type { Store } from '../stores/store.ts';
import { BakedLines } from './baked-lines.ts';
import { checkBounds, DESK_CHECKS, type LineDeskOptions } from './desk-options.ts';
import { DiskCache } from './disk-cache.ts';
import { Line } from './line.ts';
import { keyOfShare, shareOf } from './line-key.ts';
import { LineMaker, type LineOrder, speechErrorOf } from './line-maker.ts';
import { type LineRequest, type Pay, PRIORITIES, type SharedLine } from './line-request.ts';
import { type LineTier, LineTiers } from './line-tiers.ts';
import { RequestReader } from './request-reader.ts';
import { type Asker, type AskerRole, type HandleOwner, originFor, SharedHandle } from './shared-handle.ts';

/** How lines came to those who asked: their ratio is the bill. */
export interface LineCounts {
  /** Kept already. */
  readonly hit: number;
  /** Spoken for others too. */
  readonly joined: number;
  /** Asked of the source. */
  readonly fresh: number;
  /** Lines that ended with an error other than that nobody wanted them. */
  readonly failed: number;
  /** Lines that nobody wanted any more. */
  readonly cancelled: number;
  /** Where lines were found that were opened anew. */
  readonly tiers: Readonly<Record<LineTier, number>>;
}

/** Lines for all who ask: each is made once, shared while it is under way, and kept. */
export interface LineDesk {
  /**
   * A line, from wherever it can be had: what is kept, one that is under way, or the source. Never throws; reading does.
   * A text that is too long or empty fails with `refused`.
   */
  open(request: LineRequest): SharedLine;
  /** One that is under way or kept, by its share; nothing is spoken for it. */
  find(share: string): Promise<SharedLine | undefined>;
  /** What the baked folder says of one of its lines, by id: text, voice, language. */
  listed(id: string): ManifestLine | undefined;
  /** Longest text, UTF-16 units. */
  readonly maxTextLength: number;
  readonly counts: LineCounts;
  /** Lines under way. */
  readonly active: number;
  /** Memory of the lines that are kept in it, bytes. */
  readonly keptBytes: number;
  /** Cancels what is under way; resolves once what was made is written. May be called twice. */
  dispose(): Promise<void>;
}

/** Who has no limits pays with nothing. */
const FREE: Pay = async () => undefined;

/** Who joins a line neither asked for it nor pays. */
const JOINING: Asker = {};

/** What a second in Opus takes in memory, bytes. */
const OPUS_BYTES = 5_000;

/** Between two looks whether other gateways still read a line that nobody wants here, ms. */
const LOOK_MS = 1_000;

/** Opens a desk, its folders first. Rejects with {@link InputError} for options that are none, bounds out of range and folders of no use. */
export async function openLineDesk(options: LineDeskOptions): Promise<LineDesk> {
  const { onError = (error) => console.error(error) } = options;
  checkOptions('openLineDesk', options, DESK_CHECKS);
  checkBounds(options);
  const baked = options.baked === undefined ? undefined : await BakedLines.open(options.baked);
  const disk = options.disk && (await DiskCache.open({ ...options.disk, onError }));
  return new SharingDesk({ ...options, onError }, baked, disk);
}

class SharingDesk implements LineDesk, HandleOwner {
  readonly nowMs: () => number;
  readonly #options: LineDeskOptions & Required<Pick<LineDeskOptions, 'onError'>>;
  readonly #store: Store;
  readonly #baked: BakedLines | undefined;
  readonly #reader: RequestReader;
  readonly #tiers: LineTiers;
  readonly #maker: LineMaker;
  /** Under way, by key. */
  readonly #active = new Map<string, Line>();
  /** Looked for, by key, until there is sound: whoever wants them spoken does not wait for that. */
  readonly #sought = new Map<string, Line>();
  /** Whole, by key. */
  readonly #kept: LRUCache<string, Line>;
  readonly #counts = { hit: 0, joined: 0, fresh: 0, failed: 0, cancelled: 0 };
  readonly #tierCounts: Record<LineTier, number> = { memory: 0, baked: 0, disk: 0, cluster: 0 };
  readonly #running = new Set<Promise<void>>();
  #disposed = false;

  constructor(
    options: LineDeskOptions & Required<Pick<LineDeskOptions, 'onError'>>,
    baked: BakedLines | undefined,
    disk: DiskCache | undefined,
  ) {
    const { source, store = memoryStore(), memoryBytes = 64 * 1024 ** 2, onError } = options;
    this.#options = options;
    this.#store = store;
    this.#baked = baked;
    this.nowMs = options.nowMs ?? gatewayNowMs;
    this.#reader = new RequestReader(options, baked);
    this.#tiers = new LineTiers(baked, disk, store.cache, onError);
    this.#maker = new LineMaker(source, this.#tiers, store.lines, (tier) => this.#tierCounts[tier]++);
    this.#kept = new LRUCache({
      maxSize: memoryBytes,
      // In Opus too, whether it was asked for yet or not.
      sizeCalculation: ({ log }) => Math.max(1, log.bytes + Math.ceil(log.seconds * OPUS_BYTES)),
    });
  }

  get maxTextLength(): number {
    return this.#options.maxTextLength ?? 500;
  }

  get counts(): LineCounts {
    return { ...this.#counts, tiers: { ...this.#tierCounts } };
  }

  get active(): number {
    return this.#active.size;
  }

  get keptBytes(): number {
    return this.#kept.calculatedSize;
  }

  open(request: LineRequest): SharedLine {
    const asked = this.#reader.read(request);
    const refusal = this.#refusalOf(asked.request.text);
    const there = refusal ? undefined : this.#there(asked.key);
    const line = there ?? this.#newLine(asked.key, PRIORITIES[request.priority]);
    if (refusal) line.log.fail(refusal);
    else if (!there) this.#begin({ line, ...asked });
    line.lift(PRIORITIES[request.priority]);
    const early = request.priority === 'prefetch';
    if (early) line.prefetches++;
    const { pay = FREE } = request;
    return this.#handle(line, there ? roleIn(there) : 'first', { placed: asked.placed, early, pay });
  }

  async find(share: string): Promise<SharedLine | undefined> {
    const key = keyOfShare(share, this.#store.secret);
    if (key === undefined || this.#disposed) return undefined;
    const there = this.#there(key);
    if (there) return this.#joined(there, roleIn(there));
    const sought = this.#sought.get(key) ?? this.#seek(key);
    try {
      await sought.log.head;
    } catch {
      return undefined;
    }
    return this.#joined(sought, 'first');
  }

  listed(id: string): ManifestLine | undefined {
    return this.#baked?.listed(id);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    for (const line of [...this.#active.values(), ...this.#sought.values()]) this.#cancel(line);
    await Promise.all(this.#running);
    this.#kept.clear();
    await this.#tiers.dispose();
  }

  #newLine(key: string, priority: number): Line {
    const line = new Line(key, priority, this.#options.maxSeconds ?? 60);
    line.onStart = () => void this.#store.starts?.tell(key, line.log.seconds); // Never rejects.
    return line;
  }

  /** A line for one who joins it: where nobody hears it here, it began when it did on another gateway. */
  async #joined(line: Line, role: AskerRole): Promise<SharedLine> {
    const handle = this.#handle(line, role, JOINING);
    if (line.startedAt === undefined) {
      const agoMs = await this.#store.starts?.agoMs(line.key);
      const over = line.log.state === 'whole' && (agoMs ?? 0) > line.log.seconds * 1_000;
      if (agoMs !== undefined && !over) line.startedAt ??= this.nowMs() - agoMs;
    }
    return handle;
  }

  /** A line under way or kept in memory. */
  #there(key: string): Line | undefined {
    const active = this.#active.get(key);
    if (active) return active;
    const kept = this.#kept.get(key);
    if (kept) this.#tierCounts.memory++;
    kept?.rewind(this.nowMs());
    return kept;
  }

  #refusalOf(text: string): SpeechError | undefined {
    if (this.#disposed) return SpeechError.aborted();
    const { maxTextLength } = this;
    if (text === '') return SpeechError.refused('The gateway', 'there is nothing to say in the text.');
    if (text.length <= maxTextLength) return undefined;
    const reason = `the text has ${text.length} characters; up to ${maxTextLength} are spoken in one line.`;
    return SpeechError.refused('The gateway', reason);
  }

  #begin(order: LineOrder): void {
    const { line } = order;
    if (order.request) this.#active.set(line.key, line);
    const running = this.#run(order).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #seek(key: string): Line {
    const line = this.#newLine(key, PRIORITIES.player);
    this.#sought.set(key, line);
    this.#begin({ line, request: undefined, baked: undefined });
    line.log.head.then(
      () => {
        this.#sought.delete(key);
        if (line.log.state === 'open' && !this.#active.has(key)) this.#active.set(key, line);
      },
      () => this.#sought.delete(key),
    );
    return line;
  }

  async #run(order: LineOrder): Promise<void> {
    const { line } = order;
    const { source, onError } = this.#options;
    try {
      for await (const part of this.#maker.make(order)) {
        line.append(part, source.name);
        if (line.log.state === 'whole') this.#keep(line);
      }
      if (line.log.state !== 'whole') throw SpeechError.closedEarly(source.name);
    } catch (error) {
      if (!(error instanceof SpeechError)) onError(error);
      const told = speechErrorOf(error, source.name);
      if (line.log.state === 'open' && told.code !== 'aborted' && order.request) this.#counts.failed++;
      if (order.request) line.setOrigin('fresh'); // Else it was only looked for.
      line.log.fail(told);
    } finally {
      line.abort.abort();
      if (this.#active.get(line.key) === line) this.#active.delete(line.key);
    }
  }

  #keep(line: Line): void {
    this.#kept.set(line.key, line);
    if (this.#active.get(line.key) === line) this.#active.delete(line.key);
  }

  shareOf(line: Line): string {
    line.share ??= shareOf(line.key, this.#store.secret);
    return line.share;
  }

  handleRelease(line: Line, { pay, early }: Asker, withdrawn: boolean): void {
    line.wants--;
    if (withdrawn && early) line.prefetches--;
    const payer = pay ? line.payers.indexOf(pay) : -1;
    if (payer >= 0 && line.prefetches === 0) line.payers.splice(payer, 1);
    if (!isWanted(line)) void this.#leave(line);
  }

  #handle(line: Line, role: AskerRole, asker: Asker): SharedLine {
    line.whenOrigin((origin) => this.#counts[originFor(role, origin)]++);
    line.wants++;
    if (asker.pay && line.log.state === 'open') line.payers.push(asker.pay);
    return new SharedHandle(this, line, role, asker);
  }

  /** Nobody wants it here. It goes on as long as another gateway reads it. */
  async #leave(line: Line): Promise<void> {
    while (!isWanted(line) && line.log.state === 'open') {
      const readers = (await line.writer?.readers()) ?? 0;
      if (isWanted(line)) return;
      if (readers === 0) return this.#cancel(line);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS).unref());
    }
  }

  #cancel(line: Line): void {
    if (line.log.state !== 'open') return;
    this.#counts.cancelled++;
    if (this.#active.get(line.key) === line) this.#active.delete(line.key);
    line.log.fail(SpeechError.aborted());
    line.abort.abort();
  }
}

/** The part of one who comes when the line is there already. */
function roleIn({ log }: Line): AskerRole {
  return log.state === 'whole' ? 'kept' : 'later';
}

function isWanted({ wants, prefetches }: Line): boolean {
  return wants > 0 || prefetches > 0;
}
