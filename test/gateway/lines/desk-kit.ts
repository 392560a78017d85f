/** Desks for tests, closed after each, and what reads them. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach } from 'vitest';
import type { LineDeskOptions } from '../../../src/gateway/lines/desk-options.ts';
import { type LineDesk, openLineDesk } from '../../../src/gateway/lines/line-desk.ts';
import { type LinePlace, type SharedLine, WHOLE } from '../../../src/gateway/lines/line-request.ts';
import { type Collected, collect } from '../../kit/collect.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** One that never aborts. */
export const unbroken = () => new AbortController().signal;

/** Faults that desks told of, newest last; a test that expects none may look. */
export const faults: unknown[] = [];

export async function desk(options: LineDeskOptions): Promise<LineDesk> {
  const opened = await openLineDesk({ onError: (error) => faults.push(error), ...options });
  closing.push(() => opened.dispose());
  return opened;
}

export async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'parley-lines-'));
  closing.push(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** Has something undone after the test. */
export function atEnd(close: () => unknown): void {
  closing.push(close);
}

/** All of a line, from a place on. */
export function heard(line: SharedLine, from: LinePlace = WHOLE, until = unbroken()): Promise<Collected> {
  return collect(line.read(from, until));
}

/** SHA-256 of all sound of a line, and how many samples that are: for many listeners, of whom each hears much. */
export async function digestOf(line: SharedLine): Promise<string> {
  const hash = createHash('sha256');
  let samples = 0;
  for await (const part of line.read(WHOLE, unbroken())) {
    if (part.type !== 'audio') continue;
    const { buffer, byteOffset, byteLength } = part.samples;
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    samples += part.samples.length;
  }
  return `${samples} ${hash.digest('hex')}`;
}

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Memory in use, bytes. */
export async function memoryInUse(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    await sleep(20);
    collectGarbage();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Resolves once something holds; a test's time-out is its bound. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(5);
}
