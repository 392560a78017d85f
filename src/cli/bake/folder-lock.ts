import { readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { UsageError } from '../exit.ts';
import { cannotWrite, makeFolder } from '../folder.ts';

/** Lies in a folder while a run writes there: `PROCESS COMPUTER`. */
const LOCK = '.parley-bake.lock';

/**
 * Does work on a folder that nobody else may write to meanwhile: two runs would each write the manifest without the
 * lines of the other. Makes the folder, and takes it away again where nothing was put into it. Throws
 * {@link UsageError}, before any work, for a folder in which another run works or nothing can be written.
 */
export async function whileLocked<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const lock = join(folder, LOCK);
  const made = await lockFolder(folder, lock);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
    if (made !== undefined) await removeEmpty(folder, made);
  }
}

async function lockFolder(folder: string, lock: string): Promise<string | undefined> {
  const own = `${process.pid} ${hostname()}`;
  try {
    const made = await makeFolder(folder);
    while (!(await create(lock, own))) {
      const holder = await holderOf(lock);
      if (holder !== undefined && !(await takeFrom(lock, holder))) throw inUse(folder, lock, holder);
    }
    return made;
  } catch (error) {
    throw error instanceof UsageError ? error : cannotWrite(folder, error);
  }
}

async function create(lock: string, content: string): Promise<boolean> {
  try {
    await writeFile(lock, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Who holds a folder; undefined where it has just been let go. */
async function holderOf(lock: string): Promise<string | undefined> {
  try {
    return await readFile(lock, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Takes the lock away from a run that ended without doing so; false where it may be running still. */
async function takeFrom(lock: string, holder: string): Promise<boolean> {
  const [pid, host] = holder.split(' ');
  if (host !== hostname() || isRunning(Number(pid))) return false;
  const taken = `${lock}.${process.pid}`;
  try {
    await rename(lock, taken);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true; // Another was faster: look again.
    throw error;
  }
  // Whoever was faster may hold it by now; then it is given back.
  if ((await readFile(taken, 'utf8')) === holder) await rm(taken);
  else await rename(taken, lock);
  return true;
}

/** Whether a process other than this one runs; in a container each run may have the same number. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inUse(folder: string, lock: string, holder: string): UsageError {
  const [pid = '', host = ''] = holder.split(' ');
  const where = host === hostname() ? '' : ` on ${host}`;
  return new UsageError(
    `another parley bake (process ${pid}${where}) is writing to ${folder}; wait for it, or if it runs no more, remove ${lock}.`,
  );
}

/** Removes a folder and those above it, up to `first`, as far as they are empty. */
async function removeEmpty(folder: string, first: string): Promise<void> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      return; // Something lies there.
    }
    if (at === first) return;
  }
}
