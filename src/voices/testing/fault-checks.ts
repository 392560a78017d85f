import { SpeechError } from '../../speech/errors.ts';
import type { Bench } from './bench.ts';
import { demand, shown } from './conformance-error.ts';
import type { Definition } from './definition.ts';
import type { SpokenLine } from './spoken-line.ts';

/** Seconds after which a line that waits for its time-out hangs. */
const PATIENCE = 6;

/** Most messages of a line after each of which it is cut; of longer answers, so many spread over the line. */
const MOST_CUTS = 60;

/** A large message, bytes. */
const HUGE = 8 * 1024 * 1024;

const TYPED = 'Whatever goes wrong is told by a SpeechError, whose code a game can read.';

const PASSED_OVER = 'What is passed over leaves the line as it is.';

/** What is no message of the service's. */
const GARBAGE: readonly { name: string; data: string | Uint8Array }[] = [
  { name: 'broken JSON', data: '{"audio": "AAAA' },
  {
    name: 'an unknown type of message',
    data: '{"type":"from-the-future","status":"unheard-of","data":{"x":[1,null]}}',
  },
  { name: 'binary noise', data: Uint8Array.from({ length: 334 }, (_, at) => (at * 167 + 13) % 256) },
  { name: 'a huge message', data: 'x'.repeat(HUGE) },
];

/** Streams that break. */
export const FAULT_CHECKS: readonly Definition[] = [
  ...GARBAGE.map(
    ({ name, data }): Definition => ({
      name: `${name} ends the line with a reason, or is passed over`,
      seconds: 60,
      async run(bench) {
        const text = bench.texts.line;
        const { messages, samples } = await bench.reference(text);
        for (const after of [0, Math.floor(messages / 2)]) {
          bench.proxy.behave({ inject: { after, data } });
          const timeouts = { connect: 2, firstAudio: 2, stall: bench.short };
          const line = await bench.say(bench.open({ timeouts }), text, { patience: PATIENCE });
          if (line.failed) demandFailure(line, `after ${name}`);
          else if (bench.subject.rawSound) continue;
          else if (typeof data === 'string') await bench.demandWhole(line, text, PASSED_OVER);
          else {
            const kept = holdsAround(line.samples, samples);
            demand(kept, 'the right samples, with the noise between them at most', 'others', PASSED_OVER);
          }
        }
      },
    }),
  ),
  {
    name: 'an error of the service ends the line in its words',
    when: ({ errorMessage }) => errorMessage !== undefined,
    async run(bench) {
      const text = bench.texts.line;
      const { messages } = await bench.reference(text);
      for (const after of [0, Math.floor(messages / 2)]) {
        const words = 'the voice is on strike';
        bench.proxy.behave({ inject: { after, data: bench.subject.errorMessage!(words) } });
        const line = await bench.say(bench.open(), text, { patience: PATIENCE });
        const cure =
          'Tell what the service says, without any key: refused() for a no, serviceFailed() for a break-down.';
        demandCode(line, ['refused', 'service-failed'], cure);
        const { message } = line.error as SpeechError;
        demand(message.includes(words), `an error that says "${words}"`, message, cure);
        await demandBeginning(bench, line, text);
      }
    },
  },
  { name: 'cut after every message', seconds: 120, run: (bench) => endEverywhere(bench, 'cut') },
  {
    name: 'closed after every message',
    seconds: 120,
    when: ({ endsByClosing }) => !endsByClosing,
    run: (bench) => endEverywhere(bench, 'close'),
  },
  {
    name: 'a missing end is a stall, and the sound is kept',
    async run(bench) {
      const text = bench.texts.line;
      const { messages } = await bench.reference(text);
      bench.proxy.behave({ pass: messages - 1 });
      const source = bench.open({ timeouts: { stall: bench.short } });
      await demandStall(bench, await bench.say(source, text, { patience: PATIENCE }), text);
    },
  },
  {
    name: 'a service that never ends a line is a stall, and all the sound is kept',
    when: ({ variants }) => variants?.noEnd !== undefined,
    async run(bench) {
      const text = bench.texts.line;
      const { samples } = await bench.reference(text);
      const source = bench.open({ timeouts: { stall: bench.short }, variant: bench.subject.variants?.noEnd });
      const line = await bench.say(source, text, { patience: PATIENCE });
      await demandStall(bench, line, text);
      demand(
        line.samples.length === samples.length,
        `all ${samples.length} samples`,
        `${line.samples.length}`,
        'What came before the stall was paid for and is heard: yield it as it comes.',
      );
    },
  },
  {
    name: 'a service that never answers is a time-out',
    async run(bench) {
      bench.proxy.behave({ pass: 0 });
      const line = await bench.say(bench.open({ timeouts: { firstAudio: bench.short } }), bench.texts.line, {
        patience: PATIENCE,
      });
      demandCode(
        line,
        ['first-audio-timeout'],
        'Count from the request to the first sound, whatever else comes before it.',
      );
    },
  },
  {
    name: 'times before or after their sound are the same times',
    when: ({ variants }) => (variants?.orders ?? []).length > 0,
    async run(bench) {
      const text = bench.texts.line;
      const usual = await bench.reference(text);
      for (const variant of bench.subject.variants?.orders ?? []) {
        const line = await bench.say(bench.open({ variant }), text);
        await bench.demandWhole(line, text, `Take both orders (${variant}).`);
        const places = (of: SpokenLine) =>
          of.words.map(({ from, to, start }) => `${from}-${to} ${start.toFixed(2)}`).join(', ');
        demand(
          places(line) === places(usual) || near(line.words, usual.words, placeOf),
          `the same words with ${variant}: ${places(usual)}`,
          places(line),
          'Times count from the same zero in whichever order they come.',
        );
        const mouth = (of: SpokenLine) =>
          of.cues.map(({ viseme, start }) => `${viseme} ${start.toFixed(2)}`).join(', ');
        demand(
          mouth(line) === mouth(usual) || near(line.cues, usual.cues, ({ viseme }) => viseme),
          `the same cues with ${variant}: ${mouth(usual)}`,
          mouth(line),
          'Times count from the same zero in whichever order they come.',
        );
      }
    },
  },
];

