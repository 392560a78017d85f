import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the bench keeps what it alone needs: packages of other licences stay out of the project's own. */
const FOLDER = process.env.PARLEY_BENCH_PACKAGES ?? join(tmpdir(), 'parley-bench');

/** The file that an npm package names as its entry; installed on first use. */
export function benchPackage(name: string, version: string, file = ''): string {
  const place = join(FOLDER, 'node_modules', name);
  if (!existsSync(place)) {
    mkdirSync(FOLDER, { recursive: true });
    if (!existsSync(join(FOLDER, 'package.json')))
      writeFileSync(join(FOLDER, 'package.json'), '{"private":true}');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${version}`], {
      cwd: FOLDER,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return file ? join(place, file) : createRequire(join(FOLDER, 'package.json')).resolve(name);
}

/** Installs Debian packages that are missing; throws where that cannot be done, and says what to do. */
export function debianPackages(...names: readonly string[]): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): boolean =>
    spawnSync('apt-get', ['-q', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  const install = ['install', '--yes', '--no-install-recommends', ...missing];
  if (!apt(...install) && !(apt('update') && apt(...install))) {
    throw new Error(`Debian packages are needed: as root, apt-get install ${missing.join(' ')}`);
  }
}

function isInstalled(name: string): boolean {
  const { status, stdout } = spawnSync('dpkg-query', ['-s', name], { encoding: 'utf8' });
  return status === 0 && stdout.includes('Status: install ok installed');
}
