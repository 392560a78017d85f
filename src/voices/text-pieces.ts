import { ClauseCutter } from '../speech/clause-cutter.ts';

/** A text in pieces of whole clauses, of at most `longest` UTF-16 units as services take them; joined they are the text. */
export function textPieces(text: string, longest: number, lang?: string): string[] {
  if (text.length <= longest) return [text];
  const cutter = new ClauseCutter({ lang, longest });
  const pieces: string[] = [];
  for (const clause of [...cutter.push(text), ...cutter.end()]) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + clause.length <= longest)
      pieces[pieces.length - 1] = last + clause;
    else pieces.push(clause);
  }
  return pieces;
}
