import type { Run } from '../driver/run.ts';
import { type Row, rowsOf } from './rows.ts';

/** Facts down, networks across: one table for each rate. */
export function tableOf(runs: readonly Run[]): string {
  const rates = [...new Set(runs.map(({ rate }) => rate))];
  return rates.map((rate) => tableOfRate(runs.filter((run) => run.rate === rate))).join('\n\n');
}

function tableOfRate(runs: readonly Run[]): string {
  const columns = runs.map(rowsOf);
  const facts = new Map<string, Row>();
  const keys = columns.map((rows) => keyed(rows));
  for (const rows of keys) for (const [key, row] of rows) facts.set(key, facts.get(key) ?? row);
  const order = [...facts.keys()].sort((a, b) => placeOf(a, keys) - placeOf(b, keys));
  const lines = order.map((key) => {
    const { fact, aim } = facts.get(key)!;
    return [fact, aim, ...keys.map((rows) => cellOf(rows.get(key)))];
  });
  const first = runs[0]!;
  const rates = `${first.rate / 1000} -> ${first.recording.sampleRate / 1000} kHz`;
  const head = [rates, 'aim', ...runs.map(({ network }) => network.name)];
  const secondHead = ['', '', ...runs.map(({ seconds }) => `${seconds.toFixed(0)} s`)];
  return aligned([head, secondHead, ...lines]);
}

/** Rows by fact; a fact that stands below another carries its name. */
function keyed(rows: readonly Row[]): Map<string, Row> {
  const map = new Map<string, Row>();
  let above = '';
  for (const row of rows) {
    if (!row.fact.startsWith('  ')) above = row.fact;
    map.set(`${above}/${row.fact}`, row);
  }
  return map;
}

/** Where a fact stands in the column that has the most. */
function placeOf(key: string, columns: readonly Map<string, Row>[]): number {
  const longest = columns.reduce((a, b) => (b.size > a.size ? b : a));
  const place = [...longest.keys()].indexOf(key);
  return place < 0 ? longest.size : place;
}

function cellOf(row: Row | undefined): string {
  if (!row) return '';
  return row.met === false ? `${row.value} FAIL` : row.value;
}

/** Facts, aims and values, one below the other. */
export function listOf(title: string, rows: readonly Row[]): string {
  return aligned([[title, 'aim', ''], ...rows.map((row) => [row.fact, row.aim, cellOf(row)])]);
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}
