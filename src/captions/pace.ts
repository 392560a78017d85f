import { columnsOf } from './columns.ts';

/**
 * Letters and blanks that are read in a second: 170 words a minute of five letters and a blank, the middle of what the BBC
 * Subtitle Guidelines name ("Target minimum timing": 160 to 180 words a minute).
 */
export const READ_PER_SECOND = 17;

/** Letters and blanks that are said in a second, where nothing tells which word is heard: 150 words a minute. */
export const SAID_PER_SECOND = 15;

/** No caption is shown for less, seconds: less is a flicker. */
const LEAST_SECONDS = 1;

/** How long a caption stays when its speaker has ended: at least, so that it does not go with the last sound; and at most
 * (BBC Subtitle Guidelines, "Match subtitle to pace of speaking": no more than 1.5 seconds). Seconds. */
const AFTER_LEAST = 0.5;
const AFTER_MOST = 1.5;

/** How long it takes to read a text, seconds. */
export function secondsToRead(text: string): number {
  return Math.max(LEAST_SECONDS, columnsOf(text) / READ_PER_SECOND);
}

/** Until when a caption stays that has been shown since `shownAt` and was spoken until `endedAt`, seconds. */
export function staysUntil(text: string, shownAt: number, endedAt: number): number {
  const read = shownAt + secondsToRead(text);
  return Math.min(endedAt + AFTER_MOST, Math.max(endedAt + AFTER_LEAST, read));
}
