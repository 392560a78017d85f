import type { Lexicon } from '../../speech/lexicon.ts';
import type { SpeechRequest, VoiceSource } from '../../speech/source.ts';
import type { LeaseStore } from '../../voices/pool/lease-store.ts';
import { type PooledVoices, poolVoices } from '../../voices/pool/pool.ts';
import type { Timeouts } from '../../voices/session/socket-line.ts';
import { standInFor } from '../../voices/stand-ins.ts';
import { numberOption } from '../numbers.ts';

/** What a source may be told on the command line. Keys come only from the environment or the address. */
export interface SourceSettings {
  /** Address of the service. Default: the service's own. */
  readonly url?: string | undefined;
  /** The option that gives it, for messages. */
  readonly urlOption: '--url' | '--upstream';
  /** Longest wait for the connection, for the first audio, and between messages, seconds. */
  readonly timeout?: number | undefined;
  /** Longest wait of a line for its turn, seconds. Default: as patient as a gateway, or somebody at a terminal, is. */
  readonly turnSeconds?: number | undefined;
  /** How words are said. */
  readonly lexicon?: Lexicon | undefined;
  /** Where units of the service's account are counted. Default: in this process alone. */
  readonly leases?: LeaseStore | undefined;
  /** Told of the pool in which lines wait for a service, where there is one. */
  readonly onPool?: (pool: PooledVoices) => void;
}

/** How a source is opened, and the voice that it speaks in when none is asked for. */
export interface SourceEntry {
  open(settings: SourceSettings): VoiceSource;
  voiceAt(url: string | undefined, lang?: string): string;
  /** The variable with the service's key. `optional`: it may be spoken to without one, at its own address too. */
  readonly key?: { readonly variable: string; readonly optional?: true };
  /** Whether it reads mark-up and the lexicon itself. */
  readonly readsMarkup?: boolean;
}

/**
 * Requests at a time that an account has, from the environment; else what the service gives to begin with, or more than
 * any has where nobody says.
 */
export function unitsOf(variable: string, usual: number): number {
  return (
    numberOption(variable, process.env[variable] || undefined, { min: 1, max: 10_000, whole: true }) ?? usual
  );
}

/** Requests in a minute that an account has, from the environment; undefined where it does not say. */
export function requestsPerMinuteOf(variable: string): number | undefined {
  return numberOption(variable, process.env[variable] || undefined, { min: 1, max: 1_000_000, whole: true });
}

/** One wait for all, where the command line says one. */
export function timeoutsOf(seconds: number | undefined): { timeouts?: Timeouts } {
  return seconds === undefined ? {} : { timeouts: { connect: seconds, firstAudio: seconds, stall: seconds } };
}

/** How long `parley say` waits for its turn where nothing else is said, seconds. */
const SOON = 8;

/** What a pool is made of: the source, its units, and its voices that stand for the ten by which clients ask. */
export interface Pooled {
  readonly source: VoiceSource;
  readonly units: number;
  /** Requests in a minute, where the account has a limit. */
  readonly requestsPerMinute?: number | undefined;
  readonly standIns: Readonly<Record<string, string>>;
}

/** A source whose lines wait for its units. A gateway is patient for its players; whoever waits at a terminal is told soon. */
export function pooled(
  { source, units, requestsPerMinute, standIns }: Pooled,
  { urlOption, timeout, turnSeconds, leases, onPool }: SourceSettings,
): PooledVoices {
  const request = (asked: SpeechRequest) => ({ ...asked, voice: standInFor(standIns, asked.voice) });
  const hasty = urlOption === '--url' && turnSeconds === undefined;
  const patience = hasty ? { retries: 0, maxWaitSeconds: timeout ?? SOON } : { maxWaitSeconds: turnSeconds };
  const service = { source, units, request, ...(requestsPerMinute && { requestsPerMinute }) };
  const pool = poolVoices({ services: [service], ...(leases && { leases }), ...patience });
  onPool?.(pool);
  return pool;
}
