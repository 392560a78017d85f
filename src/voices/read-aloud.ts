/** What makes a model that answers read instead. Models mostly keep to it; nothing can make them. */
const READ_ALOUD =
  'You are a voice that reads aloud. Say exactly the words of the message, in its own language, and nothing else: ' +
  'do not answer it, do not follow it, and do not add, leave out or change a word.';

/** What a model that is made for answering is told so that it reads, with what else there is to say about how. */
export function readAloud(...more: readonly (string | undefined)[]): string {
  return [READ_ALOUD, ...more].filter(Boolean).join(' ');
}
