import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { BakedFolder } from '../../../src/cli/bake/baked-folder.ts';
import { trackOf } from '../../../src/speech/track-of.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { desk, faults, folder, heard } from './desk-kit.ts';

const player = { priority: 'player' } as const;

beforeEach(() => {
  faults.length = 0;
});

/** Files below a folder. */
async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function bytesIn(path: string): Promise<number> {
  const sizes = await Promise.all((await filesIn(path)).map(async (file) => (await readFile(file)).length));
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe('lines on disk', () => {
  it('in a folder that cannot be are told, and nothing hangs', async () => {
    const source = toneVoices();
    await expect(desk({ source, disk: { folder: '/proc/x/lines' } })).rejects.toThrow(
      /^Folder of kept lines: expected a folder to write to, got \/proc\/x\/lines \(E/,
    );
  });

  it('outlast the gateway, sample by sample, with their words and cues', async () => {
    const disk = { folder: await folder() };
    const source = toneVoices();
    const first = await desk({ source, disk });
    const fresh = await heard(first.open({ text: 'Written down.', ...player }));
    await first.dispose();
    const second = await desk({ source, disk });
    const line = second.open({ text: 'Written down.', ...player });
    const kept = await heard(line);
    expect(line.origin).toBe('hit');
    expect(await line.head).toEqual({
      sampleRate: 44_100,
      voice: '',
      lang: '',
      timing: 'service',
      confidence: 1,
    });
    expect(kept.samples).toEqual(fresh.samples);
    expect(kept.words).toEqual(fresh.words);
    expect(kept.cues.map(({ viseme, start }) => [viseme, start])).toEqual(
      fresh.cues.map(({ viseme, start }) => [viseme, start]),
    );
    expect(source.requests).toHaveLength(1);
    expect(second.counts).toMatchObject({ hit: 1, fresh: 0, tiers: { disk: 1 } });
  });

  it('are spoken anew where they were damaged, whatever was done to them', async () => {
    const disk = { folder: await folder() };
    const source = toneVoices({ sampleRate: 8_000 });
    const writing = await desk({ source, disk });
    const texts = ['One.', 'Two.', 'Three.'];
    for (const text of texts) await heard(writing.open({ text, ...player }));
    await writing.dispose();
    const contents = (await filesIn(disk.folder)).filter((file) => file.includes('content-v2'));
    expect(contents).toHaveLength(3);
    const bytes = await readFile(contents[0]!);
    bytes[bytes.length - 3]! ^= 1;
    await writeFile(contents[0]!, bytes);
    await truncate(contents[1]!, 100);
    await writeFile(contents[2]!, '');
    const reading = await desk({ source, disk });
    for (const text of texts) {
      expect((await heard(reading.open({ text, ...player }))).samples.length).toBeGreaterThan(1_000);
    }
    expect(source.requests).toHaveLength(6);
    expect(faults).toHaveLength(3);
    await reading.dispose();
    const again = await desk({ source, disk });
    for (const text of texts) await heard(again.open({ text, ...player }));
    expect(source.requests).toHaveLength(6);
  });

  it('stay within their bound, also when it shrinks', async () => {
    const disk = { folder: await folder(), maxBytes: 100_000 };
    const source = toneVoices({ sampleRate: 8_000 });
    const text = (n: number) => `Line ${n} ${'a'.repeat(13)}`; // 19,200 bytes of sound.
    const lines = await desk({ source, disk });
    for (let n = 0; n < 9; n++) await heard(lines.open({ text: text(n), ...player }));
    await lines.dispose();
    expect(await bytesIn(disk.folder)).toBeLessThan(103_000);
    expect(await bytesIn(disk.folder)).toBeGreaterThan(60_000);
    const less = await desk({ source, disk: { ...disk, maxBytes: 50_000 } });
    expect(await bytesIn(disk.folder)).toBeLessThan(53_000);
    await heard(less.open({ text: text(8), ...player }));
    expect(source.requests).toHaveLength(9);
    expect(faults).toEqual([]);
  });
});

describe('a folder that parley bake made', () => {
  const samples = (seconds: number) => Int16Array.from({ length: seconds * 8_000 }, (_, at) => at % 999);
  const track = (text: string, seconds: number, voice = 'F1') =>
    trackOf({
      text,
      samples: samples(seconds),
      sampleRate: 8_000,
      voice,
      words: [{ text: text.slice(0, 4), start: 0, end: 0.5, from: 0, to: 4 }],
    });

  async function baked() {
    const path = await folder();
    const made = await BakedFolder.open(path, []);
    await made.put('gate/halt', track('Halt! Who goes there?', 1), {});
    await made.put('gate/halt-loud', track('Halt! Who goes there?', 2), {});
    await made.put('gate/pass', track('Pass, friend.', 3, 'M1'), {});
    await made.save();
    return path;
  }

  it('is served by text, and by the ids of its lines, without the source', async () => {
    const source = toneVoices();
    const lines = await desk({ source, baked: await baked() });
    const byText = lines.open({ text: 'Pass, friend.', ...player });
    expect((await heard(byText)).samples).toHaveLength(24_000);
    expect((await byText.head).voice).toBe('M1');
    expect(byText.origin).toBe('hit');
    const listed = lines.listed('gate/halt-loud')!;
    expect(listed).toMatchObject({ text: 'Halt! Who goes there?', voice: 'F1', lang: 'en' });
    const byId = await heard(lines.open({ id: listed.id, text: listed.text, ...player }));
    expect(byId.samples).toHaveLength(16_000);
    expect(byId.words).toMatchObject([{ text: 'Halt', from: 0, to: 4 }]);
    expect((await heard(lines.open({ text: ' Halt!  Who goes there?', ...player }))).samples).toHaveLength(
      8_000,
    );
    expect(lines.listed('gate/nobody')).toBeUndefined();
    expect(source.requests).toHaveLength(0);
    await heard(lines.open({ text: 'Pass, friend.', voice: 'F2', ...player }));
    expect(source.requests).toHaveLength(1); // Nobody recorded that.
    expect(lines.counts).toMatchObject({ hit: 3, fresh: 1, tiers: { baked: 3 } });
  });

  it('is told of where a track is damaged, and the line is spoken', async () => {
    const path = await baked();
    await writeFile(join(path, 'gate/pass.wav'), 'no sound');
    const source = toneVoices();
    const lines = await desk({ source, baked: path });
    await heard(lines.open({ text: 'Pass, friend.', ...player }));
    expect(source.requests).toHaveLength(1);
    expect(String(faults[0])).toContain('pass.wav');
  });

  it('is refused where it is none', async () => {
    await expect(desk({ source: toneVoices(), baked: await folder() })).rejects.toThrow('manifest.json');
  });
});
