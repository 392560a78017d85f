/** A client that lets everything come and reads nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createGateway } from '../../../src/gateway/index.ts';
import { SpeechClient } from '../../kit/speech-client.ts';
import { toneVoices } from '../../kit/tone-voices.ts';

const CREDIT = 16_000_000;
const LINES = 8;

it('loses its lines after five seconds and holds up nobody', async () => {
  const gateway = createGateway({ source: toneVoices() });
  await gateway.listen({ port: 0 });
  const { port } = gateway.address;
  const stalled = await SpeechClient.open(port);
  const other = await SpeechClient.open(port);
  stalled.socket.pause();
  for (let line = 1; line <= LINES; line++) {
    stalled.tell({ type: 'say', line, text: String(line).repeat(480), credit: CREDIT });
  }
  await sleep(500);
  other.tell({ type: 'say', line: 1, text: 'in good time', credit: CREDIT });
  await other.until('end', 1);
  await sleep(6_000);
  stalled.socket.resume();
  const dropped = await stalled.when(() => {
    const errors = stalled.of('error');
    return errors.length + stalled.of('end').length === LINES ? errors : undefined;
  }, 'an end of each line');
  expect(dropped.length).toBeGreaterThan(0);
  for (const error of dropped) expect(error).toMatchObject({ code: 'stalled', line: expect.any(Number) });
  // What came of them is whole as far as it goes, and no more than the sockets of both sides hold.
  const sent = Array.from({ length: LINES }, (_, nth) => stalled.bytes(nth + 1));
  expect(sent.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(LINES * 480 * 0.06 * 88_200);
  expect(stalled.of('sound').every(({ position, before }) => Number(position) * 2 === before)).toBe(true);
  stalled.tell({ type: 'say', line: 99, text: 'reads again', credit: CREDIT });
  await stalled.until('end', 99);
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(metrics).toContain(`parley_drops_total{reason="stalled"} ${dropped.length}\n`);
  stalled.socket.terminate();
  other.socket.terminate();
  await gateway.close();
});
