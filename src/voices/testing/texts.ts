import type { Texts } from './subject.ts';

/** A sentence of every kind, over and over: what 1,500 characters of a story are like. */
const STORY =
  'The map shows a river, a bridge and a mill. “Bob,” said Pam, “how far may it be?” Some five miles, or $12 by boat; perhaps more! ';

/** What adapters are made to say, in English. */
export const TEXTS: Texts = {
  line: 'Map the river, Tom: it may be warm.',
  short: 'Bob met Pam.',
  long: STORY.repeat(12).trim(),
  unicode: 'Schön, naïve 👋🏽 café: “welcome” — my friend Bob',
  rightToLeft: 'Tell Bob שלום עולם, then مرحبا to Pam',
};
