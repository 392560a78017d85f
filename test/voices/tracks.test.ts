import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ManifestLine } from '../../src/speech/manifest.ts';
import { markedVoices } from '../../src/speech/marked-voices.ts';
import type { Track } from '../../src/speech/track.ts';
import { trackOf } from '../../src/speech/track-of.ts';
import { loadTracksAsync, type TrackLibrary } from '../../src/voices/tracks/track-library.ts';
import { packTrackAsync } from '../../src/voices/tracks/track-pack.ts';
import { trackVoices } from '../../src/voices/tracks/tracks.ts';
import { collect } from '../kit/collect.ts';
import { toneVoices } from '../kit/tone-voices.ts';

/** A track of as many samples, whose text says so. */
function track(length: number, voice = 'F1', lang = 'en'): Track {
  return trackOf({
    text: `${length} samples`,
    voice,
    lang,
    samples: new Int16Array(length).fill(length),
    sampleRate: 8_000,
    timing: { origin: 'alignment', confidence: 0.8 },
    cues: [{ viseme: 'aa', start: 0, end: 1, weight: 1 }],
    words: [
      {
        text: 'samples',
        start: 0,
        end: length / 8_000,
        from: `${length}`.length + 1,
        to: `${length} samples`.length,
      },
    ],
  });
}

const going = () => new AbortController().signal;

describe('a source of tracks', () => {
  const tracks = [track(100), track(100, 'M1'), track(100, 'M1', 'de'), track(200, 'M1')];
  const said = async (voices: ReturnType<typeof trackVoices>, text: string, more: object = {}) =>
    collect(voices.speak({ text, ...more }, going()));

  it('speaks a track by its text, with its words, cues and sound', async () => {
    const { types, samples, words, cues } = await said(trackVoices(tracks), '200 samples');
    expect(types).toEqual(['words', 'cues', 'audio', 'end']);
    expect([samples, words, cues]).toEqual([Array(200).fill(200), tracks[3]!.words, tracks[3]!.cues]);
  });

  it('finds the voice and the language that were asked for', async () => {
    const finds = async (more: object) => {
      const one = trackVoices(tracks.map((each, index) => ({ ...each, samples: new Int16Array(index + 1) })));
      const { samples, error } = await said(one, '100 samples', more);
      return error?.code ?? samples.length;
    };
    expect(await finds({})).toBe(1);
    expect(await finds({ voice: 'M1' })).toBe(2);
    expect(await finds({ lang: 'de' })).toBe(3);
    expect(await finds({ voice: 'F1', lang: 'de' })).toBe('refused');
  });

  it('refuses what it does not have, and says what that was', async () => {
    const { error } = await said(trackVoices(tracks), 'Hello', { voice: 'F1', lang: 'en' });
    expect(error).toMatchObject({
      code: 'refused',
      reason: 'there is none of "Hello" in the voice "F1" in the language "en", and no fallback.',
    });
  });

  it('leaves what it does not have to its fallback, and that alone', async () => {
    const fallback = toneVoices();
    const voices = trackVoices(tracks, { fallback });
    expect((await said(voices, '200 samples')).samples).toHaveLength(200);
    expect((await said(voices, 'hum')).samples.length).toBeGreaterThan(1_000);
    expect(fallback.requests).toEqual([{ text: 'hum' }]);
  });

  it('finds a text with mark-up as it was written, else by its plain words, else gives it to the fallback', async () => {
    const written = 'Go <em>now</em>.';
    const word = (text: string, at: number) => ({ text, start: 0.001, end: 0.002, from: at, to: at + 3 });
    const marked = { ...track(100), text: written, words: [word('now', 7)] };
    const plain = { ...track(200), text: 'Go, then.', words: [word('the', 4)] };
    const fallback = toneVoices();
    const voices = trackVoices([marked, plain], { fallback });
    expect(markedVoices(voices)).toBe(voices);
    const asWritten = await said(voices, written);
    expect([asWritten.samples.length, asWritten.words]).toEqual([100, marked.words]);
    const asSpoken = await said(voices, 'Go<pause/> <em>then</em>.');
    expect(asSpoken.samples).toHaveLength(200);
    expect(asSpoken.words).toMatchObject([{ from: 'Go<pause/> <em>'.length }]);
    await said(voices, 'Come <em>now</em>.');
    expect(fallback.requests).toEqual([{ text: 'Come now.' }]);
  });

  it('is worth what its least certain track is', () => {
    expect(trackVoices([]).timing).toEqual({ origin: 'service', confidence: 1 });
    expect(trackVoices(tracks, { fallback: toneVoices() }).timing).toEqual({
      origin: 'alignment',
      confidence: 0.8,
    });
  });

  it('ends its lines when they or it are no longer wanted', async () => {
    const voices = trackVoices([track(9_000)]);
    const parts = voices.speak({ text: '9000 samples' }, going())[Symbol.asyncIterator]();
    for (let turn = 0; turn < 3; turn++) await parts.next();
    voices.dispose();
    voices.dispose();
    await expect(parts.next()).rejects.toMatchObject({ code: 'aborted' });
    expect((await said(voices, '9000 samples')).error?.code).toBe('aborted');
    const unwanted = trackVoices([track(9)]).speak({ text: '9 samples' }, AbortSignal.abort());
    expect((await collect(unwanted)).error?.code).toBe('aborted');
  });
});

