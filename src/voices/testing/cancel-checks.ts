import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { SpeechError } from '../../speech/errors.ts';
import type { VoiceSource } from '../../speech/source.ts';
import { type Bench, SOON } from './bench.ts';
import { demand, shown } from './conformance-error.ts';
import type { Definition } from './definition.ts';
import type { SpokenLine } from './spoken-line.ts';
import type { Subject } from './subject.ts';

const ABORTED =
  'When the signal aborts, throw SpeechError.aborted() at once, whatever the line is waiting for.';
const TELL =
  'Send the cancel message of the service, or close its socket: a line that nobody hears costs money all the same.';
const NEXT =
  'What is left of a cancelled line must not reach the next one: drop it by its id, or drop the socket.';

/** Ms in which what the service has sent arrives, so that the adapter has it when the line is cancelled. */
const ARRIVE = 30;

/** Time-outs of a line whose last message is held back, and how long one is waited for that has none, seconds. */
const HELD = { firstAudio: 5, stall: 5 };
const PATIENCE = 8;

/** How a line is given up, at every stage. */
export const CANCEL_CHECKS: readonly Definition[] = [
  {
    name: 'cancel before the call',
    async run(bench) {
      await bench.reference(bench.texts.short);
      const { record } = bench.proxy;
      const sent = record.sent.length;
      const source = bench.open();
      const line = await bench.say(source, bench.texts.line, { signal: AbortSignal.abort() });
      demandAborted(line, 0);
      demand(
        record.sent.length === sent,
        'no request',
        `${record.sent.length - sent} messages`,
        'Look at signal.aborted before anything is sent.',
      );
      await demandNext(bench, source);
    },
  },
  {
    name: 'cancel while connecting',
    async run(bench) {
      await bench.reference(bench.texts.short);
      bench.proxy.behave({ hang: true });
      const { record } = bench.proxy;
      const asked = record.asked.length;
      await cancel(bench, bench.open(), () => bench.soon(() => record.asked.length > asked));
    },
  },
  {
    name: 'cancel after the request, before any answer',
    async run(bench) {
      await bench.reference(bench.texts.short);
      bench.proxy.behave({ pass: 0 });
      const { record } = bench.proxy;
      const answers = record.answers.length;
      await cancel(bench, bench.open(), () => bench.soon(() => record.answers.length > answers));
    },
  },
  { name: 'cancel at the first audio', when: givesPieces, run: (bench) => cancelWhileHeard(bench, 0) },
  { name: 'cancel in the middle', when: givesPieces, run: (bench) => cancelWhileHeard(bench, 0.5) },
  {
    name: 'cancel after the end',
    async run(bench) {
      const { short } = bench.texts;
      await bench.reference(short);
      const source = bench.open();
      const controller = new AbortController();
      const line = await bench.say(source, short, { signal: controller.signal });
      controller.abort();
      await sleep(20);
      await bench.demandWhole(line, short, 'A signal that aborts after the end changes nothing.');
      await demandNext(bench, source);
    },
  },
  {
    name: 'a reader that leaves frees the line',
    when: givesPieces,
    async run(bench) {
      await bench.reference(bench.texts.short);
      const { record } = bench.proxy;
      const { messages } = await bench.reference(bench.texts.line);
      bench.proxy.behave({ pass: messages - 1 });
      const source = bench.open({ timeouts: HELD });
      let signs = 0;
      await bench.say(source, bench.texts.line, {
        patience: PATIENCE,
        onPart: ({ type }) => {
          signs = record.signs;
          return type !== 'audio';
        },
      });
      demand(
        await bench.soon(() => record.signs > signs),
        `the service to be told within ${SOON} s`,
        'nothing',
        `A reader that leaves its loop calls return() on the iterator, so clear up in a finally block. ${TELL}`,
      );
      bench.proxy.behave({});
      await demandNext(bench, source);
    },
  },
  {
    name: 'nothing listens to the signal of a line that is over',
    async run(bench) {
      const { line: text } = bench.texts;
      const { messages } = await bench.reference(text);
      const endings = [
        ['came to its end', {}, undefined],
        ['broke off', { pass: messages - 1, next: 'cut' }, undefined],
        ['was left', {}, () => false],
      ] as const;
      const { signal } = new AbortController();
      const source = bench.open();
      for (const [ending, faults, onPart] of endings) {
        bench.proxy.behave(faults);
        await bench.say(source, text, { signal, ...(onPart && { onPart }) });
        const left = () => getEventListeners(signal, 'abort').filter((one) => !isOfFetch(one)).length;
        demand(
          await bench.soon(() => left() === 0),
          `no listener on the signal of a line that ${ending}`,
          `${left()}`,
          'A game may have one signal for all that a character says: take away in `finally` what was put on it.',
        );
      }
    },
  },
];

