import type { Check, Subject } from './subject.ts';

/**
 * The checks that an adapter passes, each to be run by itself, in any order, one after another:
 *
 * ```ts
 * for (const check of conformanceChecks({ name: 'acme', open, serve })) it(check.name, check.run, check.seconds * 1000);
 * ```
 */
export function conformanceChecks(_subject: Subject): Check[] {
  return [];
}
