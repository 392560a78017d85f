/** A line in Opus: encoded once for all its readers, in short turns. */
import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { LineLog } from '../../../src/gateway/lines/line-log.ts';
import { type LineEncoder, loadOpus, type Opus } from '../../../src/gateway/lines/opus.ts';
import { type EncodedPart, OpusLog, type OpusPart } from '../../../src/gateway/lines/opus-log.ts';
import { readParts } from '../../../src/gateway/lines/part-cursor.ts';
import { readBundle } from '../../../src/protocol/opus-bundle.ts';
import { SpeechError } from '../../../src/speech/errors.ts';
import type { SpeechPart } from '../../../src/speech/part.ts';
import { chordAt } from '../../kit/likeness.ts';

const never = new AbortController().signal;
setMaxListeners(0, never); // Twenty read at a time.
const WHOLE = { samples: 0, cues: 0, words: 0 };
const MANNER = { voice: '', lang: '', timing: { origin: 'service', confidence: 1 } } as const;

/** The encoder, and how many lines were begun with it. */
async function counted() {
  const opus = await loadOpus();
  const counting = {
    preSkip: opus.preSkip,
    begun: 0,
    encode(sampleRate: number): LineEncoder {
      counting.begun++;
      return opus.encode(sampleRate);
    },
  };
  return counting satisfies Opus;
}

function sound(from: number, count: number, sampleRate: number): SpeechPart {
  const samples = Int16Array.from({ length: count }, (_, at) => chordAt(from + at, sampleRate));
  return { type: 'audio', samples, sampleRate };
}

/** A log with so many seconds, in parts of so many; it goes on while `end` is false. */
function logOf(seconds: number, partSeconds: number, sampleRate = 24_000, end = true): LineLog {
  const log = new LineLog(1_000);
  const part = Math.round(partSeconds * sampleRate);
  const total = Math.round(seconds * sampleRate);
  for (let at = 0; at < total; at += part) {
    log.append(sound(at, Math.min(part, total - at), sampleRate), () => MANNER, 'here');
  }
  if (end) log.append({ type: 'end' }, () => MANNER, 'here');
  return log;
}

async function read(log: OpusLog, place = WHOLE): Promise<EncodedPart[]> {
  const parts: EncodedPart[] = [];
  for await (const part of readParts(log.cursor(place), never)) parts.push(part);
  return parts;
}

const bundlesOf = (parts: readonly EncodedPart[]) =>
  parts.filter((part): part is OpusPart => part.type === 'opus');

function packetsOf(parts: readonly EncodedPart[]): string[] {
  return bundlesOf(parts).flatMap(({ payload }) =>
    readBundle(payload).map((packet) => Buffer.from(packet).toString('hex')),
  );
}

describe('a line in Opus', () => {
  it('is encoded once, for those at its start, those who come late, and those who come back', async () => {
    const opus = await counted();
    const log = new OpusLog(logOf(3, 0.25), opus);
    const all = await Promise.all(Array.from({ length: 20 }, () => read(log)));
    expect(opus.begun).toBe(1);
    const whole = packetsOf(all[0]!);
    expect(whole).toHaveLength(Math.ceil((3 * 48_000 + opus.preSkip) / 960));
    for (const parts of all) expect(parts).toEqual(all[0]);
    for (const packet of [1, 4, 5, 77, whole.length - 1]) {
      const late = await read(log, { ...WHOLE, samples: packet * 960 });
      expect(packetsOf(late)).toEqual(whole.slice(packet));
      expect(bundlesOf(late)[0]!.position).toBe(packet * 960);
      expect(late.at(-1)).toEqual({ type: 'end', samples: 3 * 24_000 });
    }
    expect(opus.begun).toBe(1);
  });

  it.each([0.02, 0.04, 0.1, 0.25, 1.7])(
    'comes in bundles of 60 to 100 ms from parts of %f s',
    async (part) => {
      const bundles = bundlesOf(await read(new OpusLog(logOf(2, part), await counted())));
      const sizes = bundles.map(({ packets }) => packets);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(5);
      expect(Math.min(...sizes.slice(0, -2))).toBeGreaterThanOrEqual(3);
      let position = 0;
      for (const bundle of bundles) {
        expect([bundle.position, readBundle(bundle.payload).length]).toEqual([position, bundle.packets]);
        position += bundle.packets * 960;
      }
    },
  );

  it('is the same however its samples come', async () => {
    const opus = await counted();
    const [one, other] = await Promise.all(
      [0.02, 1.7].map((part) => read(new OpusLog(logOf(2, part), opus))),
    );
    expect(packetsOf(one!)).toEqual(packetsOf(other!));
  });

  it('is read while it is made; what came is heard before it fails', async () => {
    const lineLog = logOf(0.5, 0.1, 24_000, false);
    const log = new OpusLog(lineLog, await counted());
    const reader = readParts(log.cursor(WHOLE), never);
    const first = await reader.next();
    expect(first.value).toMatchObject({ type: 'opus', position: 0 });
    const rest = (async () => {
      const parts: EncodedPart[] = [];
      try {
        for await (const part of reader) parts.push(part);
      } catch (error) {
        return { parts, error };
      }
      throw new Error('It should have failed.');
    })();
    lineLog.append({ type: 'words', words: [] }, () => MANNER, 'here');
    lineLog.fail(SpeechError.stalled('here', 5));
    const { parts, error } = await rest;
    expect(error).toMatchObject({ code: 'stalled' });
    const packets = bundlesOf(parts).reduce((sum, each) => sum + each.packets, 0);
    expect((packets + (first.value as OpusPart).packets) * 960).toBeGreaterThanOrEqual(24_000);
    expect(parts.map(({ type }) => type)).toContain('words');
  });

  it('lets a reader go who leaves, and goes on for the others', async () => {
    const lineLog = logOf(0.1, 0.1, 24_000, false);
    const log = new OpusLog(lineLog, await counted());
    const abort = new AbortController();
    const leaving = readParts(log.cursor(WHOLE), abort.signal);
    await leaving.next();
    const waits = leaving.next();
    const staying = read(log);
    abort.abort();
    await expect(waits).rejects.toMatchObject({ code: 'aborted' });
    lineLog.append({ type: 'end' }, () => MANNER, 'here');
    expect((await staying).at(-1)).toEqual({ type: 'end', samples: 2_400 });
  });

  it('takes turns with all other work, however long it is', async () => {
    const opus = await counted();
    const logs = Array.from({ length: 6 }, () => new OpusLog(logOf(4, 4, 44_100), opus));
    let rounds = 0;
    let busy = true;
    const others = (async () => {
      for (; busy; rounds++) await new Promise((resolve) => setImmediate(resolve));
    })();
    const begun = performance.now();
    const before = process.cpuUsage();
    await Promise.all(logs.map((log) => read(log)));
    const { user, system } = process.cpuUsage(before);
    busy = false;
    await others;
    const figures = `${rounds} rounds, ${((user + system) / 24_000).toFixed(1)} ms of a core for a second of sound`;
    expect(rounds, figures).toBeGreaterThan(6 * (4 / 0.06) - 1); // One of all lines in each.
    if (process.env.PARLEY_SHOW)
      console.log(figures, `${((performance.now() - begun) / rounds).toFixed(2)} ms a round`);
  });
});

it('without the package the error says how to have it', async () => {
  const missing = loadOpus(() => Promise.reject(new Error('Cannot find package')));
  await expect(missing).rejects.toThrow(/npm install @evan\/opus/);
});
