import type { MappedText } from '../../speech/index-map.ts';
import type { SpeechPart } from '../../speech/part.ts';

/** Parts of a line that was spoken from a text made of `given`, with their places in `given`. */
export async function* placedParts(
  parts: AsyncIterable<SpeechPart>,
  given: string,
  { sourceIndex }: MappedText,
): AsyncGenerator<SpeechPart, void, void> {
  for await (const part of parts) {
    if (part.type === 'cues') {
      const placed = ({ from }: { from?: number }) => (from === undefined ? {} : { from: sourceIndex(from) });
      yield { type: 'cues', cues: part.cues.map((cue) => ({ ...cue, ...placed(cue) })) };
    } else if (part.type === 'words') {
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
