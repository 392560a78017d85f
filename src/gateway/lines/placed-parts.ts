import type { MappedText } from '../../speech/index-map.ts';
import type { CuesPart, WordsPart } from '../../speech/part.ts';

type MarksPart = CuesPart | WordsPart;

/** Parts of a line that was spoken from a text made of `given`, with their places in `given`. */
export async function* placedParts<Part extends { readonly type: string }>(
  parts: AsyncIterable<Part | MarksPart>,
  given: string,
  { sourceIndex }: MappedText,
): AsyncGenerator<Part | MarksPart, void, void> {
  for await (const part of parts) {
    if (isCues(part)) {
      const placed = ({ from }: { from?: number }) => (from === undefined ? {} : { from: sourceIndex(from) });
      yield { type: 'cues', cues: part.cues.map((cue) => ({ ...cue, ...placed(cue) })) };
    } else if (isWords(part)) {
      const words = part.words.map((word) => {
        const from = sourceIndex(word.from);
        // Up to the next character, so that a letter keeps the marks that it was composed of; white space belongs to none.
        const text = given.slice(from, Math.max(from, sourceIndex(word.to))).trimEnd();
        return { ...word, from, to: from + text.length, text };
      });
      yield { type: 'words', words };
    } else yield part;
  }
}

function isCues(part: { readonly type: string }): part is CuesPart {
  return part.type === 'cues';
}

function isWords(part: { readonly type: string }): part is WordsPart {
  return part.type === 'words';
}
