import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_ARGS, findChromium } from './scripts/chromium.mjs';
import { workletPlugin } from './scripts/worklet-plugin.ts';
import { browserCommands } from './test/kit/browser-commands.ts';

const chromium = findChromium();

/** Tests that open Chromium run one file at a time: sound, frames and sockets share two cores. */
export default defineConfig({
  root: process.env.VITEST ? '.' : 'demo',
  plugins: [workletPlugin()],
  server: { host: '127.0.0.1' },
  build: { outDir: '../dist-demo', emptyOutDir: true, target: 'es2022' },
  assetsInclude: ['**/*.glb'],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/gateway/**/*.test.ts', 'test/cli/**/*.test.ts', 'test/voices/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        optimizeDeps: { entries: ['test/browser/**/*.test.ts', 'src/index.ts'] },
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
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
      },
    ],
  },
});
