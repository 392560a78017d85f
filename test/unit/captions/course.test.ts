import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CaptionCourse, type Spoken } from '../../../src/captions/course.ts';
import { secondsToRead } from '../../../src/captions/pace.ts';
import { FULL_ROOM } from '../../../src/captions/phrases.ts';
import type { WordMark } from '../../../src/speech/cue.ts';

const EACH = 0.06;
const STEP = 1 / 60;
const LONG =
  'You have come a long way to see him, I think. He left at dawn and will not be back before the snow has melted. Sit down.';

function wordsOf(text: string): WordMark[] {
  return Array.from(text.matchAll(/\p{L}+/gu), ({ 0: word, index }) => ({
    text: word,
    start: 0.1 + index * EACH,
    end: 0.1 + (index + word.length) * EACH,
    from: index,
    to: index + word.length,
  }));
}

/** A line on a clock of the test's own. */
class Told implements Spoken {
  text: string;
  words: WordMark[];
  playhead = 0;
  state = 'loading';
  now = 0;
  readonly course: CaptionCourse;
  readonly frames: { now: number; text: string | undefined }[] = [];

  constructor(text: string, words = wordsOf(text)) {
    this.text = text;
    this.words = words;
    this.course = new CaptionCourse(this, FULL_ROOM);
  }

  get ended(): boolean {
    return ['finished', 'stopped', 'failed'].includes(this.state);
  }

  get shown(): string | undefined {
    return this.course.phrase < 0 ? undefined : this.course.shown.text.replace('\n', ' ');
  }

  pass(seconds: number, speaking = true): this {
    for (const end = this.now + seconds; this.now < end; ) {
      this.now += STEP;
      if (speaking) this.playhead += STEP;
      this.course.update(this.now);
      this.frames.push({ now: this.now, text: this.shown });
    }
    return this;
  }

  end(state: string): this {
    this.state = state;
    return this.pass(STEP, false);
  }

  /** How long each text was shown, in order. */
  get times(): [text: string, seconds: number][] {
    const times: [string, number][] = [];
    for (const { text } of this.frames) {
      if (text === undefined) continue;
      const last = times.at(-1);
      if (last?.[0] === text) last[1] += STEP;
      else times.push([text, STEP]);
    }
    return times;
  }
}

describe('the caption of a line', () => {
  it('is not there before the line is heard, and follows it phrase by phrase', () => {
    const told = new Told(LONG);
    told.pass(1, false);
    expect(told.shown).toBeUndefined();
    told
      .pass(LONG.length * EACH + 0.2)
      .end('finished')
      .pass(3, false);
    expect(told.times.map(([text]) => text)).toEqual([
      'You have come a long way to see him, I think.',
      'He left at dawn and will not be back before the snow has melted. Sit down.',
    ]);
    expect(told.course.over).toBe(true);
  });

  it('stays until it can be read, never longer than a second and a half after the voice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 80 }),
        fc.double({ min: 0.2, max: 6, noNaN: true }),
        (letters, spoken) => {
          const text = 'a'.repeat(letters);
          const told = new Told(text, [{ text, start: 0, end: spoken, from: 0, to: letters }]);
          told.pass(spoken).end('finished').pass(8, false);
          const [[, seconds]] = told.times as [[string, number]];
          const read = secondsToRead(text);
          expect(seconds).toBeGreaterThanOrEqual(spoken + 0.5 - 3 * STEP);
          expect(seconds).toBeLessThanOrEqual(
            Math.max(spoken + 0.5, Math.min(read, spoken + 1.5)) + 3 * STEP,
          );
          expect(seconds).toBeGreaterThanOrEqual(Math.min(read, spoken + 1.5) - 3 * STEP);
        },
      ),
      { seed: 3, numRuns: 60 },
    );
  });

  it('of a stopped line shows what was heard, and a dash', () => {
    const told = new Told('Welcome, traveller. The gate closes at dusk.');
    const closes = told.words[4]!;
    told.pass(closes.start + 0.05 - told.playhead).end('stopped');
    expect(told.shown).toBe('Welcome, traveller. The gate—');
    expect(told.pass(3, false).course.over).toBe(true);
  });

  it('shows the word that was cut where more than half of it was heard, or where there is no other', () => {
    const half = new Told('Welcome, traveller.');
    half.pass((half.words[1]!.start + half.words[1]!.end) / 2 + 0.05).end('stopped');
    expect(half.shown).toBe('Welcome, traveller.');
    const first = new Told('Welcome, traveller.');
    first.pass(first.words[0]!.start + 0.05).end('stopped');
    expect(first.shown).toBe('Welcome—');
    const none = new Told('Welcome, traveller.');
    none.pass(0.05).end('stopped');
    expect(none.shown).toBeUndefined();
  });

  it('has no dash where all was heard, and none where nothing was', () => {
    const whole = new Told('Welcome.');
    whole.pass(0.1 + 8 * EACH).end('stopped');
    expect(whole.shown).toBe('Welcome.');
    const never = new Told('Welcome.').pass(0.5, false).end('stopped');
    expect(never.course.over).toBe(true);
  });

  it('of a failed line goes on in reading pace, also where nothing was heard', () => {
    const told = new Told(LONG).pass(0.5, false).end('failed').pass(12, false);
    expect(told.times.map(([text]) => text).join(' ')).toBe(LONG);
    for (const [text, seconds] of told.times) expect(seconds).toBeGreaterThan(secondsToRead(text) * 0.8);
    expect(told.course.over).toBe(true);
    const broken = new Told(LONG);
    broken.pass(1.5).end('failed').pass(12, false);
    expect(broken.times.map(([text]) => text).join(' ')).toBe(LONG);
  });

  it('follows a seek, and a text that grows', () => {
    const told = new Told(LONG);
    told.pass(LONG.length * EACH - 1);
    expect(told.shown).toMatch(/^He left/);
    told.playhead = 0.5;
    told.pass(0.1);
    expect(told.shown).toMatch(/^You have/);

    const written = new Told('The gate closes', []);
    written.words = wordsOf(written.text);
    written.pass(0.5);
    expect(written.shown).toBe('The gate closes');
    written.text += ' at dusk.';
    written.words = wordsOf(written.text);
    written.pass(0.1);
    expect(written.shown).toBe('The gate closes at dusk.');
  });

  it('goes by the usual pace where nobody tells the words, and shows that somebody speaks where there are none', () => {
    const told = new Told(LONG, []);
    told
      .pass(LONG.length / 15)
      .end('finished')
      .pass(3, false);
    expect(told.times.map(([text]) => text).join(' ')).toBe(LONG);
    const live = new Told('', []);
    live.pass(2);
    expect(live.shown).toBe('…');
    expect(live.end('stopped').pass(3, false).course.over).toBe(true);
  });

  it('always ends, and says each phrase at most once a passage, whatever happens', () => {
    const outcome = fc.constantFrom('finished', 'stopped', 'failed');
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,10}[,.]?$/), { maxLength: 50 }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        outcome,
        fc.boolean(),
        (list, seconds, state, timed) => {
          const text = list.join(' ');
          const told = new Told(text, timed ? wordsOf(text) : []);
          told.pass(seconds).end(state).pass(30, false);
          expect(told.course.over).toBe(true);
          const shown = told.times.map(([phrase]) => phrase.replace(/—$/, ''));
          let at = 0;
          for (const phrase of shown) {
            if (phrase === '…') continue;
            at = text.indexOf(phrase, at);
            expect(at).toBeGreaterThanOrEqual(0);
          }
        },
      ),
      { seed: 5, numRuns: 150 },
    );
  });
});
