import { SpeechError } from '../../speech/errors.ts';
import type { SpeechRequest } from '../../speech/source.ts';
import { type Bench, PATIENT } from './bench.ts';
import { demand, shown } from './conformance-error.ts';
import type { Definition } from './definition.ts';
import { unescaped } from './message-text.ts';
import { readLine } from './spoken-line.ts';
import { goOn, restartsIn, type ToldTimes, timesIn } from './told-times.ts';

const ZERO =
  'Look at the times as the service sends them: they begin anew with each piece of sound (chunk), with each request, with each context, or go on through all that a connection says (stream).';

/** Time-outs for a long text, seconds: emulators may make all of it before they send any. */
const LONG = { ...PATIENT, firstAudio: 60, stall: 60 };

/** So many messages with times, and a service that counts by the piece has begun anew. */
const PIECES = 3;

/** Least part of a text by which a message is known to hold some of it, characters. */
const SOME = 10;

/** What a source says of its service, held against what goes over the wire. */
export const TRAIT_CHECKS: readonly Definition[] = [
  {
    name: 'times count from where it says',
    seconds: 120,
    when: ({ givesWhole }) => !givesWhole,
    async run(bench) {
      const { line, long } = bench.texts;
      const source = bench.open({ timeouts: LONG });
      const from = source.traits?.timesFrom;
      if (from === undefined) return;
      const first = await said(bench, () =>
        readLine(source.speak(bench.request(long), never()), { patience: 60 }),
      );
      const next = await said(bench, () => bench.say(source, line));
      for (const { failed, error } of [first, next])
        demand(!failed, 'a line', shown(error), 'Mend what other checks find first.');
      const restarts = restartsIn(first.times);
      const say = `times that are counted from the ${from}, as traits.timesFrom says`;
      demand(
        restarts === 0 || from === 'chunk' || (from === 'request' && restarts < first.pieces(long)),
        say,
        `times that begin anew ${restarts} times within a line`,
        ZERO,
      );
      const told = Math.max(0, ...[...first.times.values()].map((times) => times.length));
      demand(restarts > 0 || from !== 'chunk' || told < PIECES, say, 'times that go on through a line', ZERO);
      const on = goOn(first.times, next.times);
      demand(
        !on || from === 'stream',
        say,
        'times of a line that go on from those of the one before it',
        ZERO,
      );
      const anew = !on && next.connections === 0 && first.times.size > 0 && next.times.size > 0;
      demand(
        !anew || from !== 'stream',
        say,
        'times that begin anew with the second line of a connection',
        ZERO,
      );
    },
  },
  {
    name: 'text goes in as it says',
    seconds: 120,
    async run(bench) {
      const { long } = bench.texts;
      const source = bench.open({ timeouts: LONG });
      if (source.traits?.textIn !== 'whole') return; // A request that could go on need not.
      const wire = await said(bench, () =>
        readLine(source.speak(bench.request(long), never()), { patience: 60 }),
      );
      const oneAnswer = wire.times.size > 0 && restartsIn(wire.times) === 0;
      demand(
        !oneAnswer || wire.torn(long) < 2,
        'all of a text in one message, as traits.textIn says',
        `${wire.torn(long)} pieces, with times that go on through all of them`,
        'traits.textIn is "streaming" where one request takes its text in pieces, else "whole".',
      );
    },
  },
  ...(['voice', 'lang', 'speed'] as const).map((field) => ({
    name: `another ${field} is sent on`,
    when: ({ others }: { others?: Omit<SpeechRequest, 'text'> }) => others?.[field] !== undefined,
    run: (bench: Bench) => demandSentOn(bench, field),
  })),
];

/** A message that is shorter than this part of a text has not all of it. */
const WHOLE = 0.9;

const never = () => new AbortController().signal;

/** What went over the wire for a line. */
interface Wire {
  readonly failed: boolean;
  readonly error: unknown;
  readonly times: ToldTimes;
  /** Handshakes and HTTP requests. */
  readonly connections: number;
  /** Words of all that was sent, and of paths and queries. */
  readonly words: ReadonlySet<string>;
  /** Messages that hold some of a text, and those of them that do not hold all of it. */
  pieces(text: string): number;
  torn(text: string): number;
}

async function said(bench: Bench, speak: () => ReturnType<typeof readLine>): Promise<Wire> {
  const { answers, asked, sent } = bench.proxy.record;
  const [heard, opened, told] = [answers.length, asked.length, sent.length];
  const { failed, error } = await speak();
  const messages = [
    ...asked.slice(opened).map(unescaped),
    ...sent.slice(told).map(({ data }) => unescaped(data.toString())),
  ];
  const holding = (text: string) => messages.filter((message) => holdsSome(message, text));
  return {
    failed,
    error,
    times: timesIn(answers.slice(heard)),
    connections: asked.length - opened,
    words: new Set(messages.join(' ').split(/[\s"'{}[\],;:=&<>/?]+/)),
    pieces: (text) => holding(text).length,
    torn: (text) => holding(text).filter((message) => message.length < WHOLE * text.length).length,
  };
}

function holdsSome(message: string, text: string): boolean {
  for (const { index } of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    const piece = text.slice(index, index + SOME);
    if (piece.length === SOME && message.includes(piece)) return true;
  }
  return false;
}

/**
 * Demands that what is sent says something new where a request asks for something else, however the service writes it:
 * words that come both times it is asked for, and never else. What is drawn anew for each line (ids, times) is neither.
 */
async function demandSentOn(bench: Bench, field: 'voice' | 'lang' | 'speed'): Promise<void> {
  const { short } = bench.texts;
  const other = bench.subject.others?.[field];
  const words = async (request: SpeechRequest) => {
    const source = bench.open();
    const wire = await said(bench, () => readLine(source.speak(request, never())));
    source.dispose();
    // The service may refuse what it was asked for; then it was asked.
    demand(
      !wire.failed || wire.error instanceof SpeechError,
      'a line',
      shown(wire.error),
      'Set `others` of the subject.',
    );
    return wire.words;
  };
  const usual = bench.request(short);
  const asked = { ...usual, [field]: other };
  const before = [await words(usual), await words(usual)];
  const [one, two] = [await words(asked), await words(asked)];
  const fresh = [...one].filter((word) => two.has(word) && !before.some((known) => known.has(word)));
  demand(
    fresh.length > 0,
    `the ${field} ${JSON.stringify(other)} to change what is sent`,
    `the same as for ${JSON.stringify(usual[field] ?? 'none')}`,
    `Send on the ${field} of the request, in the words of the service.`,
  );
}
