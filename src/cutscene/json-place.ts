import {
  findNodeAtLocation,
  getNodeValue,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { InputError } from '../speech/errors.ts';

/** A JSON text that was read, and where in it each value stands. */
export interface PlacedJson {
  readonly value: unknown;
  /** The line of a value, counted from 1, by its path as `Field` writes it: `beats[3].say`; that of its nearest container where it is not there. */
  lineOf(path: string): number;
}

/** Reads JSON, with comments and trailing commas if the writer likes them. Throws {@link InputError} that names the line. */
export function readPlacedJson(text: string, file: string): PlacedJson {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const [error] = errors;
  if (error || !root) {
    const what = error ? printParseErrorCode(error.error) : 'nothing';
    throw new InputError(`${file}, line ${lineAt(error?.offset ?? 0)}`, 'JSON', what);
  }
  return {
    value: getNodeValue(root),
    lineOf(path) {
      const steps = stepsOf(path);
      for (;;) {
        const node = findNodeAtLocation(root, steps);
        if (node || steps.length === 0) return lineAt((node ?? root).offset);
        steps.pop();
      }
    },
  };
}

/** `beats[3].say` is beats, 3, say. */
function stepsOf(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index ? Number(index) : name!,
  );
}
