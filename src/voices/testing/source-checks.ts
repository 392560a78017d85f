import { InputError, SpeechError } from '../../speech/errors.ts';
import type { VoiceSource } from '../../speech/source.ts';
import { type Bench, SOON } from './bench.ts';
import { demand, shown } from './conformance-error.ts';
import type { Definition } from './definition.ts';
import { demandCode } from './fault-checks.ts';
import { TimerWatch } from './timer-watch.ts';

/** How much longer or shorter a line may be at another rate, seconds: what a filter holds back. */
const LENGTH = 0.06;

/** A rate that no service has, Hz. */
const STRANGE_RATE = 12_345;

const CLOSE = 'dispose() closes all sockets, of running lines and idle ones, and ends all timers.';

/** What a source says of itself, and how it ends. */
export const SOURCE_CHECKS: readonly Definition[] = [
  {
    name: 'it gives what it says it gives',
    async run(bench) {
      const line = await bench.reference(bench.texts.line);
      const { name, traits, timing } = bench.open();
      demand(
        /^[a-z][a-z0-9.-]*$/.test(name),
        'a short lower-case name',
        JSON.stringify(name),
        'It is the one of `parley say --source`.',
      );
      demand(
        timing.confidence >= 0 && timing.confidence <= 1,
        'a confidence from 0 to 1',
        String(timing.confidence),
        'It is what the times are worth.',
      );
      demand(traits !== undefined, 'traits', 'none', 'Say what the source gives, and at which rates.');
      demand(
        traits.sampleRates.includes(line.sampleRate),
        `sound at one of ${traits.sampleRates.join(', ')} Hz`,
        `${line.sampleRate} Hz`,
        'List the rate in traits.sampleRates, the default first.',
      );
      const strange = traits.sampleRates.find(
        (rate) => !Number.isInteger(rate) || rate < 8_000 || rate > 48_000,
      );
      demand(
        strange === undefined,
        'whole rates from 8,000 to 48,000 Hz in traits.sampleRates',
        String(strange),
        'List the rates that the source gives, and no other.',
      );
      const { gives } = traits;
      const mouth = line.cues.some(({ viseme }) => viseme !== 'sil');
      const wantsMouth = gives.some((unit) => unit !== 'words');
      demand(
        mouth || !wantsMouth,
        `cues, since it gives ${gives.join(', ')}`,
        'none',
        'Make cues of what the service tells, or say in traits.gives that it tells less.',
      );
      const wantsWords = gives.includes('words') || gives.includes('characters');
      demand(
        line.words.length > 0 || !wantsWords,
        `words, since it gives ${gives.join(', ')}`,
        'none',
        'Make word marks of what the service tells, or say in traits.gives that it tells less.',
      );
      demand(
        gives.length > 0 || line.cues.length + line.words.length === 0,
        'sound alone, since it gives nothing else',
        'cues or words',
        'Say so in traits.gives: players choose by it.',
      );
    },
  },
  {
    name: 'the rate that is asked for is the rate that comes',
    when: ({ rates = [] }) => rates.length > 0,
    seconds: 60,
    async run(bench) {
      const { short } = bench.texts;
      const { seconds } = await bench.reference(short);
      for (const sampleRate of bench.subject.rates ?? []) {
        const line = await bench.say(bench.open({ sampleRate }), short);
        demand(
          !line.failed,
          `a line at ${sampleRate} Hz`,
          shown(line.error),
          'Ask the service for the rate, and read its answer at that rate.',
        );
        demand(
          line.sampleRate === sampleRate,
          `${sampleRate} Hz`,
          `${line.sampleRate} Hz`,
          'Tell the rate that the service really sends.',
        );
        demand(
          Math.abs(line.seconds - seconds) < LENGTH,
          `a line of ${seconds.toFixed(2)} s`,
          `${line.seconds.toFixed(2)} s at ${sampleRate} Hz`,
          'The rate that is told is not the one of the samples.',
        );
      }
      let error: unknown;
      try {
        const line = await bench.say(bench.open({ sampleRate: STRANGE_RATE }), short);
        error = line.error;
      } catch (reason) {
        error = reason;
      }
      demand(
        error instanceof InputError,
        `an InputError for ${STRANGE_RATE} Hz`,
        error ? shown(error) : 'a line',
        'Say which rates there are, before the service is asked.',
      );
    },
  },
  {
    name: 'an answer at another rate is told as it is, or is an error',
    when: ({ variants }) => variants?.otherRate !== undefined,
    async run(bench) {
      const { line: text } = bench.texts;
      const { seconds } = await bench.reference(text);
      const { query, sampleRate } = bench.subject.variants!.otherRate!;
      const line = await bench.say(bench.open({ variant: query }), text);
      if (line.failed) {
        demand(
          line.error instanceof SpeechError,
          'a SpeechError',
          shown(line.error),
          'An answer that cannot be used is a SpeechError with code protocol.',
        );
        return;
      }
      demand(
        line.sampleRate === sampleRate,
        `${sampleRate} Hz, as the service says`,
        `${line.sampleRate} Hz`,
        'Take the rate from the answer, not from the request.',
      );
      demand(
        Math.abs(line.seconds - seconds) < LENGTH,
        `a line of ${seconds.toFixed(2)} s`,
        `${line.seconds.toFixed(2)} s`,
        'Take the rate from the answer, not from the request.',
      );
    },
  },
  {
    name: 'dispose ends running lines and leaves nothing open',
    async run(bench) {
      const { line: text, short } = bench.texts;
      await bench.reference(short);
      const { messages } = await bench.reference(text);
      const { record } = bench.proxy;
      await bench.soon(() => record.live.size === 0);
      const watch = new TimerWatch();
      try {
        await watch.run(async () => {
          const source = bench.open({ timeouts: { firstAudio: 3, stall: 3 } });
          await bench.say(source, short); // Leaves a socket for the next line, as adapters do.
          bench.proxy.behave({ pass: messages - 1 });
          const held = bench.say(source, text, {
            patience: 6,
            onPart: ({ type }) => {
              if (type === 'audio') source.dispose();
            },
          });
          const waiting = bench.say(source, text, { patience: 6 });
          for (const line of await Promise.all([held, waiting])) {
            demandCode(
              line,
              ['aborted'],
              'dispose() ends running lines: throw SpeechError.aborted() from them.',
            );
          }
          source.dispose();
          const closed = await bench.soon(() => record.live.size === 0);
          demand(closed, `no connection ${SOON} s after dispose()`, `${record.live.size} open`, CLOSE);
          await demandSilent(bench, source);
        });
        const still = await bench.soon(() => watch.running === 0);
        demand(still, `no timer ${SOON} s after dispose()`, `${watch.running} that keep Node alive`, CLOSE);
      } finally {
        watch.dispose();
      }
    },
  },
];

/** Demands that a source which was disposed speaks no more. */
async function demandSilent(bench: Bench, source: VoiceSource): Promise<void> {
  const { asked } = bench.proxy.record;
  const before = asked.length;
  const { failed, error } = await bench.say(source, bench.texts.short);
  demand(
    failed && error instanceof SpeechError,
    'a SpeechError from a line after dispose()',
    failed ? shown(error) : 'a line',
    'A source that was disposed speaks no more: throw SpeechError.aborted().',
  );
  demand(asked.length === before, 'no connection after dispose()', `${asked.length - before}`, CLOSE);
}
