import { describe, expect, it } from 'vitest';
import { RUN_FIELDS, RunLog } from '../../../src/playback/worklet/run-log.ts';

describe('what a receipt tells of', () => {
  it('is copied in no more than twice its own length, and is the same array each time', () => {
    const log = new RunLog();
    expect(log.parcel.length).toBe(0);
    const seen = new Map<number, Float64Array>();
    for (let run = 0; !log.full; run++) {
      log.add(1_000 * run, 10 + run, 77 * run, 10);
      const { parcel } = log;
      expect([...parcel.subarray(0, log.count * RUN_FIELDS)]).toEqual([
        ...log.data.subarray(0, log.count * RUN_FIELDS),
      ]);
      expect(parcel.length).toBeLessThan(2 * log.count * RUN_FIELDS);
      expect(seen.get(parcel.length) ?? parcel).toBe(parcel);
      seen.set(parcel.length, parcel);
    }
    expect(log.count).toBeGreaterThan(32);
    log.clear();
    log.add(5, 128, 0, 128);
    expect(log.parcel.byteLength).toBe(32);
  });
});
