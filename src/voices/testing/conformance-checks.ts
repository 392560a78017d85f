import { Bench, References } from './bench.ts';
import { CANCEL_CHECKS } from './cancel-checks.ts';
import { FAULT_CHECKS } from './fault-checks.ts';
import { KEY_CHECKS } from './key-checks.ts';
import { LINE_CHECKS } from './line-checks.ts';
import { REFUSAL_CHECKS } from './refusal-checks.ts';
import { SOURCE_CHECKS } from './source-checks.ts';
import type { Check, Subject } from './subject.ts';
import { TEXT_CHECKS } from './text-checks.ts';
import { TIME_CHECKS } from './time-checks.ts';
import { TRAFFIC_CHECKS } from './traffic-checks.ts';
import { TRAIT_CHECKS } from './trait-checks.ts';

const ALL = [
  ...LINE_CHECKS,
  ...TIME_CHECKS,
  ...SOURCE_CHECKS,
  ...TRAIT_CHECKS,
  ...TEXT_CHECKS,
  ...CANCEL_CHECKS,
  ...TRAFFIC_CHECKS,
  ...FAULT_CHECKS,
  ...REFUSAL_CHECKS,
  ...KEY_CHECKS,
];

/**
 * The checks that an adapter passes, each to be run by itself, in any order, one after another:
 *
 * ```ts
 * for (const check of conformanceChecks({ name: 'acme', open, serve })) it(check.name, check.run, check.seconds * 1000);
 * ```
 *
 * A check that the subject gives no means for (a key, a variant) is not among them.
 */
export function conformanceChecks(subject: Subject): Check[] {
  const references = new References();
  return ALL.filter(({ when }) => when?.(subject) ?? true).map(({ name, seconds = 30, run }) => ({
    name: `${subject.name}: ${name}`,
    seconds,
    run: () => Bench.run(subject, references, run),
  }));
}
