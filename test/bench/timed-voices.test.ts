/**
 * What listening to a line costs the main thread of a page: the longest time between two turns of its event loop while
 * a line of some 20 s is timed that came all at once; with a worker, without one, and with nothing to do at all.
 * Run: npx vitest run --project bench test/bench/timed-voices.test.ts
 */
import { expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import { type SpeechPart, timedVoices, type VoiceSource } from '../../src/index.ts';
import { type TasksSeen, watchTasks } from '../browser/task-watch.ts';

const RATE = 24_000;
const ROUNDS = 5;
const TEXT = Array(5)
  .fill('Welcome back, traveller. The bridge to Port Mira is broken, but my brother may mend it.')
  .join(' ');

it('leaves the main thread to the game', async () => {
  const { pcm } = await commands.say(TEXT, ['--source', 'local', '--rate', String(RATE)]);
  const samples = new Int16Array(Uint8Array.from(atob(pcm), (one) => one.charCodeAt(0)).buffer);
  const plain: VoiceSource = {
    name: 'plain',
    timing: { origin: 'audio', confidence: 0 },
    home: 'page',
    async *speak(): AsyncGenerator<SpeechPart> {
      yield { type: 'audio', samples: samples.slice(), sampleRate: RATE };
      yield { type: 'end' };
    },
    dispose() {},
  };
  const ways: [string, (() => Promise<void>) | undefined][] = [['nothing to do', undefined]];
  for (const [name, worker] of [
    ['in a worker', undefined],
    ['between tasks', false],
  ] as const) {
    const source = timedVoices(plain, { worker });
    ways.push([
      name,
      async () => {
        for await (const _ of source.speak({ text: TEXT }, new AbortController().signal));
      },
    ]);
  }
  const told = [
    `${(samples.length / RATE).toFixed(1)} s of speech at once, ${ROUNDS} rounds, the first of each with everything cold`,
  ];
  for (const [name, run] of ways) {
    const seen: (TasksSeen & { seconds: number })[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [watch, begun] = [watchTasks(), performance.now()];
      await (run?.() ?? new Promise((resolve) => setTimeout(resolve, 500)));
      seen.push({ ...watch.end(), seconds: (performance.now() - begun) / 1000 });
    }
    const longest = seen.map(({ longestMs }) => longestMs.toFixed(1)).join(' ');
    const late = seen
      .map((one) => ((100 * one.late * one.turns) / Math.max(one.seconds, 1e-3) / 100).toFixed(1))
      .join(' ');
    told.push(
      `${name.padEnd(14)} longest wait, ms: ${longest}; waits over 3 ms, a second: ${late}; done in ${seen.at(-1)!.seconds.toFixed(2)} s`,
    );
  }
  console.log(told.join('\n'));
  expect(told.length).toBe(4);
}, 300_000);
