/** The plan of docs/gateway.md is what its own assumptions come to. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const page = await readFile(join(import.meta.dirname, '../../../docs/gateway.md'), 'utf8');

const HEARING = 0.1;
const LINE = { seconds: 4, characters: 60, unitSeconds: 0.6 };
const DOLLARS = [4.2, 15] as const;
const DAY = 86_400;
const RATES = { pcm: 44_100 * 16, opus: 32_000 };

function plan(players: number, kept: number) {
  const heard = (players * HEARING) / LINE.seconds;
  const fresh = heard * (1 - kept);
  const cost = (lines: number) =>
    DOLLARS.map((dollars) =>
      Math.round((lines * LINE.characters * DAY * dollars) / 1e6).toLocaleString('en'),
    ).join('–');
  const egress = (rate: number) => players * HEARING * rate;
  return {
    heard,
    fresh,
    units: Math.max(1, Math.ceil(fresh * LINE.unitSeconds - 1e-9)),
    costs: `$${cost(heard)} → $${cost(fresh)}`,
    megabits: [egress(RATES.pcm) / 1e6, egress(RATES.opus) / 1e6],
    terabytes: [RATES.pcm, RATES.opus].map((rate) => (egress(rate) / 8 / 1e12) * DAY * 30),
  };
}

/** Cells of the rows with so many players in the table with this head. */
function rows(head: string, players: string): string[][] {
  const table = page.slice(page.indexOf(head)).split('\n\n')[0]!;
  return table
    .split('\n')
    .map((row) => row.split('|').map((cell) => cell.trim()))
    .filter(([, first = '']) => first === players || first.startsWith(`${players} `));
}

const numbers = (cell: string) =>
  [...cell.matchAll(/\d[\d,]*(?:\.\d+)?/g)].map(([text]) => Number(text.replaceAll(',', '')));

it.each([
  [10, 0.5, 0],
  [1_000, 0.9, 0],
  [100_000, 0.9, 0],
  [100_000, 0.99, 1],
])('for %i players, of whose lines %f are kept or shared', (players, kept, nth) => {
  const { heard, units, costs, megabits, terabytes } = plan(players, kept);
  const cells = rows('| players | gateways |', players.toLocaleString('en'))[nth]!;
  const [, , , , lines, share, need, peak, month, day] = cells as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  expect(numbers(lines)).toEqual([heard]);
  expect(numbers(share)).toEqual([kept * 100]);
  expect(numbers(need)).toEqual([units]);
  expect(day).toBe(costs);
  if (nth > 0) return; // As above.
  for (const [told, real] of [
    [numbers(peak), megabits],
    [numbers(month), terabytes],
  ] as const) {
    for (const [at, value] of told.entries())
      expect(Math.abs(value - real[at]!)).toBeLessThan(Math.max(0.006, real[at]! * 0.04));
  }
});

it('messages between gateways', () => {
  const table = page.slice(page.indexOf('| players | | deliveries')).split('\n\n')[0]!.split('\n').slice(2);
  const kept = [0.9, 0.99, 0.99, 0.9];
  expect(table).toHaveLength(kept.length);
  for (const [at, row] of table.entries()) {
    const [, players = '', of = '', deliveries = ''] = row.split('|');
    const [fresh = 0, gateways = 0] = numbers(of);
    expect(fresh).toBeCloseTo(plan(numbers(players)[0]!, kept[at]!).fresh, 6);
    expect(numbers(deliveries)).toEqual([fresh * 100 * gateways]);
  }
});

it('lines in a cache', () => {
  const [, at44 = '', at24 = ''] = /1 GB holds ([\d,]+) lines at 44\.1 kHz, ([\d,]+) at 24 kHz/.exec(page)!;
  for (const [told, rate] of [
    [at44, 44_100],
    [at24, 24_000],
  ] as const) {
    expect(numbers(told)[0]! / (1e9 / (LINE.seconds * rate * 2))).toBeCloseTo(1, 1);
  }
});

it('what lies in Redis for a minute', () => {
  const [, perLine, some, few, most] =
    /(\d+) MB for each fresh line.*?so (\d+) MB for.*?and ([\d.]+) to ([\d.]+) GB/s.exec(page)!.map(Number);
  const bytes = (LINE.seconds * RATES.pcm * 60) / 8;
  const fresh = (players: number, kept: number) => plan(players, kept).fresh * bytes;
  expect(perLine).toBe(Math.round(bytes / 1e6));
  expect(some).toBe(Math.round(fresh(1_000, 0.9) / 1e6));
  expect([few, most]).toEqual([
    Number((fresh(100_000, 0.99) / 1e9).toFixed(2)),
    Number((fresh(100_000, 0.9) / 1e9).toFixed(1)),
  ]);
});