/** Node's own fetch listens until its garbage is collected, and holds nothing meanwhile: it is known by a weak reference. */
function isOfFetch(listener: unknown): boolean {
  return String(listener).includes('acRef.deref()');
}

function givesPieces({ givesWhole }: Subject): boolean {
  return !givesWhole;
}

/** Cancels a line after a part of its sound while its last message is held back, so that it cannot be over. */
async function cancelWhileHeard(bench: Bench, part: number): Promise<void> {
  const { line: text, short } = bench.texts;
  await bench.reference(short);
  const { messages, samples } = await bench.reference(text);
  bench.proxy.behave({ pass: messages - 1 });
  const { record } = bench.proxy;
  const source = bench.open({ timeouts: HELD });
  const controller = new AbortController();
  let signs = 0;
  let sent = 0;
  let abortedAt = 0;
  let given = 0;
  const line = await bench.say(source, text, {
    signal: controller.signal,
    patience: PATIENCE,
    onPart: async ({ type }, heard) => {
      given++;
      if (controller.signal.aborted || type !== 'audio' || heard < part * samples.length) return;
      await sleep(ARRIVE);
      signs = record.signs;
      sent = record.sent.length;
      abortedAt = given;
      controller.abort();
    },
  });
  demand(
    abortedAt > 0,
    'sound before the end of the line',
    'none',
    'Give each piece of sound as it comes; if the service has the line only as a whole, set `givesWhole` of the subject.',
  );
  demandAborted(line, abortedAt);
  demand(
    await bench.soon(() => record.signs > signs),
    `the service to be told within ${SOON} s`,
    'nothing',
    TELL,
  );
  const cancel = source.traits?.cancel;
  const way = record.sent.length > sent ? 'message' : 'closing';
  demand(
    cancel === undefined || cancel === way,
    `a line to be cancelled by ${cancel}, as traits.cancel says`,
    way,
    'Say in traits.cancel what is done: what is paid for after a cancel, and how many sockets it costs, hang on it.',
  );
  bench.proxy.behave({});
  await demandNext(bench, source);
}

/** Cancels a line, nothing of which came, as soon as `reached`. */
async function cancel(bench: Bench, source: VoiceSource, reached: () => Promise<boolean>): Promise<void> {
  const controller = new AbortController();
  const { record } = bench.proxy;
  const spoken = bench.say(source, bench.texts.line, { signal: controller.signal });
  const arrived = await reached();
  const signs = record.signs;
  const abortedAt = performance.now();
  controller.abort();
  const line = await spoken;
  demand(arrived, 'the adapter to connect and ask', 'nothing', 'Iterating a line starts it.');
  demandAborted(line, 0);
  const took = (performance.now() - abortedAt) / 1000;
  demand(took < SOON, `an end within ${SOON} s`, `one after ${took.toFixed(1)} s`, ABORTED);
  demand(
    await bench.soon(() => record.signs > signs),
    `the service to be told within ${SOON} s`,
    'nothing',
    TELL,
  );
  bench.proxy.behave({});
  await demandNext(bench, source);
}

/** Demands that a line was cancelled, and gave no more than it had given by then. */
function demandAborted({ failed, error, parts }: SpokenLine, given: number): void {
  const after = parts.slice(given).map(({ type }) => type);
  demand(
    after.length === 0,
    'no part after the signal aborted',
    after.join(', '),
    'Look at the signal before each part, also where one message makes several.',
  );
  const aborted = failed && error instanceof SpeechError && error.code === 'aborted';
  demand(
    aborted,
    'a SpeechError with code aborted',
    failed ? shown(error) : 'a line that just stopped',
    ABORTED,
  );
}

/** Demands that the same source speaks on. */
async function demandNext(bench: Bench, source: VoiceSource): Promise<void> {
  const { short } = bench.texts;
  await bench.demandWhole(await bench.say(source, short), short, NEXT);
}
