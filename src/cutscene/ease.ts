import type { Ease } from './script.ts';

/** Share of the way that is behind after a share of the time, 0 to 1: cubic, so that a movement starts and stops softly. */
export function eased(ease: Ease, share: number): number {
  switch (ease) {
    case 'linear':
      return share;
    case 'in':
      return share * share * share;
    case 'out':
      return 1 - (1 - share) ** 3;
    case 'in-out':
      return share < 0.5 ? 4 * share * share * share : 1 - 4 * (1 - share) ** 3;
  }
}
