import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from './exit.ts';
import { cannotWrite, makeFolder } from './folder.ts';

/** A file to be written: its name in the folder, and its content. */
export type NamedContent = readonly [name: string, content: string | Uint8Array];

/**
 * Writes files that belong together: beside their goals, then renamed, so that no reader ever sees half a file; on
 * failure none of them is left. Makes the folder. Throws {@link UsageError}, which says what stands in the way.
 */
export async function writeTogether(folder: string, files: readonly NamedContent[]): Promise<void> {
  const written: string[] = [];
  try {
    await makeFolder(folder);
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
    throw cannotWrite(folder, error);
  }
}

/** Checked before the first file takes its place: if the second then could not, the first would have cost an earlier one. */
async function refuseFolder(folder: string, name: string): Promise<void> {
  const there = await stat(join(folder, name)).catch(() => undefined); // Most often there is nothing yet.
  if (there?.isDirectory()) throw new UsageError(`cannot write to ${folder}: ${name} there is a folder.`);
}
