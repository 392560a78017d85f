import { createPhaseTable, type PhaseTable } from '../pcm/resampler.ts';

const tables = new WeakMap<BaseAudioContext, Map<number, PhaseTable>>();

/**
 * The filters from `sampleRate` to the rate of `context`: made once for all voices in it, and the same object each time.
 * Throws `InputError` for a rate that no line has.
 */
export function phaseTableOf(context: BaseAudioContext, sampleRate: number): PhaseTable {
  const known = tables.get(context) ?? new Map<number, PhaseTable>();
  tables.set(context, known);
  const table = known.get(sampleRate) ?? createPhaseTable(sampleRate, context.sampleRate);
  known.set(sampleRate, table);
  return table;
}
