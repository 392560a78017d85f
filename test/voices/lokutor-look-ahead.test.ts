import { expect, it } from 'vitest';
import { ROW } from '../../src/lipsync/grid.ts';
import { LetterCues } from '../../src/lipsync/letters.ts';
import { PoseCurve } from '../../src/lipsync/pose-curve.ts';
import { lookAheadOf } from '../../src/speech/source.ts';
import { VISEME_INDEX } from '../../src/speech/viseme.ts';
import { lokutorVoices } from '../../src/voices/lokutor/lokutor-voices.ts';

const LETTERS = [...'amopabomapobemipo'];

/** How far the lips are closed in the middle of each m, p and b, where letters come `ahead` seconds before they are heard. */
function closures(seconds: number, ahead: number): number[] {
  const cues = new LetterCues(LETTERS.join(''));
  const curve = new PoseCurve();
  const row = new Float32Array(ROW);
  const closed: number[] = [];
  let sent = 0;
  for (let now = 0; now < LETTERS.length * seconds; now += 0.005) {
    for (; sent < LETTERS.length && sent * seconds <= now + ahead; sent++) {
      const due = cues.push([{ letter: LETTERS[sent]!, index: sent, time: sent * seconds }]);
      if (due.length > 0) curve.addCues(due);
    }
    curve.sample(now, row);
    const place = now / seconds;
    const letter = LETTERS[Math.floor(place)]!;
    if ('mpb'.includes(letter) && Math.abs((place % 1) - 0.5) < 0.1) closed.push(row[VISEME_INDEX.PP]!);
  }
  return closed;
}

it('a service that sends at the pace of speech is given the time to say how long a letter is', () => {
  const source = lokutorVoices({ url: 'ws://127.0.0.1:1/ws' });
  const ahead = lookAheadOf(source);
  for (const seconds of [0.06, 0.1, 0.15])
    expect(Math.min(...closures(seconds, ahead)), `letters of ${seconds} s`).toBeGreaterThan(0.8);
  expect(Math.max(...closures(0.15, 0.04))).toBeLessThan(0.5); // What it is for.
  source.dispose();
  const untimed = lokutorVoices({ url: 'ws://127.0.0.1:1/ws', visemes: false });
  expect(lookAheadOf(untimed)).toBe(0.12);
  untimed.dispose();
});
