import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LineJson } from '../../src/speech/track.ts';
import { builtProgram, type Ended, parley, startGateway, startListening } from '../kit/children.ts';
import { DialectClient } from '../kit/dialect-client.ts';
import { rampBytes, type Script, type ScriptedOptions, startScripted } from '../kit/scripted-server.ts';

const KEY = 'sk-canary-7f3a';
const closing: (() => unknown)[] = [];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-cli-'));
  process.env.SMALLEST_API_KEY = KEY;
});

afterEach(async () => {
  delete process.env.SMALLEST_API_KEY;
  for (const close of closing.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

const chunk = JSON.stringify({
  status: 'chunk',
  request_id: 'r',
  data: { audio: rampBytes(24_000).toString('base64') },
});
const word = (text: string, start: number, end: number) =>
  JSON.stringify({ status: 'word_timestamp', request_id: 'r', data: { id: 0, word: text, start, end } });

async function sayTo(script: Script, options: ScriptedOptions = {}, ...more: string[]) {
  const server = await startScripted(script, { path: '/waves/v1/tts/live', ...options });
  closing.push(() => server.close());
  const ended = await parley(
    'say',
    'Map it.',
    '--source',
    'lightning',
    '--url',
    server.url,
    '--out',
    folder,
    ...more,
  );
  return { server, ended };
}

async function expectFailure(ended: Ended, code: number, words: RegExp): Promise<void> {
  expect(ended.stderr).toMatch(/^parley: [^\n]+\n$/);
  expect(ended.stderr).toMatch(words);
  expect(ended.stderr).not.toContain(KEY);
  expect([ended.code, ended.stdout]).toEqual([code, '']);
  expect(await readdir(folder)).toEqual([]);
}

describe('parley serve --source lightning', () => {
  it('stands before the service: pages ask by its own names, wait for its units, and know no key', async () => {
    let [active, most] = [0, 0];
    const server = await startScripted(
      async (socket) => {
        most = Math.max(most, ++active);
        await new Promise((resolve) => setTimeout(resolve, 30));
        active--;
        socket.send(word('Map', 0.1, 0.5));
        socket.send(chunk);
        socket.send('{"status":"complete"}');
      },
      { path: '/waves/v1/tts/live' },
    );
    closing.push(() => server.close());
    const gateway = await startListening(
      builtProgram(),
      ...['serve', '--port', '0', '--source', 'lightning', '--upstream', server.url],
    );
    closing.push(() => gateway.kill());
    const url = `${gateway.url.replace('http', 'ws')}/ws`;
    const answers = await Promise.all(
      ['F1', 'M2', 'liam'].map(async (voice) => {
        const client = await DialectClient.open(url);
        closing.push(() => client.close());
        return client.ask({ text: 'Map it.', voice, visemes: true });
      }),
    );
    for (const { ending, pcm, visemes } of answers) {
      expect(ending).toBe('EOS');
      expect(Math.abs(pcm.length / 2 - 44_100)).toBeLessThan(10);
      expect(visemes.length).toBeGreaterThan(0);
    }
    expect(server.requests.map((request) => request.voice_id).sort()).toEqual(['avery', 'devansh', 'liam']);
    expect(most).toBe(1);
    const health = await (await fetch(`${gateway.url}/healthz`)).json();
    expect(health.services).toMatchObject([
      { name: 'lightning', units: 1, waiting: 0, refusals: 0, state: 'ok' },
    ]);
  }, 60_000);
});

describe('parley say --source lightning', () => {
  it('writes sound, words and cues, with the key from the environment', async () => {
    const { server, ended } = await sayTo((socket) => {
      socket.send(word('Map', 0.1, 0.5));
      socket.send(chunk);
      socket.send(word('it.', 0.5, 0.8));
      socket.send('{"status":"complete"}');
    });
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
    const line: LineJson = JSON.parse(await readFile(join(folder, 'line.json'), 'utf8'));
    expect(line).toMatchObject({
      voice: 'avery',
      lang: 'en',
      sampleRate: 24_000,
      duration: 1,
      timing: 'words',
    });
    expect(line.words.map(({ text, from, to }) => [text, from, to])).toEqual([
      ['Map', 0, 3],
      ['it.', 4, 7],
    ]);
    expect(line.cues.at(-1)!.end).toBe(1);
    expect(server.requests).toMatchObject([{ voice_id: 'avery', language: 'en', speed: 1 }]);
    expect(server.headers[0]!.authorization).toBe(`Bearer ${KEY}`);
  });

  it.each([
    ['/waves/v1/tts/live', 'words', 'avery'],
    ['/api/v1/lightning-v2/get_speech/stream', 'alignment', 'emily'],
  ])(
    'finds the mouth in the sound of %s, which tells no visemes',
    async (path, timing, voice) => {
      const gateway = await startGateway();
      closing.push(() => gateway.kill());
      const url = gateway.url.replace('http', 'ws') + path;
      const text = 'Maybe people build a bridge before the moon comes up.';
      const lines = await Promise.all(
        [
          ['--source', 'lightning', '--url', url],
          ['--source', 'local', '--voice', 'F1'],
        ].map(async (source, nth) => {
          const out = join(folder, String(nth));
          expect(await parley('say', text, ...source, '--out', out)).toEqual({
            code: 0,
            stdout: '',
            stderr: '',
          });
          return JSON.parse(await readFile(join(out, 'line.json'), 'utf8')) as LineJson;
        }),
      );
      const [found, truth] = lines as [LineJson, LineJson];
      expect(found).toMatchObject({ timing, voice, sampleRate: 24_000 });
      expect(found.words.map((word) => word.text)).toEqual(truth.words.map((word) => word.text));
      const visemeAt = ({ cues }: LineJson, time: number) => cues.find(({ end }) => time < end)?.viseme;
      let [same, all] = [0, 0];
      for (let time = 0.005; time < truth.duration; time += 0.01, all++) {
        if (visemeAt(found, time) === visemeAt(truth, time)) same++;
      }
      expect(same / all).toBeGreaterThan(0.65);
    },
    90_000,
  );

  it('waits for its turn where the account is busy, and tells with 3 when that takes too long', async () => {
    const rejection = '{"status":"error","error":{"message":"Concurrency limit exceeded","code":"429"}}';
    const { server, ended } = await sayTo((socket, _request, nth) => {
      if (nth < 2) return socket.send(rejection);
      socket.send(chunk);
      socket.send('{"status":"complete"}');
    });
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(server.requests).toHaveLength(3);
    await rm(folder, { recursive: true });
    await mkdir(folder);
    const busy = await sayTo((socket) => socket.send(rejection), {}, '--timeout', '0.5');
    await expectFailure(busy.ended, 3, /Concurrency limit exceeded/);
  }, 60_000);

  it('tells a refusal with 3 and a broken stream with 4, leaves nothing behind and shows no key', async () => {
    const refused = await sayTo((socket) => socket.send(`{"status":"error","message":"no voice, ${KEY}"}`));
    await expectFailure(refused.ended, 3, /no voice/);
    const retired = await sayTo(() => {}, {
      path: '/waves/v1/lightning-v2/get_speech/stream',
      handshake: () => ({ status: 410, body: '{"error_code":"MODEL_DEPRECATED","message":"gone"}' }),
    });
    await expectFailure(retired.ended, 3, /410.*MODEL_DEPRECATED.*--url/);
    const broken = await sayTo((socket) => socket.send(chunk, () => socket.terminate()));
    await expectFailure(broken.ended, 4, /closed before/);
    const silent = await sayTo(() => {}, {}, '--timeout', '1.5');
    await expectFailure(silent.ended, 4, /No audio/);
  }, 60_000);
});
