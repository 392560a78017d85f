import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { shakeHands } from '../gateway/tickets/door-kit.ts';
import { builtProgram, parley, startListening } from '../kit/children.ts';
import { DialectClient } from '../kit/dialect-client.ts';
import { startScripted } from '../kit/scripted-server.ts';
import { SpeechClient } from '../kit/speech-client.ts';
import { closing, expectFailure } from './say-kit.ts';
import { served } from './serve-kit.ts';

const KEY = randomBytes(24).toString('base64url');

afterEach(() => {
  delete process.env.PARLEY_TICKET_SECRET;
  delete process.env.LOKUTOR_API_KEY;
});

async function keysFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-keys-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'keys');
  await writeFile(file, text);
  return file;
}

it('speaks for other machines with keys of its own, and makes tickets for who has one', async () => {
  process.env.PARLEY_TICKET_SECRET = randomBytes(32).toString('hex');
  const file = await keysFile(`# who, and the key\n\ngame-server ${KEY}\n`);
  const gateway = await startListening(
    builtProgram(),
    ...[
      'serve',
      '--port',
      '0',
      '--host',
      '0.0.0.0',
      '--dialect-keys',
      file,
      '--origins',
      'https://game.example',
    ],
  );
  closing.push(() => gateway.kill());
  const port = Number(new URL(gateway.url).port);
  expect((await shakeHands(port)).status).toBe(401);
  expect((await shakeHands(port, { headers: { authorization: `Bearer ${KEY}` } })).status).toBe(101);
  const ask = (key: string, body: string) =>
    fetch(`http://127.0.0.1:${port}/v1/ticket`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body,
    });
  expect((await ask(`${KEY}x`, '{"user":"ada"}')).status).toBe(401);
  const wrong = await ask(KEY, '{"user":"ada","scopes":{"freeText":"yes"}}');
  expect([wrong.status, await wrong.json()]).toEqual([
    400,
    { error: expect.stringMatching(/The body, scopes\.freeText: expected boolean, got "yes"/) },
  ]);
  expect((await ask(KEY, 'x'.repeat(20_000))).status).toBe(400);
  const made = await ask(KEY, '{"user":"ada","scopes":{"freeText":true}}');
  const { ticket } = (await made.json()) as { ticket: string };
  expect((await shakeHands(port, { ticket, origin: 'https://evil.example' })).status).toBe(403);
  expect((await shakeHands(port, { ticket, origin: 'https://game.example' })).status).toBe(101);
});

it('shows no key to anybody, though its service repeats all it hears, and log messages are on', async () => {
  process.env.PARLEY_TICKET_SECRET = randomBytes(32).toString('hex');
  process.env.LOKUTOR_API_KEY = `service-${randomBytes(16).toString('hex')}`;
  const secrets = [KEY, process.env.PARLEY_TICKET_SECRET, process.env.LOKUTOR_API_KEY];
  const text = `Whisper ${randomBytes(8).toString('hex')}.`;
  const service = await startScripted((socket, request) => {
    socket.send(`ERR: I will not say "${request.text}" for ${secrets.join(' or ')}`);
  });
  closing.push(() => service.close());
  const gateway = await served(
    ...['--source', 'lokutor', '--upstream', service.url, '--dialect-keys', await keysFile(`bot ${KEY}\n`)],
    ...['--trust-proxy', '--config', await keysFile('{"log":{"level":"debug","messages":true}}')],
  );
  const headers = { authorization: `Bearer ${KEY}` };
  const own = await SpeechClient.open(gateway.port, true, { headers });
  const answer = await own.say(1, text);
  const dialect = await DialectClient.open(`ws://127.0.0.1:${gateway.port}/ws`, { headers });
  dialect.send({ text });
  const { ending } = await dialect.answer();
  for (const each of [answer, ending]) expect(each).toMatch(/I will not say .* for \*{3} or \*{3} or \*{3}$/);
  await shakeHands(gateway.port, { path: `/ws?api_key=${KEY}x` });
  const told = await Promise.all(
    ['metrics', 'healthz'].map(async (path) => (await fetch(`${gateway.url}/${path}`, { headers })).text()),
  );
  for (const { socket } of [own, dialect]) socket.close();
  gateway.end();
  await gateway.ended;
  expect(gateway.output()).toMatch(/"status":101.*handshake/);
  const rest = [gateway.output(), ...told].join('\n');
  for (const secret of [...secrets, text]) expect(rest).not.toContain(secret);
});

it('tells what is wrong with keys, origins and secrets, without showing them', async () => {
  const fail = async (text: string, code: number, pattern: RegExp, ...more: string[]) => {
    const ended = await parley('serve', '--port', '0', '--dialect-keys', await keysFile(text), ...more);
    await expectFailure(ended, code, pattern);
    expect(ended.stderr).not.toContain(KEY);
  };
  await fail('', 5, /at least one line "name key"/);
  await fail(`${KEY}\n`, 5, /Line 1.*a name, a blank and a key/);
  await fail('bot short\n', 5, /"bot": expected 24 characters or more.*got 5 characters/);
  process.env.LOKUTOR_API_KEY = KEY;
  await fail(`bot ${KEY}\n`, 5, /"bot": expected a key of its own, got a speech service's key/);
  delete process.env.LOKUTOR_API_KEY;
  await fail(
    `bot ${KEY}\n`,
    2,
    /expected "https:\/\/game.example", got "https:\/\/game.example\/"/,
    '--origins',
    'https://game.example/',
  );
  process.env.PARLEY_TICKET_SECRET = 'short';
  await fail(`bot ${KEY}\n`, 2, /32 bytes or more/);
  await expectFailure(
    await parley('serve', '--port', '0'),
    2,
    /PARLEY_TICKET_SECRET: expected --dialect-keys/,
  );
}, 60_000);
