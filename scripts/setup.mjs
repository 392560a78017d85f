/**
 * Makes a fresh checkout ready: `node scripts/setup.mjs [--tests]`.
 * Needs nothing but Node and npm; takes a fraction of a second when there is nothing to do.
 * `--tests` also makes sure that a Chromium is there, since the browser tests run in a real one, and a Redis and an nginx,
 * since the gateway's need them.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';

/** Vite 8 and the library's own floor. */
const OLDEST_NODE = [20, 19];

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const onWindows = process.platform === 'win32';

/** @param {string} message says what is wrong and what to do next */
function fail(message) {
  console.error(`\n${message}\n`);
  process.exit(1);
}

/** @param {string} command @param {string[]} args */
function succeeds(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }; // Nobody may be there to answer a package.
  const result = spawnSync(command, args, { cwd: root, env, stdio: 'inherit', shell: onWindows });
  return result.status === 0;
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  fail(
    `Parley needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}. Install it from nodejs.org.`,
  );
}

/** Installs what package-lock.json says, unless that was done already for this very lock file. */
function installPackages() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).update(process.version).digest('hex');
  const stamp = join(root, 'node_modules', '.parley-setup');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing packages (once) …');
  if (!succeeds('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])) {
    fail(
      '`npm ci` failed; its message stands above. Check the network or the npm registry setting, then try again.',
    );
  }
  writeFileSync(stamp, wanted);
}

function onDebianAsRoot() {
  return process.platform === 'linux' && existsSync('/etc/debian_version') && process.getuid?.() === 0;
}

/** Playwright's own Chromium, where it was downloaded before; else undefined. */
function findPlaywrightChromium() {
  const { chromium } = createRequire(join(root, 'package.json'))('playwright-core');
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

/** @param {string} name of a Debian package */
function aptInstalls(name) {
  const install = ['-qq', 'install', '--yes', '--no-install-recommends', name];
  return succeeds('apt-get', ['-qq', 'update']) && succeeds('apt-get', install);
}

/** Installs a browser where there is none. Returns its path; it may still not start. */
function installChromium() {
  const there = findChromium() ?? findPlaywrightChromium();
  if (there) return there;
  console.log('No Chromium found; installing one for the browser tests (once) …');
  const asRoot = onDebianAsRoot();
  if (asRoot) {
    const installed = aptInstalls('chromium') && findChromium();
    if (installed) return installed;
  }
  const libraries = asRoot ? ['--with-deps'] : [];
  if (succeeds('npx', ['--no-install', 'playwright-core', 'install', ...libraries, 'chromium'])) {
    const downloaded = findPlaywrightChromium();
    if (downloaded) return downloaded;
  }
  fail(
    'The tests need Chromium or Chrome, and none could be installed here. ' +
      'Install one, or set CHROMIUM_BIN to its path, then run `npm test` again.',
  );
}

/**
 * Installs a server where there is none. Returns what it calls itself; undefined where it does not start.
 * @param {{ program: string, variable: string, package: string, versionOption?: string }} server
 */
function installServer({ program, variable, package: name, versionOption }) {
  const file = process.env[variable] ?? program;
  const there = versionOf(file, versionOption);
  if (there || process.env[variable]) return there;
  console.log(`No ${program} found; installing one for the tests of the gateway (once) …`);
  return onDebianAsRoot() && aptInstalls(name) ? versionOf(file, versionOption) : undefined;
}

const SERVERS = [
  {
    program: 'redis-server',
    variable: 'REDIS_SERVER_BIN',
    package: 'redis-server',
    wanted: '7 or newer (or Valkey)',
  },
  {
    program: 'nginx',
    variable: 'NGINX_BIN',
    package: 'nginx-light',
    versionOption: '-v',
    wanted: '1.20 or newer',
  },
];

/**
 * A trial start, which fails where system libraries are missing.
 * @param {string} program
 */
function versionOf(program, option = '--version') {
  const { status, stdout, stderr } = spawnSync(program, [option], { encoding: 'utf8' });
  return status === 0 ? (stdout || stderr).trim() : undefined; // nginx tells its version among the errors.
}

checkNode();
installPackages();
if (process.argv.includes('--tests')) {
  const browser = installChromium();
  const version = browser && versionOf(browser);
  if (!version) {
    fail(
      `${browser} does not start; system libraries may be missing. Set CHROMIUM_BIN to a Chromium or Chrome that ` +
        'starts, or install them: `npx playwright-core install-deps chromium` (as root).',
    );
  }
  console.log(`Browser tests run in ${version}.`);
  for (const server of SERVERS) {
    const shown = installServer(server);
    if (shown) {
      console.log(`Tests of the gateway run with ${shown.replace(/ sha=.*/, '')}.`);
      continue;
    }
    fail(
      `The tests of the gateway need ${server.program} ${server.wanted}, and none could be installed here. ` +
        `Install one, or set ${server.variable} to its path, then run \`npm test\` again.`,
    );
  }
}