/** Less makes no difference between the times of two lines, seconds: it is what is rounded away. */
const ROUNDING = 0.005;

/** Whether two lines have the same things at the same times. */
function near<Timed extends { readonly start: number }>(
  one: readonly Timed[],
  other: readonly Timed[],
  nameOf: (timed: Timed) => string,
): boolean {
  const alike = (timed: Timed, nth: number) => {
    const match = other[nth]!;
    return nameOf(timed) === nameOf(match) && Math.abs(timed.start - match.start) < ROUNDING;
  };
  return one.length === other.length && one.every(alike);
}

function placeOf({ from, to }: { readonly from: number; readonly to: number }): string {
  return `${from}-${to}`;
}

/** Whether `samples` are the right ones, with something put between them in one place at most: bytes may be sound. */
function holdsAround(samples: Int16Array, right: Int16Array): boolean {
  const more = samples.length - right.length;
  const parts = right.findIndex((sample, at) => sample !== samples[at]);
  return (
    more >= 0 &&
    (parts < 0 || right.subarray(parts).every((sample, at) => sample === samples[parts + more + at]))
  );
}

/** Ends the connection after each message of a line in turn: the line fails, or is whole. */
async function endEverywhere(bench: Bench, next: 'cut' | 'close'): Promise<void> {
  const text = bench.texts.short;
  const { messages } = await bench.reference(text);
  const steps = Math.min(messages, MOST_CUTS);
  for (let step = 0; step <= steps; step++) {
    const pass = Math.round((step * messages) / steps);
    bench.proxy.behave({ pass, next });
    const timeouts = { connect: 2, firstAudio: 3, stall: 2 };
    const source = bench.open({ timeouts });
    const line = await bench.say(source, text, { patience: 10 });
    source.dispose();
    const when = `after ${pass} of ${messages} messages`;
    if (line.failed) {
      demandFailure(line, when);
      await demandBeginning(bench, line, text);
    } else {
      await bench.demandWhole(
        line,
        text,
        `The connection ended ${when}: a line that is not whole fails with closed-early, it never just ends.`,
      );
    }
  }
}

async function demandStall(bench: Bench, line: SpokenLine, text: string): Promise<void> {
  demandCode(
    line,
    ['stalled'],
    'When nothing comes for timeouts.stall seconds, throw SpeechError.stalled(); never wait for ever, and never take silence for the end.',
  );
  await demandBeginning(bench, line, text);
}

/** Demands that what came is right as far as it goes. */
async function demandBeginning(bench: Bench, line: SpokenLine, text: string): Promise<void> {
  const { samples } = await bench.reference(text);
  const wrong = line.samples.findIndex((sample, at) => sample !== samples[at]);
  demand(
    wrong < 0,
    'the right samples as far as they came',
    `another one at ${wrong}`,
    'Give the sound that came, and nothing else.',
  );
}

/** Demands a failure with one of some codes. */
export function demandCode(line: SpokenLine, codes: readonly string[], cure: string): void {
  const { failed, error, parts } = line;
  const wanted = `a SpeechError with code ${codes.join(' or ')}`;
  const ended =
    parts.at(-1)?.type === 'end' ? 'a line that ended as if it were whole' : 'a line that just stopped';
  demand(
    failed && error instanceof SpeechError && codes.includes(error.code),
    wanted,
    failed ? shown(error) : ended,
    cure,
  );
}

/** Demands that a line which failed says so properly, and that nobody is said to have cancelled it. */
function demandFailure({ error }: SpokenLine, when: string): void {
  const typed = error instanceof SpeechError && error.code !== 'aborted';
  demand(
    typed,
    `a SpeechError that tells what went wrong ${when}`,
    shown(error),
    error instanceof SpeechError ? 'The code aborted is for lines that their caller has cancelled.' : TYPED,
  );
}
