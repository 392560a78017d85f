import { exitCodeOf, lineOf, UsageError } from '../../src/cli/exit.ts';
import { InputError, ParleyError } from '../../src/speech/errors.ts';
import { CHARACTERS, type Character } from './shown.ts';

/** Does what a command is for; what was asked wrongly, or cannot be had, is told in one line. */
export async function runAsync(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    console.error(lineOf(error));
    process.exitCode = exitCodeOf(error);
  }
}

/** What `parse` makes of the command line; what it does not know is told as {@link runAsync} tells. */
export function parsed<Parsed>(parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The number that an option says. Throws {@link InputError} for what is none, and for one out of its range. */
export function numberOf(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most) return value;
  throw new InputError(option, `a number from ${least} to ${most}`, `"${text}"`);
}

/** The character that `--character` names. Throws {@link InputError} where there is none of that name. */
export function characterOf(name: string): Character {
  const character = CHARACTERS.find((each) => each === name);
  if (character) return character;
  throw new InputError('--character', CHARACTERS.join(' or '), `"${name}"`);
}
