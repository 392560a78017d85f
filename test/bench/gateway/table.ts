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
  const ratio = (key: 'p99' | 'memory') =>
    of === bare
      ? '1'
      : spread(
          of.map((each, nth) => each[key] / bare[nth]![key]),
          2,
        );
  return [
    name,
    spread(of.map(({ p50 }) => p50)),
    spread(of.map(({ p99 }) => p99)),
    ratio('p99'),
    spread(
      of.map(({ cpu }) => cpu * 100),
      0,
    ),
    spread(of.map(({ memory }) => memory / 1_000)),
    ratio('memory'),
    String(of.reduce((sum, { wrong }) => sum + wrong, 0)),
    spread(
      of.map(({ requests }) => requests),
      0,
    ),
  ];
}

const HEAD = [
  'listeners',
  'delay p50, ms',
  'p99, ms',
  'p99 to bare',
  'CPU, % of a core',
  'memory each, kB',
  'memory to bare',
  'lost or wrong',
  'times spoken',
];

export function table(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(HEAD), line(HEAD.map(() => '---')), ...rows.map(line)].join('\n');
}
