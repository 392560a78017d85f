import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const src = join(root, 'src');

/** Folders that each folder of src may import besides itself. */
const ARROWS: Record<string, readonly string[]> = {
  speech: [],
  pcm: ['speech'],
  clock: ['speech', 'pcm'],
  protocol: ['speech'],
  thread: [],
  lipsync: ['speech', 'clock', 'pose'],
  pose: ['speech', 'clock', 'lipsync'],
  voices: ['speech', 'protocol', 'pcm', 'clock', 'lipsync', 'pose', 'thread'],
  synth: ['speech', 'pcm', 'clock', 'lipsync', 'pose', 'thread'],
  playback: ['speech', 'pcm', 'clock', 'lipsync', 'pose', 'director'],
  face: ['speech', 'pcm', 'clock', 'lipsync', 'pose'],
  director: [],
  cutscene: ['speech'],
  npc: ['speech', 'pcm', 'clock', 'lipsync', 'pose', 'director', 'thread', 'playback', 'face'],
  captions: ['speech', 'director', 'npc'],
  bubbles: ['speech', 'captions', 'npc'],
  inspector: ['speech', 'pose', 'npc'],
  gateway: ['speech', 'protocol', 'pcm', 'clock', 'lipsync', 'pose', 'voices', 'synth'],
  stage: ['speech', 'pose', 'lipsync', 'cutscene', 'npc'],
  cli: ['speech', 'pcm', 'clock', 'lipsync', 'pose', 'voices', 'synth', 'gateway', 'face'],
};

/** Packages that each folder may import; `node` stands for Node's own modules. None where a folder is not named. */
const PACKAGES: Record<string, RegExp> = {
  thread: /^node:worker_threads$/,
  cutscene: /^jsonc-parser$/,
  voices: /^(node:|ws$|cockatiel$|opus-decoder$|@aws-sdk\/client-polly$)/,
  synth: /^(node:|@echogarden\/)/,
  playback: /^@babylonjs\/core\//,
  face: /^@babylonjs\/(core|loaders)\//,
  npc: /^@babylonjs\/core\//,
  captions: /^@babylonjs\/core\//,
  bubbles: /^@babylonjs\/(core|gui)\//,
  inspector: /^(@babylonjs\/inspector|react)$/,
  gateway:
    /^(node:|ws$|jose$|pino$|prom-client$|valibot$|lru-cache$|cacache$|rate-limiter-flexible$|ioredis$|@evan\/opus$)/,
  stage: /^@babylonjs\/core\//,
  cli: /^(node:|ws$|commander$)/,
};

/** Pure folders know neither a page, a server nor the time of day. */
const PURE = ['speech', 'protocol', 'pcm', 'clock', 'lipsync', 'pose', 'director', 'cutscene'];
const IMPURE =
  /\b(document|window|navigator|process|performance|Date\.now|new Date\(|setTimeout|setInterval|requestAnimationFrame|WebSocket|fetch\(|Math\.random|AudioContext)\b/;

/** Captions are worked out without a page; what shows them knows it. */
function isPure([folder = '', next = '']: readonly string[]): boolean {
  return PURE.includes(folder) || (folder === 'captions' && next !== 'page' && next !== 'index.ts');
}

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function sources(): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(src, path));
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

function importsOf(file: string): Import[] {
  const code = withoutComments(readFileSync(file, 'utf8'));
  const folder = relative(src, file).split(sep)[0] ?? '';
  const found = code.matchAll(
    /(?:^|\n)\s*(import|export)\s+(type\s)?[^'"\n;]*?(?:\{[^}]*\})?[^'"\n;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g,
  );
  const links = [...found].map((match) => ({
    file: relative(root, file),
    folder,
    target: (match[3] ?? match[4] ?? match[5])!,
    typeOnly: match[2] !== undefined,
  }));
  return links.filter((link) => !link.target.includes('${')); // Code in a string, not an import of this file.
}

function folderOf(link: Import): string | undefined {
  if (!link.target.startsWith('.')) return undefined;
  return relative(src, join(root, dirname(link.file), link.target)).split(sep)[0];
}

/** All files reached from an entry by imports that survive compilation. */
function reachedFrom(entry: string): Set<string> {
  const reached = new Set<string>();
  const open = [join(src, entry)];
  for (let file = open.pop(); file; file = open.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    for (const link of importsOf(file)) {
      if (link.target.startsWith('.') && !link.typeOnly) open.push(join(dirname(file), link.target));
    }
  }
  return reached;
}

const all = sources().flatMap(importsOf);

describe('the arrows between folders', () => {
  it('point only where the architecture lets them', () => {
    const crooked = all
      .filter((link) => link.folder in ARROWS)
      .filter((link) => {
        const to = folderOf(link);
        return to !== undefined && to !== link.folder && !ARROWS[link.folder]!.includes(to);
      })
      .map((link) => `${link.file} -> ${link.target}`);
    expect(crooked).toEqual([]);
  });

  it('reach only the packages that each folder may use', () => {
    const crooked = all
      .filter((link) => !link.target.startsWith('.') && link.folder in ARROWS)
      .filter((link) => !PACKAGES[link.folder]?.test(link.target))
      .map((link) => `${link.file} -> ${link.target}`);
    expect(crooked).toEqual([]);
  });

  it('leave no folder unnamed', () => {
    const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map((entry) => entry.name).filter((name) => !(name in ARROWS))).toEqual([]);
  });
});

describe('adapters of services', () => {
  const SHARED = /^voices\/(session|pool|timed|tracks)$|^voices$/;

  it('do not know one another', () => {
    const crooked = all.flatMap((link) => {
      const from = relative(src, dirname(join(root, link.file)));
      const to = link.target.startsWith('.') ? relative(src, join(src, from, dirname(link.target))) : '';
      const strangers = from.startsWith('voices/') && to.startsWith('voices') && from !== to;
      return strangers && !SHARED.test(to) ? [`${link.file} -> ${link.target}`] : [];
    });
    expect(crooked).toEqual([]);
  });
});

describe('pure folders', () => {
  it('know no page, no server and no clock of their own', () => {
    const impure = sources()
      .filter((file) => isPure(relative(src, file).split(sep)))
      .flatMap((file) => {
        const hit = withoutComments(readFileSync(file, 'utf8')).match(IMPURE);
        return hit ? [`${relative(root, file)}: ${hit[0]}`] : [];
      });
    expect(impure).toEqual([]);
  });
});

describe('the entry for games', () => {
  it('never reaches the gateway, the command line, local synthesis, captions or Node', () => {
    const reached = [...reachedFrom('index.ts')].map((file) => relative(src, file));
    expect(reached.length).toBeGreaterThan(10);
    expect(reached.filter((file) => /^(gateway|cli|synth|captions|bubbles|inspector)\b/.test(file))).toEqual(
      [],
    );
    expect(reached.filter((file) => /^voices\/(pool\/|testing\/|session\/node-socket)/.test(file))).toEqual(
      [],
    );
    const packages = [...reachedFrom('index.ts')].flatMap(importsOf).filter((link) => !link.typeOnly);
    expect(packages.filter((link) => /^(node:|ws$|commander|valibot|cockatiel)/.test(link.target))).toEqual(
      [],
    );
  });
});

describe('the overlay', () => {
  it('reaches neither React nor the Inspector', () => {
    const packages = [...reachedFrom('inspector/overlay.ts')]
      .flatMap(importsOf)
      .filter((link) => !link.typeOnly);
    expect(packages.filter(({ target }) => /react|inspector$/.test(target))).toEqual([]);
  });
});
