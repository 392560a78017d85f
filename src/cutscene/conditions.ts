import type { Condition, Variable } from './script.ts';

/** Whether a condition is met by these variables. */
export function holds(condition: Condition, variables: ReadonlyMap<string, Variable>): boolean {
  const value = variables.get(condition.variable);
  if ('is' in condition) return value === condition.is;
  if ('not' in condition) return value !== condition.not;
  if (typeof value !== 'number') return false;
  return 'above' in condition ? value > condition.above : value < condition.below;
}
