import { afterEach, describe, expect, it } from 'vitest';
import { type PoolOptions, SynthPool } from '../../../src/synth/pool.ts';
import type { SynthRequest } from '../../../src/synth/synth.ts';
import { nodeThreads } from '../../../src/thread/node-threads.ts';

const start = nodeThreads(new URL('./scripted-worker.mjs', import.meta.url));
const never = new AbortController().signal;
let pool: SynthPool;

function open(options?: PoolOptions): SynthPool {
  pool = new SynthPool(start, options);
  return pool;
}

function request(text: string, urgent = false): SynthRequest {
  return { text, voice: 'F1', speed: 1, sampleRate: 44_100, tail: 0, urgent };
}

/** Runs a text and returns how it ended: `done`, or the error's code. */
function outcome(text: string, signal = never): Promise<string> {
  return pool.run(request(text), signal).then(
    () => 'done',
    (error) => error.code,
  );
}

afterEach(() => pool.dispose());

describe('SynthPool, on real threads', () => {
  it('answers each request with its own speech', async () => {
    open();
    const lengths = await Promise.all(
      ['a', 'bb', 'ccc', 'dddd'].map((text) => pool.run(request(text), never)),
    );
    expect(lengths.map((utterance) => utterance.samples.length)).toEqual([1, 2, 3, 4]);
  });

  it('passes on why a request failed, and goes on', async () => {
    open({ threads: 1 });
    await expect(pool.run(request('fail'), never)).rejects.toMatchObject({
      code: 'synthesis-failed',
      message: expect.stringContaining('failed on purpose'),
    });
    expect(await outcome('next')).toBe('done');
  });

  it('replaces a thread that hangs; only its own request is lost', async () => {
    open({ threads: 1, hungAfterMs: 1_500 });
    await outcome('warm');
    const hung = expect(pool.run(request('hang'), never)).rejects.toMatchObject({
      code: 'synthesis-failed',
      message: expect.stringContaining('within 1.5 s'),
    });
    expect(await outcome('next')).toBe('done');
    await hung;
  });

  it.each(['throw', 'leave'])('replaces a thread that dies (%s)', async (death) => {
    open({ threads: 1 });
    const [died, next] = [outcome(death), outcome('next')];
    expect(await died).toBe('synthesis-failed');
    expect(await next).toBe('done');
  });

  it('serves urgent requests before others, and both in the order asked', async () => {
    open({ threads: 1 });
    await outcome('warm');
    const order: string[] = [];
    const ask = (text: string, urgent: boolean) =>
      pool.run(request(text, urgent), never).then(() => order.push(text));
    await Promise.all([
      ask('slow 50', false),
      ask('later 1', false),
      ask('first 1', true),
      ask('later 2', false),
      ask('first 2', true),
    ]);
    expect(order).toEqual(['slow 50', 'first 1', 'first 2', 'later 1', 'later 2']);
  });

  it('uses a second thread while the first is busy', async () => {
    open({ threads: 2 });
    await Promise.all([outcome('slow 300'), outcome('warm')]);
    const order: string[] = [];
    await Promise.all(
      ['slow 800', 'quick'].map((text) => pool.run(request(text), never).then(() => order.push(text))),
    );
    expect(order).toEqual(['quick', 'slow 800']);
  });

  it('drops a waiting request that is aborted, and answers its caller at once', async () => {
    open({ threads: 1 });
    await outcome('warm');
    const abort = new AbortController();
    const order: string[] = [];
    const note = (text: string) => () => order.push(text);
    const busy = outcome('slow 200').then(note('busy'));
    const waiting = pool.run(request('hang'), abort.signal).catch((error) => order.push(error.code));
    const next = outcome('next').then(note('next'));
    abort.abort();
    await Promise.all([busy, waiting, next]); // Had it stayed, `hang` would have hung.
    expect(order).toEqual(['aborted', 'busy', 'next']);
  });

  it('drops the speech of a request that is aborted while it is made', async () => {
    open({ threads: 1 });
    await outcome('warm');
    const abort = new AbortController();
    const made = outcome('slow 100', abort.signal);
    abort.abort();
    expect(await made).toBe('aborted');
    expect(await outcome('next')).toBe('done');
    expect(await outcome('late', abort.signal)).toBe('aborted');
  });

  it('fails everything with `aborted` when disposed, even what hangs, and may be disposed twice', async () => {
    open({ threads: 1 });
    await outcome('warm');
    const [hung, waiting] = [outcome('hang'), outcome('next')];
    pool.dispose();
    pool.dispose();
    expect(await hung).toBe('aborted');
    expect(await waiting).toBe('aborted');
    expect(await outcome('late')).toBe('aborted');
  });
});
