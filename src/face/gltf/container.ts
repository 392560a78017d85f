import { InputError } from '../../speech/errors.ts';

/** What stands in a `.glb`, `.vrm` or `.gltf`: the JSON, and the binary chunk where there is one. */
export interface GltfContainer {
  readonly json: unknown;
  readonly binary: Uint8Array | undefined;
}

/** `glTF`, `JSON` and `BIN\0` as little-endian numbers (glTF 2.0, section 4.4). */
const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

/** Opens a binary or text glTF. `file` names it in errors. Throws {@link InputError} for anything else. */
export function openGltf(bytes: Uint8Array, file: string): GltfContainer {
  if (bytes.length === 0) throw new InputError(file, 'a glTF file', 'an empty one');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint32(0, true) !== MAGIC) {
    return { json: jsonOf(bytes, file, 'a .glb, .vrm or .gltf file'), binary: undefined };
  }
  if (bytes.length < HEADER_BYTES + CHUNK_HEADER_BYTES) {
    throw new InputError(file, 'a whole .glb', `only ${bytes.length} bytes of one`);
  }
  const version = view.getUint32(4, true);
  if (version !== 2) throw new InputError(file, 'glTF 2', `version ${version}`);
  const length = view.getUint32(8, true);
  if (length > bytes.length) {
    throw new InputError(file, `${length} bytes, as its header says`, `${bytes.length}: it is cut off`);
  }
  let text: Uint8Array | undefined;
  let binary: Uint8Array | undefined;
  for (let at = HEADER_BYTES; at + CHUNK_HEADER_BYTES <= length; ) {
    const size = view.getUint32(at, true);
    const type = view.getUint32(at + 4, true);
    const end = at + CHUNK_HEADER_BYTES + size;
    if (end > length) throw new InputError(file, 'chunks that end within the file', 'one that does not');
    const chunk = bytes.subarray(at + CHUNK_HEADER_BYTES, end);
    if (type === JSON_CHUNK) text ??= chunk;
    if (type === BIN_CHUNK) binary ??= chunk;
    at = end;
  }
  if (!text) throw new InputError(file, 'a JSON chunk', 'none');
  return { json: jsonOf(text, file, 'JSON in its first chunk'), binary };
}

function jsonOf(bytes: Uint8Array, file: string, expected: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new InputError(file, expected, 'something else');
  }
}
