/** Players who come, listen and go: nothing of them stays. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createGateway } from '../../../src/gateway/index.ts';
import { SpeechClient } from '../../kit/speech-client.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { memoryInUse } from '../lines/desk-kit.ts';

/** Players of each round, ten at a time. */
const PLAYERS = process.env.PARLEY_LONG ? 3_000 : 60;

/** For three rounds; a player takes some ten milliseconds of this machine, most of it for the sound. */
const PATIENCE_MS = 30_000 + 200 * PLAYERS;

it(
  'hundreds of players over one gateway leave nothing behind',
  async () => {
    const source = toneVoices({ sampleRate: 24_000 });
    const gateway = createGateway({ source, keeping: { memoryBytes: 300_000 } });
    await gateway.listen({ port: 0 });
    const { port } = gateway.address;
    const visit = async (name: string) => {
      const client = await SpeechClient.open(port);
      await client.say(1, `${name} says hello.`);
      client.tell({ type: 'say', line: 2, text: `${name} has no patience for this.`, credit: 5_000 });
      await client.until('begin', 2);
      if (name.endsWith('3')) client.tell({ type: 'cancel', line: 2 });
      client.tell({ type: 'prefetch', line: 3, text: 'For all of them.' });
      await client.until('ready', 3);
      // Some say good-bye, some are gone.
      client.tell({ type: 'cancel', line: 2 });
      await client.when(() => client.of('error', 2)[0]);
      for (const line of [1, 2, 3]) client.tell({ type: 'done', line });
      if (name.endsWith('7')) client.socket.terminate();
      else client.socket.close();
    };
    const round = async (name: string) => {
      for (let at = 0; at < PLAYERS; at += 10) {
        await Promise.all(Array.from({ length: 10 }, (_, nth) => visit(`${name} ${at + nth}`)));
      }
      source.requests.length = 0;
      await sleep(100);
      return memoryInUse();
    };
    await round('warm');
    const before = await round('first');
    const grown = (await round('second')) - before;
    // Their sessions wait half a minute for them, with some kilobytes each; each was sent 100 kB of sound.
    expect(grown).toBeLessThan(PLAYERS * 12_000);
    const health = await (await fetch(`http://127.0.0.1:${port}/healthz`)).json();
    expect(health).toMatchObject({ status: 'ok', connections: 0 });
    expect(source.running).toBe(0);
    await gateway.close();
  },
  PATIENCE_MS,
);
