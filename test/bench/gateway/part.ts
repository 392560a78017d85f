/** A part of the bench in a process of its own, so that its time and memory are its own: asked and answered over IPC. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

type Handlers = Readonly<Record<string, (given: never) => unknown>>;

interface Question {
  readonly nth: number;
  readonly what: string;
  readonly given: unknown;
}

interface Answer {
  readonly nth: number;
  readonly result?: unknown;
  readonly error?: string;
}

export class Part {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #last = 0;

  /** Starts a file of this folder. */
  constructor(file: string) {
    this.#child = fork(compiled(file), {
      execArgv: ['--expose-gc'],
      serialization: 'advanced',
    });
    this.#child.on('message', (answer: Answer) => {
      this.#waiting.get(answer.nth)?.(answer);
      this.#waiting.delete(answer.nth);
    });
    this.#child.on('exit', (code) => {
      for (const wake of this.#waiting.values()) wake({ nth: 0, error: `${file} ended with ${code}.` });
    });
  }

  async ask<T>(what: string, given: unknown = undefined): Promise<T> {
    const nth = ++this.#last;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(nth, resolve);
      this.#child.send({ nth, what, given } satisfies Question);
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.result as T;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill();
    await once(this.#child, 'exit');
  }
}

/**
 * A file of this folder as it would be shipped: tsx gives every function that is made a name of its own, which costs each
 * listener some 3 kB and is nobody's but its own.
 */
function compiled(file: string): string {
  const outfile = join(import.meta.dirname, '../../../.cache/bench-gateway', file.replace(/ts$/, 'mjs'));
  const entryPoints = [join(import.meta.dirname, file)];
  const form = {
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
  } as const;
  buildSync({ entryPoints, outfile, ...form });
  return outfile;
}

/** Answers what is asked of this process, and ends with the one who asks. */
export function answer(handlers: Handlers): void {
  process.on('message', async ({ nth, what, given }: Question) => {
    try {
      const result = await handlers[what]!(given as never);
      process.send!({ nth, result } satisfies Answer);
    } catch (error) {
      process.send!({ nth, error: String(error instanceof Error ? error.stack : error) } satisfies Answer);
    }
  });
  process.on('disconnect', () => process.exit());
}

/** Milliseconds of a clock that all processes of the machine share. */
export function sharedMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Memory of a process, bytes. */
export interface Memory {
  /** What the system has given it. */
  readonly resident: number;
  /** What is in use of its heap, and of buffers beside it. */
  readonly used: number;
}

/** Memory of this process, once garbage is gone. */
export async function memoryNow(): Promise<Memory> {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    globalThis.gc!();
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, used: heapUsed + external };
}
