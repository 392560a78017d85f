import { readFileSync, writeFileSync } from 'node:fs';
import type { Accuracy } from './score.ts';

/** One way of timing on one kind of speech. */
export interface Row {
  readonly way: string;
  readonly set: string;
  readonly found: Accuracy;
  /** Seconds of speech for each second of one core; undefined where it only follows real time. */
  readonly speed: number | undefined;
  /** What was missed of what must be, and of what is aimed at; undefined where nothing is asked of it. */
  readonly must?: readonly string[] | undefined;
  readonly aim?: readonly string[] | undefined;
}

export const HEAD = ['', 'visemes', 'groups', 'closures', 'false/min', 'r', 'late by', 'onset', 'speed', ''];

const percent = (value: number): string => (Number.isNaN(value) ? '–' : `${(100 * value).toFixed(0)} %`);
const number = (value: number, digits: number, unit = ''): string =>
  Number.isFinite(value) ? `${value.toFixed(digits)}${unit}` : '–';

/** The figures of a row as text. */
export function cellsOf({ found, speed, must, aim }: Row): string[] {
  return [
    percent(found.visemes),
    percent(found.groups),
    percent(found.closures),
    number(found.falsePerMinute, 1),
    number(found.r, 2),
    number(found.lagMs, 0, ' ms'),
    number(found.onsetMs, 0, ' ms'),
    speed === undefined ? 'live' : speed > 1000 ? '–' : `${speed.toFixed(0)}x`,
    must === undefined
      ? ''
      : must.length > 0
        ? `MISSES ${must.join(' ')}`
        : aim?.length === 0
          ? 'aim'
          : 'must',
  ];
}

/** A row for a terminal. */
export function line(cells: readonly string[]): string {
  return cells
    .map((text, column) => (column === 0 ? text.padEnd(30) : column === 9 ? `  ${text}` : text.padStart(10)))
    .join('');
}

/** All rows side by side: ways by measures over everything, and ways by kinds of speech. */
export function markdown(rows: readonly Row[], sets: readonly string[]): string {
  const ways = [...new Set(rows.map(({ way }) => way))];
  const of = (way: string, set: string): Row | undefined =>
    rows.find((row) => row.way === way && row.set === set);
  const table = (head: readonly string[], body: readonly (readonly string[])[]): string =>
    [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const all = ways.map((way) => [way, ...cellsOf(of(way, 'all')!).slice(0, 8)]);
  const each = ways.map((way) => [
    way,
    ...sets.map((set) => {
      const row = of(way, set);
      if (!row) return '';
      const [visemes, , closures, , r] = cellsOf(row);
      return `${visemes}, ${closures}, ${r}`;
    }),
  ]);
  return `${table(HEAD.slice(0, 9), all)}\n\nVisemes, closures found and r for each kind of speech (* voices, ** a language that training never heard):\n\n${table(['', ...sets], each)}`;
}

const [BEGIN, END] = [
  '<!-- accuracy: written by npm run bench:visemes -- --docs -->',
  '<!-- end of accuracy -->',
];

/** Puts a table between its marks in a page of the docs. */
export function writeInto(page: string, content: string): void {
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${page} has no marks for the table`);
  writeFileSync(page, `${text.slice(0, from + BEGIN.length)}\n\n${content}\n\n${text.slice(to)}`);
}
