/** The plain part of YAML: maps, lists of texts, and texts, on lines of their own. Throws for anything else. */
export type Plain = string | string[] | { [key: string]: Plain };

interface Row {
  readonly indent: number;
  readonly text: string;
}

export function parsePlainYaml(source: string): Plain {
  const rows = source
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .map((line) => ({ indent: line.search(/\S/), text: line.trim() }));
  const { value, next } = valueAt(rows, 0, 0);
  if (next < rows.length) throw new Error(`Unexpected indent: ${rows[next]!.text}`);
  return value;
}

function valueAt(rows: readonly Row[], at: number, indent: number): { value: Plain; next: number } {
  if (rows[at]?.text.startsWith('- ')) {
    const list: string[] = [];
    for (let row = rows[at]; row?.indent === indent && row.text.startsWith('- '); row = rows[++at]) {
      list.push(scalar(row.text.slice(2)));
    }
    return { value: list, next: at };
  }
  const map: { [key: string]: Plain } = {};
  for (let row = rows[at]; row?.indent === indent; row = rows[at]) {
    const [, key, rest = ''] = /^([\w-]+):(?: (.*))?$/.exec(row.text) ?? [];
    if (key === undefined || key in map) throw new Error(`Not plain, or twice: ${row.text}`);
    const deeper = rows[at + 1]?.indent ?? 0;
    if (rest !== '') {
      map[key] = scalar(rest);
      at++;
    } else if (deeper > indent) ({ value: map[key], next: at } = valueAt(rows, at + 1, deeper));
    else throw new Error(`Nothing follows ${key}.`);
  }
  return { value: map, next: at };
}

function scalar(text: string): string {
  const [, quoted] = /^"([^"\\]*)"$/.exec(text) ?? [];
  if (quoted !== undefined) return quoted;
  if (/^[&*!|>'"%@`{[]|\s#|: /.test(text)) throw new Error(`Not plain: ${text}`);
  return text;
}
