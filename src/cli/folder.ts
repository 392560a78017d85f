import { UsageError } from './exit.ts';

export { makeFolder } from '../gateway/lines/make-folder.ts';

/** What stands in the way of a file, for people; Node's own message holds names of temporary files. */
const OBSTACLES: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file, not a folder',
  ENOTDIR: 'a part of that path is a file, not a folder',
  ENOENT: 'nothing can be made there',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'that disk can only be read',
  ENOSPC: 'the disk is full',
};

/** The error of a folder that cannot be written to, as people would say it. */
export function cannotWrite(folder: string, error: unknown): UsageError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new UsageError(`cannot write to ${folder}: ${OBSTACLES[code] ?? message}.`);
}
