/**
 * As much of WASI preview 1 as Flite's command line needs, in memory: arguments and one file in, standard output
 * captured, one file written. The same in Node and in browsers; nothing of the host is reachable.
 */

/** Errno values of WASI preview 1. */
const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const NO_ENTRY = 44;

/** File descriptors: the standard three, one directory made open before the start, one file inside it. */
const STDERR = 2;
const FOLDER = 3;
const FILE = 4;
const INPUT = 5;

/** Types of descriptors in `fdstat`. */
const CHARACTER_DEVICE = 2;
const DIRECTORY = 3;
const REGULAR_FILE = 4;

/** Name under which the program sees its folder. */
export const FOLDER_NAME = '/d';

/** Name of the file in it that the program may read. */
export const INPUT_NAME = 'in';

class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** A file that grows as it is written. */
class MemoryFile {
  #bytes = new Uint8Array(65_536);
  #length = 0;
  #position = 0;

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  write(chunk: Uint8Array): void {
    const end = this.#position + chunk.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#position);
    this.#position = end;
    this.#length = Math.max(this.#length, end);
  }

  /** `whence`: 0 from the start, 1 from here, 2 from the end. */
  seek(offset: number, whence: number): number {
    const base = whence === 0 ? 0 : whence === 1 ? this.#position : this.#length;
    this.#position = Math.max(0, base + offset);
    return this.#position;
  }
}

/** What a finished program left behind. */
export interface WasiResult {
  readonly exitCode: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
  /** The file the program wrote into {@link FOLDER_NAME}; empty if none. */
  readonly file: Uint8Array<ArrayBuffer>;
}

/** Runs a program to its end, in this thread. `input` is what its file {@link INPUT_NAME} holds. */
export async function runWasi(
  module: WebAssembly.Module,
  args: readonly string[],
  input = '',
): Promise<WasiResult> {
  const program = new WasiProgram(args, new TextEncoder().encode(input));
  const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: program.imports() });
  return program.run(instance);
}

class WasiProgram {
  readonly #args: Uint8Array[];
  readonly #file = new MemoryFile();
  readonly #decoder = new TextDecoder();
  #output = '';
  #memory: WebAssembly.Memory | undefined;
  readonly #input: Uint8Array;
  #inputPosition = 0;

  constructor(args: readonly string[], input: Uint8Array) {
    this.#input = input;
    const encoder = new TextEncoder();
    this.#args = args.map((arg) => encoder.encode(`${arg}\0`));
  }

  run(instance: WebAssembly.Instance): WasiResult {
    const { memory, _start } = instance.exports as { memory: WebAssembly.Memory; _start: () => void };
    this.#memory = memory;
    let exitCode = 0;
    try {
      _start();
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
      exitCode = error.code;
    }
    return { exitCode, output: this.#output, file: this.#file.bytes };
  }

  imports(): Record<string, (...args: never[]) => number> {
    return {
      args_sizes_get: (count: number, size: number) => {
        this.#setU32(count, this.#args.length);
        this.#setU32(
          size,
          this.#args.reduce((sum, arg) => sum + arg.length, 0),
        );
        return SUCCESS;
      },
      args_get: (pointers: number, buffer: number) => {
        let at = buffer;
        for (const [index, arg] of this.#args.entries()) {
          this.#setU32(pointers + index * 4, at);
          this.#bytes().set(arg, at);
          at += arg.length;
        }
        return SUCCESS;
      },
      clock_time_get: (_id: number, _precision: bigint, out: number) => {
        this.#view().setBigUint64(out, 0n, true);
        return SUCCESS;
      },
      fd_close: () => SUCCESS,
      fd_fdstat_set_flags: () => SUCCESS,
      fd_fdstat_get: (fd: number, out: number) => {
        if (fd > INPUT) return BAD_DESCRIPTOR;
        this.#bytes().fill(0, out, out + 24);
        this.#bytes()[out] = fd <= STDERR ? CHARACTER_DEVICE : fd === FOLDER ? DIRECTORY : REGULAR_FILE;
        this.#view().setBigUint64(out + 8, ~0n & 0xffff_ffff_ffff_ffffn, true); // Every right: it is all ours.
        this.#view().setBigUint64(out + 16, ~0n & 0xffff_ffff_ffff_ffffn, true);
        return SUCCESS;
      },
      fd_prestat_get: (fd: number, out: number) => {
        if (fd !== FOLDER) return BAD_DESCRIPTOR;
        this.#setU32(out, 0);
        this.#setU32(out + 4, FOLDER_NAME.length);
        return SUCCESS;
      },
      fd_prestat_dir_name: (fd: number, out: number, length: number) => {
        if (fd !== FOLDER) return BAD_DESCRIPTOR;
        this.#bytes().set(new TextEncoder().encode(FOLDER_NAME).subarray(0, length), out);
        return SUCCESS;
      },
      fd_read: (fd: number, vectors: number, count: number, read: number) => {
        let total = 0;
        for (let index = 0; fd === INPUT && index < count; index++) {
          const start = this.#view().getUint32(vectors + index * 8, true);
          const length = this.#view().getUint32(vectors + index * 8 + 4, true);
          const chunk = this.#input.subarray(this.#inputPosition, this.#inputPosition + length);
          this.#bytes().set(chunk, start);
          this.#inputPosition += chunk.length;
          total += chunk.length;
        }
        this.#setU32(read, total);
        return SUCCESS;
      },
      fd_seek: (fd: number, offset: bigint, whence: number, out: number) => {
        if (fd === INPUT) {
          const base = whence === 0 ? 0 : whence === 1 ? this.#inputPosition : this.#input.length;
          this.#inputPosition = Math.max(0, base + Number(offset));
          this.#view().setBigUint64(out, BigInt(this.#inputPosition), true);
          return SUCCESS;
        }
        if (fd !== FILE) return BAD_DESCRIPTOR;
        this.#view().setBigUint64(out, BigInt(this.#file.seek(Number(offset), whence)), true);
        return SUCCESS;
      },
      fd_write: (fd: number, vectors: number, count: number, written: number) => {
        let total = 0;
        for (let index = 0; index < count; index++) {
          const start = this.#view().getUint32(vectors + index * 8, true);
          const length = this.#view().getUint32(vectors + index * 8 + 4, true);
          const chunk = this.#bytes().slice(start, start + length);
          if (fd === FILE) this.#file.write(chunk);
          else this.#output += this.#decoder.decode(chunk);
          total += length;
        }
        this.#setU32(written, total);
        return SUCCESS;
      },
      path_open: (
        fd: number,
        _lookup: number,
        path: number,
        length: number,
        openFlags: number,
        _rights: bigint,
        _inheriting: bigint,
        _flags: number,
        out: number,
      ) => {
        const create = (openFlags & 1) !== 0;
        const name = this.#decoder.decode(this.#bytes().slice(path, path + length));
        if (fd !== FOLDER || (!create && name !== INPUT_NAME)) return NO_ENTRY;
        this.#setU32(out, create ? FILE : INPUT);
        return SUCCESS;
      },
      proc_exit: (code: number) => {
        throw new Exit(code);
      },
    };
  }

  #bytes(): Uint8Array {
    return new Uint8Array(this.#memory!.buffer);
  }

  #view(): DataView {
    return new DataView(this.#memory!.buffer);
  }

  #setU32(at: number, value: number): void {
    this.#view().setUint32(at, value, true);
  }
}
