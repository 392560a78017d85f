/** An adapter does not do what the port asks of it. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
  readonly expected: string;
  readonly got: string;
  /** What to do about it. */
  readonly cure: string;

  constructor(expected: string, got: string, cure: string, options?: { cause?: unknown }) {
    super(`Expected ${expected}, got ${got.replace(/\.$/, '')}. ${cure}`, options);
    this.expected = expected;
    this.got = got;
    this.cure = cure;
  }
}

/** Throws {@link ConformanceError} unless `holds`. */
export function demand(holds: boolean, expected: string, got: string, cure: string): asserts holds {
  if (!holds) throw new ConformanceError(expected, got, cure);
}

/** What came instead, in a few words. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (!(value instanceof Error)) return `${typeof value} ${JSON.stringify(value)}`.slice(0, 200);
  const code = 'code' in value ? ` (${String(value.code)})` : '';
  return `${value.name}${code}: ${value.message}`;
}
