import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type FaceMap, readFaceMap } from '../face/face-map.ts';
import { readRigFile } from '../face/gltf/file-rig.ts';
import { planFace } from '../face/plan.ts';
import type { FaceReport } from '../face/report.ts';
import type { Rig } from '../face/rig.ts';
import { InputError } from '../speech/errors.ts';
import { UnreadableError, UsageError } from './exit.ts';
import { facePage } from './face-page.ts';

/** Options of `parley face`, as they stand on the command line. */
export interface FaceOptions {
  readonly json?: true;
  readonly map?: string;
  readonly writeMap?: string;
}

/**
 * `parley face`: says what the face in a glTF or VRM offers. Throws {@link UnreadableError} for a file that is none, and
 * `InputError` for a map that does not fit it.
 */
export async function face(file: string, options: FaceOptions): Promise<void> {
  const rig = await readRig(file);
  const { map } = options;
  const plan = map === undefined ? planFace(rig) : planFace(rig, await readMap(map), basename(map));
  if (options.writeMap !== undefined) await writeMap(options.writeMap, plan.map);
  console.log(options.json ? JSON.stringify(jsonOf(plan.report)) : facePage(basename(file), plan.report));
}

async function readRig(file: string): Promise<Rig> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  const rig = readable(file, () => readRigFile(bytes, basename(file), (uri) => beside(file, uri)));
  return { ...rig, shapes: (mesh) => readable(file, () => rig.shapes?.(mesh)) };
}

/** The buffer of a text glTF in a file of its own, where there is one. */
function beside(file: string, uri: string): Uint8Array | undefined {
  if (/^[a-z][a-z\d+.-]*:/i.test(uri)) return undefined;
  try {
    return readFileSync(join(dirname(file), decodeURIComponent(uri)));
  } catch {
    return undefined; // The report says that the shapes could not be read.
  }
}

async function writeMap(file: string, map: FaceMap): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(map, null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`cannot write to ${file}: ${(error as Error).message}.`);
  }
}

/** What `read` gives; a fault of the file is told as one. */
function readable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): UnreadableError {
  if (error instanceof InputError) return new UnreadableError(error.message, error);
  return new UnreadableError(`cannot read ${file}: ${(error as Error).message}`, error);
}

async function readMap(file: string): Promise<FaceMap> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UnreadableError(`${basename(file)}: expected JSON, got something else.`, error);
  }
  return readFaceMap(value, basename(file));
}

/** The fields that scripts rely on. */
function jsonOf({
  version,
  scheme,
  score,
  reason,
  visemes,
  channels,
  meshes,
  problems,
}: FaceReport): unknown {
  return { version, scheme, score, reason, visemes, channels, meshes, problems };
}
