import { expect, it, onTestFinished } from 'vitest';
import { pcmVoices } from '../../src/voices/pcm/index.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { MAX_WAITING } from '../../src/voices/session/session.ts';
import { collect } from '../kit/collect.ts';
import { startScripted } from '../kit/scripted-server.ts';

async function spoken(bytes: number) {
  const server = await startScripted((socket) => {
    socket.send(Buffer.alloc(bytes, 1));
    socket.send('EOS');
  });
  const source = pcmVoices({ url: server.url, sampleRate: 48_000, end: 'EOS', openSocket: openNodeSocket });
  onTestFinished(async () => {
    source.dispose();
    await server.close();
  });
  return collect(source.speak({ text: 'Hi.' }, new AbortController().signal));
}

it('a whole line may come in one message', async () => {
  const seconds = 15;
  const { samples, error } = await spoken(seconds * 48_000 * 2);
  expect(error).toBeUndefined();
  expect(samples).toHaveLength(seconds * 48_000);
});

it('one that is too large for any line is told, as what no other attempt mends', async () => {
  const { error } = await spoken(MAX_WAITING + 1);
  expect(error).toMatchObject({ code: 'too-long', message: expect.stringContaining('larger') });
});
