import { InputError } from '../speech/errors.ts';
import { Field } from '../speech/field.ts';

/** A text message as a field to be read, and its type. Throws {@link InputError} for what is no JSON object with a type. */
export function openMessage(text: string): { readonly message: Field; readonly type: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError('Message', 'a JSON object', 'something that is no JSON');
  }
  const message = new Field(value, 'Message');
  return { message, type: message.get('type').text() };
}

/** What `read` makes of a field, unless it is left out. */
export function optional<T>(field: Field, read: (field: Field) => T): T | undefined {
  return field.value === undefined ? undefined : read(field);
}

/** An object without the keys that have no value, so that they are not written either. */
export function present<T extends object>(object: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}
