/** `pcmVoices` against the emulator of somebody's own server, over WebSocket and over HTTP. */
import { afterAll, beforeAll, it } from 'vitest';
import { pcmVoices } from '../../../src/voices/pcm/index.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { type PcmEmulator, servePcm } from '../../emulators/pcm.ts';
import { endSpeech } from '../../emulators/speech.ts';

const key = 'sk-pcm/+"canary"';
let server: PcmEmulator;

beforeAll(async () => {
  server = await servePcm({ end: 'EOS' });
});
afterAll(async () => {
  await server.close();
  endSpeech();
});

for (const way of ['url', 'http'] as const) {
  const checks = conformanceChecks({
    name: way === 'url' ? 'pcm over WebSocket' : 'pcm over HTTP',
    key,
    open: (url, { timeouts }) =>
      pcmVoices({
        url,
        timeouts,
        sampleRate: 24_000,
        end: 'EOS',
        apiKey: key,
        openSocket: openNodeSocket,
      }),
    serve: () => ({ url: `${server[way]}?key=${encodeURIComponent(key)}` }),
    variants: { odd: 'odd=1', noEnd: 'end=none' },
    endsByClosing: way === 'http',
  });
  // In an answer of raw bytes there are no messages to be broken; what lies behind the way is the same.
  const fitting = checks.filter(
    ({ name }) =>
      way === 'url' || /sample by sample|cancel|two lines|odd|key is|stall|time-out|long text/.test(name),
  );
  for (const check of fitting) it(check.name, check.run, check.seconds * 1000);
}
