import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Names under which Chromium and Chrome are installed, best first. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

/** Places outside PATH where macOS and Windows keep Chrome. */
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Flags for tests: WebGL 2 by software where there is no GPU, sound without a gesture, no calls home, and nothing
 * found beyond this machine: whatever needs a CDN fails here.
 * A test of the unlock path drops the autoplay flag.
 */
export const CHROMIUM_ARGS = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];

/**
 * The browser for tests: `CHROMIUM_BIN`, else an installed Chromium or Chrome.
 * @returns {string | undefined} its path; undefined leaves the choice to Playwright's own download
 */
export function findChromium() {
  const named = process.env.CHROMIUM_BIN;
  if (named) return named;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).concat(PLACES);
  return candidates.find((path) => existsSync(path));
}
