import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from './exit.ts';

/** A file to be written: its name in the folder, and its content. */
export type NamedContent = readonly [name: string, content: string | Uint8Array];

/** What stands in the way of a file, for people; Node's own message holds names of temporary files. */
const OBSTACLES: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file, not a folder',
  ENOTDIR: 'a part of that path is a file, not a folder',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'that disk can only be read',
  ENOSPC: 'the disk is full',
};

/**
 * Writes files that belong together: beside their goals, then renamed, so that no reader ever sees half a file; on
 * failure none of them is left. Makes the folder. Throws {@link UsageError}, which says what stands in the way.
 */
export async function writeTogether(folder: string, files: readonly NamedContent[]): Promise<void> {
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const [name] of files) await refuseFolder(folder, name);
    for (const [name, content] of files) {
      const temporary = join(folder, `.${name}.${process.pid}.part`);
      written.push(temporary);
      await writeFile(temporary, content);
    }
    for (const [index, [name]] of files.entries()) {
      await rename(written[index]!, join(folder, name));
      written[index] = join(folder, name);
    }
  } catch (error) {
    for (const file of written) await rm(file, { force: true }).catch(() => {}); // The first error says what is wrong.
    if (error instanceof UsageError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot write to ${folder}: ${OBSTACLES[code] ?? message}.`);
  }
}

/** Checked before the first file takes its place: if the second then could not, the first would have cost an earlier one. */
async function refuseFolder(folder: string, name: string): Promise<void> {
  const there = await stat(join(folder, name)).catch(() => undefined); // Most often there is nothing yet.
  if (there?.isDirectory()) throw new UsageError(`cannot write to ${folder}: ${name} there is a folder.`);
}
