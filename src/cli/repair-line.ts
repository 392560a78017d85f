import type { TimingRepair } from '../lipsync/timing/mender.ts';

/** What was wrong with the times of a service, for people. */
export function repairLine({ kind, of, amount, at }: TimingRepair): string {
  const seconds = (value: number): string => `${Math.abs(value).toFixed(2)} s`;
  const from = `from ${at.toFixed(2)} s on`;
  switch (kind) {
    case 'unit':
      return `repaired: times of ${of} came in ${amount === 1e-3 ? 'milliseconds' : `units of ${amount} s`}`;
    case 'restart':
      return `repaired: times of ${of} began anew, ${seconds(amount)} were added ${from}`;
    case 'shift':
      if (amount === 0) return `repaired: times of ${of} fit again ${from}`;
      return `repaired: times of ${of} were ${seconds(amount)} too ${amount < 0 ? 'late' : 'early'} ${from}`;
    case 'absent':
      return `repaired: no ${of} came for ${seconds(amount)} of speech ${from}, which were found in the sound`;
  }
}
