import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it; resolves with the uppermost that was not there. Node's own `recursive` never ends
 * below `/proc` (Node 20), where folders are found and none can be made.
 */
export async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder);
    return folder;
  } catch (error) {
    if (await isFolder(folder)) return undefined;
    const above = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error;
    const first = await makeFolder(above);
    await mkdir(folder).catch(async (again) => {
      if (!(await isFolder(folder))) throw again; // Else another process was faster.
    });
    return first ?? folder;
  }
}

async function isFolder(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined); // Whatever is the matter, mkdir told it better.
  return there?.isDirectory() ?? false;
}
