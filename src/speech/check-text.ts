import { InputError } from './errors.ts';

/** Throws {@link InputError} for a text that holds nothing to say, or is none: callers may be written in JavaScript. */
export function checkText(text: string): void {
  if (typeof text !== 'string') throw new InputError('Text', 'a string', String(text));
  if (text.trim() === '') throw new InputError('Text', 'something to say', 'nothing');
}
