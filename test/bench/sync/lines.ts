import { burstLine, type CodedLine, spokenLine } from './coded/coded-line.ts';

/** Rates of the audio that is sent, Hz. */
export const RATES: readonly number[] = [24_000, 44_100];

const SENTENCES = [
  'Welcome, traveller. The gate closes at dusk, and nobody opens it before the first bell. ' +
    'Put your bags by the fire, and mind the dog. Five silver for the room, two for the soup, and nothing at all for the view.',
  'Did you see the lamps above the river? We put them up for the harvest, and they will burn until the snow comes. ' +
    'My mother says that they keep the fog away. I say that they show the boats where to stop for beer.',
];

/** What is said in each run: three lines of bursts and two of speech, more than a minute of sound at every rate. */
export async function benchLinesAsync(): Promise<CodedLine[]> {
  const lines: CodedLine[] = [];
  for (const rate of RATES) {
    for (const seed of [1, 2, 3]) lines.push(burstLine(16, rate, rate + 10 * seed));
    for (const [index, text] of SENTENCES.entries()) lines.push(await spokenLine(text, rate, rate + index));
  }
  return lines;
}
