/** A service that keeps a gateway waiting: how long that waits, and how often it asks again. */
import { expect, it } from 'vitest';
import { lightningVoices } from '../../../src/voices/lightning/lightning-voices.ts';
import { poolVoices } from '../../../src/voices/pool/pool.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { rampBytes, type Script, type ScriptedOptions, startScripted } from '../../kit/scripted-server.ts';
import { atEnd, desk, heard } from './desk-kit.ts';

const SECONDS = { connect: 0.8, firstAudio: 1, stall: 0.6 };
/** The longest waits between three attempts, and what a busy machine adds. */
const BETWEEN = 0.1 + 1;
const GRACE = 8;

const chunk = JSON.stringify({
  status: 'chunk',
  request_id: 'r',
  data: { audio: rampBytes(240).toString('base64') },
});

it.each<
  [string, Script, ScriptedOptions, { code: string; attempts: number; seconds: number; samples: number }]
>([
  [
    'answers no handshake',
    () => {},
    { handshake: () => 'hang' },
    { code: 'connect-timeout', attempts: 3, seconds: 3 * SECONDS.connect, samples: 0 },
  ],
  [
    'takes requests and sends nothing',
    () => {},
    {},
    { code: 'first-audio-timeout', attempts: 3, seconds: 3 * SECONDS.firstAudio, samples: 0 },
  ],
  [
    'falls silent in the middle of a line',
    (socket) => socket.send(chunk),
    {},
    { code: 'stalled', attempts: 1, seconds: SECONDS.stall, samples: 240 },
  ],
])('a service that %s', async (_, script, options, { code, attempts, seconds, samples }) => {
  const server = await startScripted(script, { path: '/waves/v1/tts/live', ...options });
  atEnd(() => server.close());
  const source = lightningVoices({ url: server.url, openSocket: openNodeSocket, timeouts: SECONDS });
  const pool = poolVoices({ services: [{ source }], coolDownSeconds: 0 });
  atEnd(() => pool.dispose());
  const lines = await desk({ source: pool });
  const began = performance.now();
  const asked = [1, 2, 3].map(() => lines.open({ text: 'Anybody there?', priority: 'player' }));
  const all = await Promise.all(asked.map((line) => heard(line)));
  const took = (performance.now() - began) / 1_000;
  for (const line of all) expect([line.error?.code, line.samples.length]).toEqual([code, samples]);
  expect(took).toBeGreaterThan(seconds - 0.05);
  expect(took).toBeLessThan(seconds + (attempts > 1 ? BETWEEN : 0) + GRACE);
  const asks = code === 'connect-timeout' ? server.handshakes : server.requests;
  expect(asks).toHaveLength(attempts);
});
