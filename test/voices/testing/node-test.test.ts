import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('the checks run in Node’s own test runner, and leave nothing that keeps it from ending', () => {
  const file = join(import.meta.dirname, 'acme/under-node-test.ts');
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', '--test-reporter=tap', file], {
    encoding: 'utf8',
    env,
    timeout: 60_000,
  });
  expect(stdout).toMatch(/^# fail 0$/m);
  expect(stdout).toMatch(/^# pass 10$/m);
  expect(status).toBe(0);
}, 90_000);
