import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type FaceMap, readFaceMap } from '../face/face-map.ts';
import { readRigFile } from '../face/gltf/file-rig.ts';
import { planFace } from '../face/plan.ts';
import type { FaceReport } from '../face/report.ts';
import type { Rig } from '../face/rig.ts';
import { InputError } from '../speech/errors.ts';
import { UnreadableError } from './exit.ts';
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
  const plan = planFace(rig, options.map === undefined ? undefined : await readMap(options.map));
  if (options.writeMap !== undefined) {
    await writeFile(options.writeMap, `${JSON.stringify(plan.map, null, 2)}\n`);
  }
  console.log(options.json ? JSON.stringify(jsonOf(plan.report)) : facePage(basename(file), plan.report));
}

async function readRig(file: string): Promise<Rig> {
  try {
    return readRigFile(await readFile(file), basename(file));
  } catch (error) {
    if (error instanceof InputError) throw new UnreadableError(error.message, error);
    throw new UnreadableError(`cannot read ${file}: ${(error as Error).message}`, error);
  }
}

async function readMap(file: string): Promise<FaceMap> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UnreadableError(`cannot read ${file}: ${(error as Error).message}`, error);
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
