import type { ParleyError } from '../src/index.ts';

/** What went wrong, in words for the visitor, and what can be done about it. */
export interface Trouble {
  readonly title: string;
  /** Commands stand between backticks. */
  readonly advice: string;
  /** Whether it goes away when the gateway answers again, so that the page should wait for that. */
  readonly passing: boolean;
}

/** Failures of the way to the gateway rather than of the line. */
const OF_THE_WAY: ReadonlySet<string> = new Set([
  'connect-failed',
  'connect-timeout',
  'first-audio-timeout',
  'stalled',
  'closed-early',
]);

/** Explains why a line was not spoken to its end. */
export function explainLine(error: ParleyError | undefined, url: string, heardSeconds: number): Trouble {
  const code = error?.code ?? '';
  if (OF_THE_WAY.has(code) && heardSeconds > 0)
    return {
      title: 'The speech gateway went away in the middle of the line.',
      advice: `If it was stopped, start it again with \`npm start\`. Your line is kept, and is spoken when ${url} answers.`,
      passing: true,
    };
  if (OF_THE_WAY.has(code))
    return {
      title: 'The speech gateway does not answer.',
      advice: `Start it with \`npm start\`; the page looks for it at ${url}. Your line is kept, and is spoken when it answers.`,
      passing: true,
    };
  if (code === 'refused')
    return {
      title: 'The gateway did not take this line.',
      advice: `${error?.message ?? ''} Change the line and try again.`,
      passing: false,
    };
  return {
    title: 'This line could not be spoken.',
    advice: `${error?.message ?? 'The reason is not known.'} Try again, or try another line.`,
    passing: false,
  };
}

/** Nobody listens where the gateway should be. */
export function explainAbsence(url: string): Trouble {
  return {
    title: 'The speech gateway does not answer.',
    advice: `Start it with \`npm start\`; the page looks for it at ${url}. Write your line meanwhile.`,
    passing: true,
  };
}

/** The browser gave no WebGL. */
export const NO_PICTURE: Trouble = {
  title: 'This browser cannot draw the characters: it offers no WebGL.',
  advice:
    'Their voices and the captions still work. For the picture, turn on hardware acceleration in the browser’s settings, or use a current Chrome, Edge, Firefox or Safari.',
  passing: false,
};

/** The browser gives the page no sound device at all. */
export const NO_SOUND: Trouble = {
  title: 'This browser gives the page no sound.',
  advice:
    'Lines are played silently, with mouth and captions. Check that an audio device is connected, then reload.',
  passing: false,
};

/** Audio or its worklet could not be set up. */
export function explainSound(error: unknown): Trouble {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    title: 'The characters cannot speak: sound could not be set up.',
    advice: `${reason} Reload the page; if that does not help, use a current browser over http://localhost or https.`,
    passing: false,
  };
}

/** Some of the characters' files did not load. */
export function explainMissing(names: readonly string[], reason: string): Trouble {
  const who = names.join(' and ');
  return {
    title: `${who} can be heard but not seen: the file did not load.`,
    advice: `Reload the page. In a checkout, \`npm run assets\` builds the characters anew. (${reason})`,
    passing: false,
  };
}
