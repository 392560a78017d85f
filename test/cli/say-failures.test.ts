import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parley } from '../kit/children.ts';
import { rampBytes, type Script } from '../kit/scripted-server.ts';
import { expectFailure, folder, KEY, scripted, serve } from './say-kit.ts';

describe('parley say tells wrong use with exit code 2:', () => {
  it.each<[string, string[], RegExp]>([
    ['no source', ['say', 'Hi', '--out', 'DIR'], /--source/],
    [
      'an unknown source',
      ['say', 'Hi', '--source', 'radio', '--out', 'DIR'],
      /"radio".*local, espeak, lokutor/,
    ],
    ['nothing to say', ['say', ' ', '--source', 'local', '--out', 'DIR'], /no text/],
    [
      'a speed out of range',
      ['say', 'Hi', '--source', 'local', '--speed', '3', '--out', 'DIR'],
      /--speed.*0\.5 to 2/,
    ],
    [
      'a rate out of range',
      ['say', 'Hi', '--source', 'local', '--rate', '', '--out', 'DIR'],
      /--rate.*8000 to 48000/,
    ],
    [
      'an address that is none',
      ['say', 'Hi', '--source', 'lokutor', '--url', `http://x?api_key=${KEY}`, '--out', 'DIR'],
      /ws:\/\//,
    ],
    [
      'a mistyped option',
      ['say', 'Hi', '--source', 'local', '--out', 'DIR', `--ulr=ws://x?api_key=${KEY}`],
      /--ulr/,
    ],
    [
      'a speed that is no decimal number',
      ['say', 'Hi', '--source', 'local', '--speed', '0x1', '--out', 'DIR'],
      /--speed.*"0x1"/,
    ],
    [
      'a text that looks like an option',
      ['say', '-5 degrees', '--source', 'local', '--out', 'DIR'],
      /'-5 degrees'.*after --/,
    ],
    [
      'an address for a source that has none',
      ['say', 'Hi', '--source', 'local', '--url', 'ws://127.0.0.1:9', '--out', 'DIR'],
      /--url.*"local"/,
    ],
    [
      'an address behind a gateway that has none',
      ['serve', '--port', '0', '--upstream', 'ws://127.0.0.1:9'],
      /--upstream.*"local"/,
    ],
    ['a command that does not exist', ['sing', 'Hi'], /sing/],
    ['no command', [], /serve, say, bake, face or visemes/],
  ])('%s', async (_name, args, words) => {
    const ended = await parley(...args.map((arg) => (arg === 'DIR' ? folder : arg)));
    await expectFailure(ended, 2, words);
    expect(ended.stderr).not.toContain(KEY);
  });

  it.each(['line.wav', 'line.json'])('a folder where %s goes, and keeps what was there', async (name) => {
    const other = name === 'line.wav' ? 'line.json' : 'line.wav';
    await mkdir(join(folder, name));
    await writeFile(join(folder, other), 'keep me');
    const ended = await parley('say', 'Hi.', '--source', 'local', '--out', folder);
    expect([ended.code, ended.stderr]).toEqual([
      2,
      `parley: cannot write to ${folder}: ${name} there is a folder.\n`,
    ]);
    expect((await readdir(folder)).sort()).toEqual(['line.json', 'line.wav']);
    expect(await readFile(join(folder, other), 'utf8')).toBe('keep me');
  });

  it('a folder that is a file', async () => {
    const file = join(folder, 'file');
    await writeFile(file, 'keep me');
    const ended = await parley('say', 'Hi.', '--source', 'local', '--out', file);
    expect([ended.code, ended.stderr]).toEqual([
      2,
      `parley: cannot write to ${file}: it is a file, not a folder.\n`,
    ]);
    expect(await readFile(file, 'utf8')).toBe('keep me');
  });
});

describe('parley say leaves nothing behind and shows no key when', () => {
  const some: Script = (socket) => socket.send(rampBytes(4_410));

  it.each<[string, Script, number, RegExp]>([
    [
      'the service refuses',
      (socket) => socket.send(`ERR: ${KEY} may not use this voice`),
      3,
      /may not use this voice/,
    ],
    [
      'it breaks off',
      (socket) => socket.send(rampBytes(4_410), () => socket.terminate()),
      4,
      /closed before/,
    ],
    ['it talks nonsense', (socket) => socket.send(`nonsense ${KEY}`), 4, /Expected/],
    ['it stalls', some, 4, /stalled/],
    ['it says nothing', () => {}, 4, /No audio/],
  ])('%s', async (_name, script, code, words) => {
    process.env.LOKUTOR_API_KEY = KEY;
    const url = await scripted(script);
    const ended = await parley(
      'say',
      'Hi',
      '--source',
      'lokutor',
      '--url',
      url,
      '--timeout',
      '0.4',
      '--out',
      folder,
    );
    await expectFailure(ended, code, words);
    expect(ended.stderr).not.toContain(KEY);
  });

  it.each([
    [401, 3, /401/],
    [429, 3, /429/],
    [500, 4, /connect/],
  ])('the handshake is answered with %i', async (status, code, words) => {
    const url = await scripted(() => {}, status);
    const ended = await parley(
      'say',
      'Hi',
      '--source',
      'lokutor',
      '--url',
      `${url}?api_key=${KEY}`,
      '--out',
      folder,
    );
    await expectFailure(ended, code, words);
    expect(ended.stderr).not.toContain(KEY);
  });

  it('nobody is there', async () => {
    const ended = await parley(
      'say',
      'Hi',
      '--source',
      'lokutor',
      '--url',
      `ws://127.0.0.1:9/?api_key=${KEY}`,
      '--out',
      folder,
    );
    await expectFailure(ended, 4, /Could not connect to ws:\/\/127\.0\.0\.1:9\/.*ECONNREFUSED/);
    expect(ended.stderr).not.toContain(KEY);
  });

  it.each(['👋🏽', '你好'])('there is nothing to say in %s, here or behind a gateway', async (text) => {
    const reason =
      'there is nothing in this text that English voices can say; give it English words or numbers.';
    const here = await parley('say', text, '--source', 'local', '--out', folder);
    await expectFailure(here, 3, /local voices refused/);
    expect(here.stderr).toBe(`parley: local voices refused the line: ${reason}\n`);
    const url = await serve();
    const there = await parley('say', text, '--source', 'lokutor', '--url', url, '--out', folder);
    await expectFailure(there, 3, /ws:/);
    expect(there.stderr).toBe(`parley: ${url} refused the line: ${reason}\n`);
  });

  it('local voices take longer than they may', async () => {
    await expectFailure(
      await parley('say', 'Hi', '--source', 'local', '--timeout', '0.01', '--out', folder),
      4,
      /No audio from local voices within 0\.01 s/,
    );
  });

  it('the voice does not exist', async () => {
    await expectFailure(
      await parley('say', 'Hi', '--source', 'local', '--voice', 'X1', '--out', folder),
      3,
      /"X1"/,
    );
  });
});
