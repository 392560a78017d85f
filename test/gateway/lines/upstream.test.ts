import { describe, expect, it } from 'vitest';
import type { LineDesk } from '../../../src/gateway/lines/line-desk.ts';
import { lightningVoices } from '../../../src/voices/lightning/lightning-voices.ts';
import { poolVoices } from '../../../src/voices/pool/pool.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { rampBytes, type Script, startScripted } from '../../kit/scripted-server.ts';
import { atEnd, desk, digestOf, heard, sleep } from './desk-kit.ts';

const player = { priority: 'player' } as const;
const chunk = JSON.stringify({
  status: 'chunk',
  request_id: 'r',
  data: { audio: rampBytes(240).toString('base64') },
});
const complete = '{"status":"complete"}';

/** A desk in front of a real service that plays a script, through adapter and pool. */
async function deskFor(script: Script): Promise<{ lines: LineDesk; texts: unknown[] }> {
  const texts: unknown[] = [];
  const server = await startScripted(
    (socket, request, nth) => {
      texts.push(request.text);
      return script(socket, request, nth);
    },
    { path: '/waves/v1/tts/live' },
  );
  atEnd(() => server.close());
  const source = lightningVoices({
    url: server.url,
    openSocket: openNodeSocket,
    timeouts: { connect: 1, firstAudio: 1, stall: 0.5 },
  });
  const pool = poolVoices({ services: [{ source }], coolDownSeconds: 0.1 });
  atEnd(() => pool.dispose());
  return { lines: await desk({ source: pool }), texts };
}

describe('an upstream that is cut off', () => {
  it('before the first byte: the line is asked for again, and nobody notices', async () => {
    const { lines, texts } = await deskFor(async (socket) => {
      if (texts.length < 3) return socket.terminate();
      for (let sent = 0; sent < 5; sent++) socket.send(chunk);
      socket.send(complete);
    });
    const asked = Array.from({ length: 20 }, () => lines.open({ text: 'Cut.', ...player }));
    const all = await Promise.all(asked.map((line) => heard(line)));
    expect(texts).toEqual(['Cut.', 'Cut.', 'Cut.']);
    for (const { samples, error } of all) expect([samples.length, error]).toEqual([1_200, undefined]);
    expect(lines.counts).toMatchObject({ fresh: 1, joined: 19, failed: 0 });
  });

  it('in the middle: everybody has what came, and hears why; it is not asked for again, nor kept', async () => {
    const { lines, texts } = await deskFor(async (socket) => {
      for (let sent = 0; sent < 5; sent++) socket.send(chunk);
      await sleep(50);
      socket.terminate();
    });
    const asked = Array.from({ length: 20 }, () => lines.open({ text: 'Cut.', ...player }));
    const all = await Promise.all(asked.map((line) => heard(line)));
    for (const { samples, error, types } of all) {
      expect([samples.length, error?.code]).toEqual([1_200, 'closed-early']);
      expect(types).not.toContain('end');
    }
    expect(texts).toEqual(['Cut.']);
    expect(lines.counts).toMatchObject({ fresh: 1, failed: 1 });
    await heard(lines.open({ text: 'Cut.', ...player }));
    expect(texts).toHaveLength(2);
  });

  it('after the last sound, before the end: all of it is heard, but it is not taken for whole', async () => {
    const { lines, texts } = await deskFor(async (socket) => {
      for (let sent = 0; sent < 5; sent++) socket.send(chunk);
      socket.terminate(); // `complete` was on its way.
    });
    const line = lines.open({ text: 'Cut.', ...player });
    const early = digestOf(line).catch(({ code }) => code);
    const { samples, error } = await heard(line);
    expect([samples.length, error?.code, await early]).toEqual([1_200, 'closed-early', 'closed-early']);
    expect(lines.open({ text: 'Cut.', ...player }).origin).not.toBe('hit');
    expect(texts.length).toBeGreaterThan(0);
  });
});
