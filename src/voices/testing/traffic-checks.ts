import { setTimeout as sleep } from 'node:timers/promises';
import { demand } from './conformance-error.ts';
import type { Definition } from './definition.ts';

/** Ms over which a slow network spreads a line, for which it holds all of it once, and that are no stall. */
const SPREAD = 1_200;
const PAUSE = 400;
const STALL = 1_200;

const MIXED = 'Lines that run at once need a socket each, or an id by which their messages are told apart.';

/** Several lines, and a network that takes its time. */
export const TRAFFIC_CHECKS: readonly Definition[] = [
  {
    name: 'two lines at once do not mix',
    async run(bench) {
      const { line, short } = bench.texts;
      await bench.reference(line);
      await bench.reference(short);
      bench.proxy.behave({ delayMs: 2 });
      const source = bench.open();
      const [one, other] = await Promise.all([bench.say(source, line), bench.say(source, short)]);
      await bench.demandWhole(one, line, MIXED);
      await bench.demandWhole(other, short, MIXED);
    },
  },
  {
    name: 'a line goes on while another is cancelled',
    async run(bench) {
      const { line, short } = bench.texts;
      await bench.reference(line);
      bench.proxy.behave({ delayMs: 2 });
      const source = bench.open();
      const controller = new AbortController();
      const cancelled = bench.say(source, short, {
        signal: controller.signal,
        onPart: () => controller.abort(),
      });
      const whole = await bench.say(source, line);
      await cancelled;
      await bench.demandWhole(whole, line, 'Cancelling a line must not close what another one uses.');
    },
  },
  {
    name: 'one line after another',
    async run(bench) {
      const { line, short } = bench.texts;
      const first = await bench.reference(line);
      await bench.reference(short);
      const source = bench.open();
      source.prepare?.();
      const cure =
        'A kept socket must be as good as new: nothing of the last line may be left, and its times count anew.';
      for (const text of [short, line, short]) {
        const spoken = await bench.say(source, text);
        await bench.demandWhole(spoken, text, cure);
        if (text !== line) continue;
        for (const [nth, { start }] of spoken.words.entries()) {
          const expected = first.words[nth]?.start ?? Number.NaN;
          demand(
            Math.abs(start - expected) < 0.01,
            `word ${nth} at ${expected.toFixed(3)} s, as on a socket of its own`,
            `${start.toFixed(3)} s`,
            cure,
          );
        }
      }
    },
  },
  {
    name: 'a slow network changes nothing',
    seconds: 60,
    async run(bench) {
      const { line } = bench.texts;
      const { messages } = await bench.reference(line);
      const pause = { after: Math.floor(messages / 2), ms: PAUSE };
      bench.proxy.behave({ delayMs: SPREAD / messages, pause });
      const spoken = await bench.say(bench.open({ timeouts: { stall: STALL / 1000 } }), line);
      await bench.demandWhole(
        spoken,
        line,
        'A stall is the time between two messages, not that of the whole line.',
      );
    },
  },
  {
    name: 'a slow reader loses nothing',
    seconds: 60,
    async run(bench) {
      const { line } = bench.texts;
      await bench.reference(line);
      let waits = 0;
      const spoken = await bench.say(bench.open({ timeouts: { stall: STALL / 1000 } }), line, {
        onPart: () => sleep(waits++ === 1 ? STALL + 100 : 2),
      });
      await bench.demandWhole(
        spoken,
        line,
        'Time in which nobody asks for the next part does not count as a stall, and what comes meanwhile is kept.',
      );
    },
  },
  {
    name: 'pieces of an odd number of bytes lose nothing',
    when: ({ variants }) => variants?.odd !== undefined,
    async run(bench) {
      const { line } = bench.texts;
      await bench.reference(line);
      const spoken = await bench.say(bench.open({ variant: bench.subject.variants?.odd }), line);
      await bench.demandWhole(
        spoken,
        line,
        'A piece may end within a sample: keep its odd byte for the next one.',
      );
    },
  },
];
