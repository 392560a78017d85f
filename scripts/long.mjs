/** `npm run test:long`: the same tests with soaks and full fuzzing. */
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('vitest', ['run', '--project', '!bench', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, PARLEY_LONG: '1' },
  shell: process.platform === 'win32',
});
process.exit(status ?? 1);
