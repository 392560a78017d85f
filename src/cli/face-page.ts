import type { FaceReport, ShapeReport } from '../face/report.ts';
import { ANGLES, type Channel, EXPRESSIONS, FACE_PARTS } from '../pose/channels.ts';
import { VISEMES } from '../speech/viseme.ts';

/** Width of a page, characters. */
const WIDTH = 100;
const INDENT = '  ';

/** A report as a developer reads it. */
export function facePage(file: string, report: FaceReport): string {
  const { visemes, channels, meshes, problems, score, scheme, reason } = report;
  const lines = [`${file}: ${score} of 100 (${scheme})`, ...wrapped(reason, '')];

  lines.push('', 'Visemes');
  const width = Math.max(...VISEMES.map((viseme) => viseme.length));
  for (const viseme of VISEMES) lines.push(...rowOf(viseme.padEnd(width), visemes[viseme]));

  const groups: readonly (readonly [string, readonly Channel[]])[] = [
    ['Face parts', FACE_PARTS],
    ['Whole expressions', EXPRESSIONS],
    ['Turning', ANGLES],
  ];
  for (const [title, names] of groups) {
    const there = names.filter((name) => channels[name]);
    lines.push('', `${title}: ${there.length} of ${names.length}`);
    const plain = there.filter((name) => channels[name]!.from.join() === name);
    if (plain.length > 0) lines.push(...wrapped(plain.join(' '), INDENT));
    const others = there.filter((name) => !plain.includes(name));
    const widest = Math.max(0, ...others.map((name) => name.length));
    for (const name of others) lines.push(...rowOf(name.padEnd(widest), channels[name]!));
  }

  const emotions = Object.entries(report.emotions);
  const partly = emotions.filter(([, { missing }]) => missing.length > 0);
  lines.push('', `Emotions: ${emotions.length - partly.length} of ${emotions.length} in full`);
  const broadest = Math.max(0, ...partly.map(([name]) => name.length));
  for (const [name, { share, missing }] of partly) {
    const head = `${INDENT}${name.padEnd(broadest)}  ${`${Math.round(100 * share)} %`.padStart(4)}  `;
    const [first = '', ...rest] = wrapped(`without ${missing.join(', ')}`, ' '.repeat(head.length));
    lines.push(head + first.trimStart(), ...rest);
  }

  lines.push('', `Meshes with morph targets: ${meshes.length}`);
  const longest = Math.max(0, ...meshes.map(({ name }) => name.length));
  for (const { name, targets, driven } of meshes) {
    lines.push(`${INDENT}${name.padEnd(longest)}  ${driven} of ${targets} targets used`);
  }

  lines.push('', problems.length === 0 ? 'No problems.' : `Problems: ${problems.length}`);
  for (const { code, message, cure } of problems) {
    lines.push(...wrapped(`${code}: ${message}`, INDENT), ...wrapped(`→ ${cure}`, INDENT + INDENT));
  }
  return lines.join('\n');
}

function rowOf(name: string, { origin, from }: ShapeReport): string[] {
  const what = from.length > 0 ? from.join(', ') : origin === 'missing' ? '' : 'lips at rest';
  const head = `${INDENT}${name}  ${origin.padEnd('missing'.length)}  `;
  const [first = '', ...rest] = wrapped(what, ' '.repeat(head.length));
  return [(head + first.trimStart()).trimEnd(), ...rest];
}

/** Words in lines of the page's width, each after `indent`. */
function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, indent + line];
}
