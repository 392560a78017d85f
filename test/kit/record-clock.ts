/**
 * Records what a real Chromium tells about its audio clock, for the tests of the output clock:
 * `npx tsx test/kit/record-clock.ts FILE.json [--hint playback] [--sink] [--load N] [--seconds S] [--change AT]`
 *
 * `--sink` reaches a real audio server (PULSE_SERVER in the environment) instead of the browser's muted output;
 * `--load N` keeps N workers and half of every frame busy; `--change AT` sends the sound nowhere after AT seconds.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    hint: { type: 'string', default: 'interactive' },
    sink: { type: 'boolean', default: false },
    load: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '8' },
    change: { type: 'string' },
    note: { type: 'string', default: '' },
  },
});
const [file] = positionals;
if (!file) throw new Error('Expected the file to write, got none.');

const executablePath = findChromium();
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  chromiumSandbox: false,
  args: CHROMIUM_ARGS,
  ...(values.sink ? { ignoreDefaultArgs: ['--mute-audio'] } : {}),
});
try {
  const page = await browser.newPage();
  await page.route('**/*', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<title>clock</title>' }),
  );
  await page.goto('http://localhost/'); // Only a secure page may choose where its sound goes.
  await page.evaluate('globalThis.__name = (it) => it'); // What tsx puts around named functions.
  const trace = await page.evaluate(
    async ({ hint, load, seconds, changeAt }) => {
      const busy = URL.createObjectURL(new Blob(['for (let x = 0; ; ) x = Math.sin(x + 1);']));
      for (let i = 0; i < load; i++) new Worker(busy);
      const context = new AudioContext({ latencyHint: hint as AudioContextLatencyCategory });
      const readings: (number | undefined)[][] = [];
      const round = (value: number | undefined, digits: number) =>
        value === undefined ? undefined : Math.round(value * 10 ** digits) / 10 ** digits;
      const beganMs = performance.now();
      let changed = false;
      await new Promise<void>((done) => {
        const frame = () => {
          const nowMs = performance.now();
          const output = context.getOutputTimestamp();
          readings.push([
            context.state === 'running' ? 1 : 0,
            round(nowMs - beganMs, 3),
            round(context.currentTime, 6),
            round(output.contextTime, 6),
            output.performanceTime ? round(output.performanceTime - beganMs, 3) : 0,
            round(context.outputLatency, 6),
          ]);
          const at = (nowMs - beganMs) / 1000;
          if (changeAt !== undefined && !changed && at >= changeAt) {
            changed = true;
            void (context as AudioContext & { setSinkId(to: { type: 'none' }): Promise<void> }).setSinkId({
              type: 'none',
            });
          }
          while (load > 0 && performance.now() - nowMs < 8);
          if (at < seconds) requestAnimationFrame(frame);
          else done();
        };
        requestAnimationFrame(frame);
      });
      return {
        browser: navigator.userAgent.replace(/.*(Chrom\w+\/[\d.]+).*/, '$1'),
        sampleRate: context.sampleRate,
        baseLatency: context.baseLatency,
        fields: ['running', 'nowMs', 'currentTime', 'outputTime', 'outputMs', 'outputLatency'],
        readings,
      };
    },
    {
      hint: values.hint,
      load: Number(values.load),
      seconds: Number(values.seconds),
      changeAt: values.change === undefined ? undefined : Number(values.change),
    },
  );
  const { readings, ...about } = trace;
  const lines = readings.map((reading) => JSON.stringify(reading)).join(',\n');
  const head = JSON.stringify({ made: process.argv.slice(3).join(' '), ...about }).slice(0, -1);
  await writeFile(file, `${head},"readings":[\n${lines}\n]}\n`);
} finally {
  await browser.close();
}
