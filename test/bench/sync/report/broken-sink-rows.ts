import { OutputClock } from '../../../../src/clock/output-clock.ts';
import { BREAKS_UNTIL_MS, brokenSink } from '../../../unit/clock/broken-sink.ts';
import { errorsOf, play, quantile, recorded } from '../../../unit/clock/device.ts';
import type { Row } from './rows.ts';

/** Broken sinks that are made up. */
const SINKS = 30;

/** The longest dropout, which may begin at the last moment, milliseconds. */
const LAST_DROPOUT_MS = 150;

/** What the output clock makes of sinks that drop out all the time and lie: generated ones, and one recorded under load. */
export function brokenSinkRows(): Row[] {
  let backwards = 0;
  const during: number[] = [];
  const soon: number[] = [];
  const later: number[] = [];
  for (let seed = 1; seed <= SINKS; seed++) {
    const answers = play(new OutputClock(), brokenSink(seed));
    backwards += answers.filter(({ heard }, index) => index > 0 && heard < answers[index - 1]!.heard).length;
    const endMs = BREAKS_UNTIL_MS + LAST_DROPOUT_MS;
    during.push(errorsOf(answers, 0, BREAKS_UNTIL_MS).at(-1)!);
    soon.push(errorsOf(answers, endMs + 300).at(-1)!);
    later.push(errorsOf(answers, endMs + 1_500).at(-1)!);
  }
  const load = play(new OutputClock(), recorded('sink-load'));
  const loadErrors = errorsOf(load, 0);
  backwards += load.filter(({ heard }, index) => index > 0 && heard < load[index - 1]!.heard).length;
  return [
    most('broken sinks: largest error, ms', during, 120),
    most('  0.3 s after the last dropout, ms', soon, 5),
    most('  1.5 s after it, ms', later, 1),
    most('a sink recorded under load: largest error, ms', loadErrors, 60),
    most('  of 95 % of the frames, ms', [quantile(loadErrors, 0.95)], 10),
    {
      fact: 'backward steps of the clock, all sinks',
      aim: '0',
      value: String(backwards),
      met: backwards === 0,
    },
  ];
}

function most(fact: string, errors: readonly number[], limit: number): Row {
  const worst = Math.max(...errors);
  return { fact, aim: `<= ${limit}`, value: worst.toFixed(2), met: worst <= limit };
}
