import { readFile } from 'node:fs/promises';
import { InputError } from '../speech/errors.ts';
import { type Lexicon, readLexicon } from '../speech/lexicon.ts';
import { UnreadableError } from './exit.ts';

/** The lexicon of a file; nothing where none is given. Throws {@link UnreadableError}, which names file and place. */
export async function lexiconOption(file: string | undefined): Promise<Lexicon | undefined> {
  if (file === undefined) return undefined;
  try {
    return readLexicon(JSON.parse(await readFile(file, 'utf8')), file);
  } catch (error) {
    if (error instanceof InputError) throw new UnreadableError(error.message, error);
    const reason = error instanceof SyntaxError ? 'it is no JSON' : (error as Error).message;
    throw new UnreadableError(`cannot read the lexicon ${file}: ${reason}.`, error);
  }
}
