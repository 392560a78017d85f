import { InputError } from '../../speech/errors.ts';
import type { Bench } from './bench.ts';
import { demand, shown } from './conformance-error.ts';
import type { Definition } from './definition.ts';
import { demandWords } from './line-checks.ts';
import { unescaped } from './message-text.ts';
import type { ProxyRecord } from './proxy-record.ts';

/** Least seconds of sound for a character that a voice says. */
const SECONDS_A_LETTER = 0.02;

/** Time-outs for a long text, seconds: emulators may make all of it before they send any. */
const LONG = 60;

/** What may be given as text. */
export const TEXT_CHECKS: readonly Definition[] = [
  {
    name: 'empty text is an InputError, and the service hears nothing of it',
    async run(bench) {
      for (const text of ['', ' \n\t ']) {
        const { failed, error, parts } = await bench.say(bench.open(), text);
        demand(
          failed && error instanceof InputError,
          `an InputError for ${JSON.stringify(text)}`,
          failed ? shown(error) : `a line of ${parts.length} parts`,
          'Look at the text before anything is sent: services answer blank text with silence, an error, or never.',
        );
        const { asked, sent } = bench.proxy.record;
        const heard = asked.length + sent.length;
        demand(
          heard === 0,
          'no connection and no message',
          `${heard} of them`,
          'Look at the text before a connection is opened.',
        );
      }
    },
  },
  {
    name: 'long text comes whole',
    seconds: 120,
    async run(bench) {
      const { long } = bench.texts;
      const line = await demandText(bench, long, LONG);
      const least = long.length * SECONDS_A_LETTER;
      demand(
        line.seconds > least,
        `${least.toFixed(0)} s of sound or more for ${long.length} characters`,
        `${line.seconds.toFixed(1)} s`,
        'A service with a longest text gets it in pieces, at the ends of clauses.',
      );
    },
  },
  {
    name: 'accents, quotes and emoji keep their places',
    run: async (bench) => void (await demandText(bench, bench.texts.unicode)),
  },
  {
    name: 'right-to-left text keeps its places',
    run: async (bench) => void (await demandText(bench, bench.texts.rightToLeft)),
  },
];

/** Speaks a text; demands that all of its words were sent, and those that come back stand where they say. */
async function demandText(bench: Bench, text: string, seconds?: number) {
  const timeouts = seconds ? { firstAudio: seconds, stall: seconds } : {};
  const line = await bench.say(bench.open({ timeouts }), text, { patience: seconds });
  const name = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  demand(
    !line.failed,
    `the line ${name} to be spoken`,
    shown(line.error),
    'Text is sent as it is, escaped as the protocol asks; if the service cannot say it, set `texts` of the subject.',
  );
  const unsent = unsentWord(text, bench.proxy.record);
  demand(
    unsent === undefined,
    'all words of the text to be sent, in order',
    `none of ${JSON.stringify(unsent)}`,
    'Nothing of a text is left out silently; what cannot be said is refused with an error.',
  );
  demandWords(line.words, text);
  if (line.words.length > 0) {
    const last = text.search(/[\p{L}\p{N}]+[^\p{L}\p{N}]*$/u);
    demand(
      line.words.at(-1)!.to > last,
      `a time for the last word ${JSON.stringify(text.slice(last))}`,
      `none after index ${line.words.at(-1)!.to}`,
      'A word that is not found must not hold up those after it.',
    );
  }
  return line;
}

/** The first word of a text that clients have not sent in its turn, in whichever way it was written. */
function unsentWord(text: string, { sent, asked }: ProxyRecord): string | undefined {
  const all = [...asked.map(unescaped), ...sent.map(({ data }) => unescaped(data.toString()))].join('\n');
  let place = 0;
  for (const [word] of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    const found = all.indexOf(word, place);
    if (found < 0) return word;
    place = found + word.length;
  }
  return undefined;
}
