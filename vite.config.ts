import { join } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { CHROMIUM_ARGS, findChromium } from './scripts/chromium.mjs';
import { threadsPlugin } from './scripts/threads-plugin.ts';
import { browserCommands } from './test/kit/browser-commands.ts';

const chromium = findChromium();

/** Soaks and full fuzzing take their time. */
const patience = process.env.PARLEY_LONG ? 10 : 1;

/**
 * Which tests run together, lowest first. Where sound is played, nothing runs beside it but one or two more of its kind:
 * these wait for most of their time (a line lasts as long as it lasts), and two of them leave a core of two half idle.
 */
const ORDER: Readonly<Record<string, number>> = { unit: 0, node: 0, browser: 1, e2e: 2, bench: 3 };

/** Tests in Node, in threads of their own: `workers` files at a time. */
function inNode(
  name: string,
  workers: number,
  seconds: number,
  ...folders: string[]
): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: folders.map((folder) => `test/${folder}/**/*.test.ts`),
      maxWorkers: workers,
      sequence: { groupOrder: ORDER[name]! },
      testTimeout: seconds * 1000 * patience,
      hookTimeout: seconds * 1000,
    },
  };
}

/** Tests in a real Chromium: `workers` files at a time, a page each. */
function inChromium(name: string, workers: number): TestProjectInlineConfiguration {
  return {
    extends: true,
    optimizeDeps: { entries: [`test/${name}/**/*.test.ts`, 'src/index.ts'] },
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      fileParallelism: workers > 1,
      maxWorkers: workers,
      sequence: { groupOrder: ORDER[name]! },
      testTimeout: 90_000 * patience,
      hookTimeout: 60_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        commands: browserCommands,
        provider: playwright({
          launchOptions: {
            ...(chromium ? { executablePath: chromium } : {}),
            chromiumSandbox: false,
            args: CHROMIUM_ARGS,
          },
        }),
        instances: [{ browser: 'chromium' }],
      },
    },
  };
}

export default defineConfig({
  root: process.env.VITEST ? '.' : 'demo',
  plugins: [threadsPlugin()],
  server: { host: '127.0.0.1' },
  build: {
    outDir: '../dist-demo',
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: {
      input: ['index.html', 'calibrate.html', 'shared.html'].map((page) =>
        join(import.meta.dirname, 'demo', page),
      ),
    },
  },
  assetsInclude: ['**/*.glb'],
  test: {
    globalSetup: 'test/kit/build-program.ts',
    projects: [
      inNode('unit', 4, 20, 'unit'),
      inNode('node', 4, 30, 'gateway', 'cli', 'voices'),
      inChromium('browser', 2),
      inNode('e2e', 2, 120, 'e2e'),
      inChromium('bench', 1),
    ],
  },
});
