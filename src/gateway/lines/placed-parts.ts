import type { MappedText } from '../../speech/index-map.ts';
import type { CuesPart, WordsPart } from '../../speech/part.ts';

type MarksPart = CuesPart | WordsPart;

/** A part of a line that was spoken from a text made of `given`, with its places in `given`. */
export function placedPart<Part extends { readonly type: string }>(
  part: Part | MarksPart,
  given: string,
  { sourceIndex }: MappedText,
): Part | MarksPart {
  if (isCues(part)) {
    const placed = ({ from }: { from?: number }) => (from === undefined ? {} : { from: sourceIndex(from) });
    return { type: 'cues', cues: part.cues.map((cue) => ({ ...cue, ...placed(cue) })) };
  }
  if (!isWords(part)) return part;
  const words = part.words.map((word) => {
    const from = sourceIndex(word.from);
    // Up to the next character, so that a letter keeps the marks that it was composed of; white space belongs to none.
    const text = given.slice(from, Math.max(from, sourceIndex(word.to))).trimEnd();
    return { ...word, from, to: from + text.length, text };
  });
  return { type: 'words', words };
}

function isCues(part: { readonly type: string }): part is CuesPart {
  return part.type === 'cues';
}

function isWords(part: { readonly type: string }): part is WordsPart {
  return part.type === 'words';
}
