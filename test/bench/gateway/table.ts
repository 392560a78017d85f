/** Figures as docs/reliability.md has them. */
import type { Measured } from './round.ts';

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Median, and from least to most. */
export function spread(values: readonly number[], digits = 1): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const middle = quantile(values, 0.5).toFixed(digits);
  return values.length > 1 ? `${middle} (${least.toFixed(digits)}–${most.toFixed(digits)})` : middle;
}

/** One line of the table: what was measured, and how that is to the bare broadcast of the same rounds. */
export function row(name: string, of: readonly Measured[], bare: readonly Measured[]): string[] {
  const ratio = of.map(({ p99 }, nth) => p99 / bare[nth]!.p99);
  return [
    name,
    spread(of.map(({ p50 }) => p50)),
    spread(of.map(({ p99 }) => p99)),
    of === bare ? '1' : spread(ratio, 2),
    spread(of.map(({ first }) => first)),
    spread(
      of.map(({ cpu }) => cpu * 100),
      0,
    ),
    String(of.reduce((sum, { wrong }) => sum + wrong, 0)),
    String(Math.max(...of.map(({ requests }) => requests))),
  ];
}

const HEAD = [
  'listeners',
  'delay p50, ms',
  'p99, ms',
  'p99 to bare',
  'first piece p50, ms',
  'CPU, % of a core',
  'lost or wrong',
  'times spoken',
];

export function table(rows: readonly (readonly string[])[], head: readonly string[] = HEAD): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
