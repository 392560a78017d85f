import { execFileSync } from 'node:child_process';
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

/** Installs Debian packages that are missing; throws where that cannot be done. */
export function debianPackages(...names: readonly string[]): void {
  const missing = names.filter((name) => {
    try {
      return !execFileSync('dpkg-query', ['-s', name], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
        .toString()
        .includes('Status: install ok installed');
    } catch {
      return true;
    }
  });
  if (missing.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