describe('tracks in files', () => {
  const files = new Map<string, Uint8Array | string>();
  let server: Server;
  let requests: string[];
  let hold: Promise<void> | undefined;
  let url: string;

  beforeEach(async () => {
    files.clear();
    requests = [];
    hold = undefined;
    server = createServer(async (request, response) => {
      const path = decodeURIComponent(request.url!.split('?')[0]!);
      requests.push(path);
      const file = files.get(path);
      if (hold && path !== '/lines/manifest.json') await hold;
      if (file === undefined) response.writeHead(404).end();
      else response.end(file);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lines/manifest.json`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Serves tracks by their ids, with what a test changes in the manifest. */
  async function serve(tracks: Record<string, Track>, change: (lines: ManifestLine[]) => void = () => {}) {
    const lines: ManifestLine[] = [];
    for (const [id, each] of Object.entries(tracks)) {
      const { line, wav, json } = await packTrackAsync(id, each);
      lines.push(line);
      files.set(`/lines/${line.wav}`, wav);
      files.set(`/lines/${line.json}`, json);
    }
    change(lines);
    files.set('/lines/manifest.json', JSON.stringify({ version: 1, lines }));
  }

  async function library(options: Parameters<typeof loadTracksAsync>[1] = {}): Promise<TrackLibrary> {
    const opened = await loadTracksAsync(`${url}?secret=s3cret`, options);
    onTestFinished(() => opened.dispose());
    return opened;
  }

  it('come back as they went, whatever their names', async () => {
    const tracks = { 'gate/hello': track(100), 'ü ?#%2F é': track(200), '…': track(300) };
    await serve(tracks);
    const { lines, loadAsync } = await library().then((all) => ({
      lines: all.lines,
      loadAsync: all.loadAsync.bind(all),
    }));
    expect(lines.map((line) => line.id)).toEqual(Object.keys(tracks));
    for (const [id, each] of Object.entries(tracks)) expect(await loadAsync(id)).toEqual(each);
  });

  it('are fetched when a line needs them, once for all who wait, and kept', async () => {
    await serve({ a: track(100), b: track(200) });
    const all = await library();
    expect(requests).toEqual(['/lines/manifest.json']);
    const voices = trackVoices(all);
    const lines = [1, 2, 3].map(() => collect(voices.speak({ text: '100 samples' }, going())));
    expect((await Promise.all(lines)).map(({ samples }) => samples.length)).toEqual([100, 100, 100]);
    await all.loadAsync('a');
    expect(requests.sort()).toEqual(['/lines/a.json', '/lines/a.wav', '/lines/manifest.json']);
  });

  it('are kept within the bound, those used last', async () => {
    await serve({ a: track(100), b: track(200), c: track(250), d: track(400) });
    const all = await library({ keepBytes: 700 });
    const fetched = async (id: string) => {
      requests = [];
      await all.loadAsync(id);
      return requests.length > 0;
    };
    expect([await fetched('a'), await fetched('b'), await fetched('a')]).toEqual([true, true, false]);
    expect(all.keptBytes).toBe(600);
    expect(await fetched('c')).toBe(true); // 500 bytes: b and then a go.
    expect(all.keptBytes).toBe(700);
    expect([await fetched('c'), await fetched('a'), await fetched('b')]).toEqual([false, false, true]);
    expect(await fetched('d')).toBe(true); // Larger than the bound: played, not kept.
    expect(all.keptBytes).toBeLessThanOrEqual(700);
    expect(await fetched('d')).toBe(true);
  });

  it('never hold more than the bound, in any order of use', async () => {
    await serve({ a: track(10), b: track(20), c: track(30), d: track(40) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 }), async (uses) => {
        const all = await loadTracksAsync(url, { keepBytes: 120 });
        for (const id of uses) {
          await all.loadAsync(id);
          expect(all.keptBytes).toBeLessThanOrEqual(120);
        }
        all.dispose();
        expect(all.keptBytes).toBe(0);
      }),
      { seed: 41, numRuns: 15 },
    );
  });

  it('go on loading as long as one still waits, and stop when nobody does', async () => {
    await serve({ a: track(100) });
    let release = () => {};
    hold = new Promise((resolve) => {
      release = resolve;
    });
    const all = await library();
    const [first, second] = [new AbortController(), new AbortController()];
    const lines = [first, second].map(({ signal }) => all.loadAsync('a', { signal }));
    const outcomes = lines.map((line) =>
      line.then(
        (each) => each.samples.length,
        (error) => error.code,
      ),
    );
    first.abort();
    expect(await outcomes[0]).toBe('aborted');
    release();
    expect(await outcomes[1]).toBe(100);

    hold = new Promise(() => {});
    const fresh = await library();
    const alone = new AbortController();
    const line = fresh.loadAsync('a', { signal: alone.signal });
    alone.abort();
    await expect(line).rejects.toMatchObject({ code: 'aborted' });
    hold = undefined;
    expect((await fresh.loadAsync('a')).samples.length).toBe(100); // An abort is not remembered.
  });

  it('are loading no more when the library is disposed', async () => {
    await serve({ a: track(100) });
    hold = new Promise(() => {});
    const all = await library();
    const line = all.loadAsync('a');
    all.dispose();
    all.dispose();
    await expect(line).rejects.toMatchObject({ code: 'aborted' });
    await expect(all.loadAsync('a')).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('that fail are told, and asked for anew the next time', async () => {
    await serve({ a: track(100) });
    const wav = files.get('/lines/a.wav')!;
    files.delete('/lines/a.wav');
    const voices = trackVoices(await library());
    const line = () => collect(voices.speak({ text: '100 samples' }, going()));
    expect((await line()).error).toMatchObject({ code: 'refused', reason: 'HTTP 404 Not Found' });
    files.set('/lines/a.wav', wav);
    expect((await line()).samples).toHaveLength(100);
  });

  it('are refused when they are not what the manifest says', async () => {
    await serve({ a: track(100), b: track(200), c: track(300) });
    files.set('/lines/a.wav', (files.get('/lines/a.wav') as Uint8Array).subarray(0, 50));
    const changed = (files.get('/lines/b.wav') as Uint8Array).slice();
    changed[60]! ^= 1;
    files.set('/lines/b.wav', changed);
    const all = await library();
    await expect(all.loadAsync('a')).rejects.toThrowError(
      /a\.wav: expected 244 bytes, as the manifest says, got 50/,
    );
    await expect(all.loadAsync('b')).rejects.toThrowError(/b\.wav: expected content with the hash sha256-/);
    await expect(all.loadAsync('x')).rejects.toMatchObject({ code: 'invalid-input' });
    expect((await all.loadAsync('c')).samples.length).toBe(300);
  });

  it('need no hashes', async () => {
    await serve({ a: track(100) }, (lines) => {
      const { wavHash, jsonHash, ...rest } = lines[0]!;
      lines[0] = rest;
    });
    expect((await (await library()).loadAsync('a')).samples.length).toBe(100);
  });

  it('are not to be had without a manifest, which is told without secrets', async () => {
    const failure = (options = {}) => library(options).catch((error) => error);
    expect(await failure()).toMatchObject({ code: 'refused', message: expect.stringContaining('HTTP 404') });
    expect((await failure()).message).not.toContain('s3cret');
    files.set('/lines/manifest.json', 'no json');
    expect((await failure()).message).toMatch(/lines\/manifest\.json: expected JSON, got something else/);
    files.set('/lines/manifest.json', '{"version":1,"lines":[{}]}');
    expect((await failure()).message).toMatch(
      /manifest\.json, lines\[0\]\.id: expected a string, got nothing/,
    );
    expect(await failure({ signal: AbortSignal.abort() })).toMatchObject({ code: 'aborted' });
    await expect(loadTracksAsync('no address')).rejects.toMatchObject({ code: 'invalid-input' });
    server.closeAllConnections();
    server.close();
    expect(await failure()).toMatchObject({ code: 'connect-failed' });
  });

  it('do not keep a line waiting for ever', async () => {
    await serve({ a: track(100) });
    hold = new Promise(() => {});
    const all = await library({ timeoutSeconds: 0.2 });
    await expect(all.loadAsync('a')).rejects.toMatchObject({ code: 'connect-timeout' });
  });

  it.each(['', '../a', '/a', 'a:b'])('cannot be packed under the id %j', async (id) => {
    await expect(packTrackAsync(id, track(9))).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
