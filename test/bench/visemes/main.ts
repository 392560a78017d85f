/** `npm run bench:visemes`: how good the mouth is, and how near timing comes that had to be made. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const parts = ['./mouth.bench.ts', './accuracy/accuracy.bench.ts'];
const failed = parts.filter((part) => {
  const file = fileURLToPath(new URL(part, import.meta.url));
  return (
    spawnSync(process.execPath, [...process.execArgv, file, ...process.argv.slice(2)], { stdio: 'inherit' })
      .status !== 0
  );
});
process.exit(failed.length > 0 ? 1 : 0);
