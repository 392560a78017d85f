import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAccents } from '../../../src/pose/accent.ts';
import { CHANNEL, CHANNEL_COUNT, createPose } from '../../../src/pose/channels.ts';
import { layerNamed } from '../../../src/pose/emotion.ts';
import { Mood } from '../../../src/pose/mood.ts';
import { MoodMarks } from '../../../src/pose/mood-marks.ts';
import { PHRASE } from '../../../src/pose/phrasing.ts';
import type { WordMark } from '../../../src/speech/cue.ts';
import { momentOf, phrasingOf, wordsOf } from './moments.ts';

/** The words of a text with mark-up, whose tags are not said. */
function spokenWordsOf(text: string): WordMark[] {
  return wordsOf(text.replace(/<[^>]*>/g, (tag) => ' '.repeat(tag.length)));
}

function marksOf(text: string, words = spokenWordsOf(text)): MoodMarks {
  const marks = new MoodMarks(layerNamed);
  marks.update(words, text);
  return marks;
}

/** How much is felt at a playhead: what is felt otherwise, then each emotion of the text. */
function feltAt(marks: MoodMarks, playhead: number): number[] {
  marks.follow(momentOf({ playhead }));
  return [marks.base[0]!, ...marks.weights];
}

const TEXT = 'Come in. <emotion sad>He is gone.</emotion> Sit down by the fire.';

describe('the emotions in a text', () => {
  const words = spokenWordsOf(TEXT);
  const [he, gone] = ['He', 'gone'].map((each) => words.find(({ text }) => text === each)!);

  it('come with their first word and give way after their last', () => {
    const marks = marksOf(TEXT);
    expect(feltAt(marks, 0)).toEqual([1, 0]);
    expect(feltAt(marks, he!.start)).toEqual([1, 0]);
    expect(feltAt(marks, he!.start + 0.25)).toEqual([0.5, 0.5]);
    expect(feltAt(marks, gone!.end)).toEqual([0, 1]);
    expect(feltAt(marks, gone!.end + 0.45)[1]).toBeCloseTo(0.5, 6);
    expect(feltAt(marks, gone!.end + 0.9)).toEqual([1, 0]);
  });

  it('last to the end of the line where they are not closed, and are passed over where nobody knows them', () => {
    const open = marksOf('Come in. <emotion sad strength="0.5">He is gone.');
    expect(feltAt(open, 60)).toEqual([0, 1]);
    expect(open.layers).toEqual([layerNamed('sad', 0.5)]);
    expect(marksOf('<emotion smirky>Oh.</emotion> My.').layers).toEqual([]);
    expect(marksOf('Come in.').layers).toEqual([]);
    expect(feltAt(marksOf(TEXT, []), 5)).toEqual([1]);
  });

  it('hold inside one another, the innermost first', () => {
    const text =
      '<emotion warm>Good to see you, <emotion sad>truly, truly</emotion> my good old friend.</emotion> Oh my.';
    const nested = marksOf(text);
    const last = spokenWordsOf(text)
      .filter(({ text }) => text === 'truly')
      .at(-1)!;
    expect(feltAt(nested, last.start)).toEqual([0, 0, 1]);
    expect(feltAt(nested, last.end + 0.9)).toEqual([0, 1, 0]);
  });

  it('are known as words come, and change nothing that was shown', () => {
    const growing = new MoodMarks(layerNamed);
    const whole = marksOf(TEXT);
    for (let known = 0; known <= words.length; known++) {
      growing.update(words.slice(0, known), TEXT);
      const heard = words[known - 1]?.end ?? 0;
      const [now, then] = [feltAt(growing, heard), feltAt(whole, heard)];
      expect(now[1] ?? 0).toBeCloseTo(then[1]!, 9);
    }
  });

  it('are a function of the playhead: shares of one whole, without a jump, in whatever order they are asked for', () => {
    const tag = fc.constantFrom(
      '<emotion sad>',
      '<emotion happy strength="0.4">',
      '</emotion>',
      'Word. ',
      'other, ',
      'on ',
    );
    fc.assert(
      fc.property(
        fc.array(tag, { maxLength: 25 }).map((parts) => parts.join('')),
        fc.array(fc.double({ min: 0, max: 12, noNaN: true }), { maxLength: 20 }),
        (text, times) => {
          const marks = marksOf(text);
          for (const time of times) {
            const felt = feltAt(marks, time);
            expect(felt.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
            for (const share of felt) expect(share).toBeGreaterThanOrEqual(0);
            expect(feltAt(marksOf(text), time)).toEqual(felt);
            const later = feltAt(marks, time + 0.001);
            // Several changes may run at a time; the fastest moves by 3 a second at its middle.
            for (const [index, share] of felt.entries())
              expect(Math.abs(later[index]! - share)).toBeLessThan(0.02);
          }
        },
      ),
      { seed: 21, numRuns: 200 },
    );
  });
});

describe('a mood with the emotions of a text', () => {
  const sad = layerNamed('sad', 1)!;
  const warm = layerNamed('warm', 1)!;
  const happy = layerNamed('happy', 1)!;

  function shown(mood: Mood, time: number, playhead: number): Float32Array {
    const pose = createPose();
    mood.add(pose, momentOf({ time, playhead }));
    return pose;
  }

  function distance(a: Float32Array, b: Float32Array): number {
    return Math.max(...a.map((value, channel) => Math.abs(value - b[channel]!)));
  }

  it.each([
    ['the standing mood', undefined, warm],
    ['the emotion of the line', { layer: happy }, happy],
  ])('shows them over %s, and that again', (_name, felt, below) => {
    const mood = new Mood();
    mood.stand({ layer: warm });
    shown(mood, 0, 0);
    shown(mood, 2, 0);
    mood.begin(felt, marksOf(TEXT));
    const gone = spokenWordsOf(TEXT).find(({ text }) => text === 'gone')!;
    expect(distance(shown(mood, 3, 0.9), below)).toBeLessThan(1e-6);
    expect(distance(shown(mood, 3, gone.end), sad)).toBeLessThan(1e-6);
    expect(distance(shown(mood, 3, gone.end + 1), below)).toBeLessThan(1e-6);
    expect(distance(shown(mood, 3, gone.end), sad)).toBeLessThan(1e-6); // Sought back.
  });

  it('lets go of what is felt at the end of the line, without a jump, and is as it was', () => {
    const mood = new Mood();
    mood.stand({ layer: warm });
    shown(mood, 0, 0);
    shown(mood, 2, 0);
    mood.begin(undefined, marksOf('Oh no. <emotion sad>He is gone.'));
    const before = shown(mood, 5, 3);
    expect(distance(before, sad)).toBeLessThan(1e-6);
    mood.end();
    mood.end();
    expect(distance(shown(mood, 5, 3), before)).toBeLessThan(1e-6);
    let last = before;
    for (let time = 5; time < 7; time += 0.02) {
      const now = shown(mood, time, 0);
      expect(distance(now, last)).toBeLessThan(0.03);
      last = now;
    }
    expect(distance(last, warm)).toBeLessThan(1e-6);
    // So it is where another line comes instead.
    mood.begin(undefined, marksOf('Oh no. <emotion sad>He is gone.'));
    const cut = shown(mood, 8, 2.2);
    mood.begin(undefined, marksOf('Well.'));
    expect(distance(shown(mood, 8, 0), cut)).toBeLessThan(1e-6);
    expect(distance(shown(mood, 10, 0.5), warm)).toBeLessThan(1e-6);
  });

  it('may change below them', () => {
    const mood = new Mood();
    mood.begin(undefined, marksOf('<emotion sad>He is gone.'));
    shown(mood, 0, 2);
    mood.stand({ layer: warm });
    expect(distance(shown(mood, 0, 2), sad)).toBeLessThan(1e-6);
    mood.end();
    shown(mood, 1, 0);
    expect(distance(shown(mood, 5, 0), warm)).toBeLessThan(1e-6);
  });
});

describe('emphasis', () => {
  const accentsOf = (text: string, seed: number) => {
    const phrasing = phrasingOf('', seed);
    phrasing.update(spokenWordsOf(text), text);
    return phrasing;
  };

  it('gives an accent of head and brows to its word, whatever chance would have it, and reduced takes it', () => {
    for (let seed = 1; seed < 30; seed++) {
      const text =
        'It is <em>my</em> village, <emphasis level="reduced">never forget</emphasis> <strong>all of that</strong>.';
      const words = spokenWordsOf(text);
      const { accentStart, accentWeight, accentBrow } = accentsOf(text, seed);
      const accentOf = (word: string) => {
        const index = accentStart.indexOf(words.find(({ text }) => text === word)!.start);
        return index < 0 ? undefined : [accentWeight[index], accentBrow[index]];
      };
      expect(accentOf('my')).toEqual([0.85, 1]);
      expect(accentOf('never')).toBeUndefined();
      expect(accentOf('forget')).toBeUndefined();
      expect([accentOf('all'), accentOf('of'), accentOf('that')]).toEqual([undefined, undefined, [1, 1]]);
      expect([...accentStart]).toEqual([...accentStart].sort((a, b) => a - b));
    }
  });

  it('is seen at its word, at any time that word is heard', () => {
    const text = 'On <em>my</em> own.';
    const phrasing = accentsOf(text, 4);
    const plain = accentsOf('On my own.', 4);
    const { start } = spokenWordsOf(text)[1]!;
    const browAt = (playhead: number, of = phrasing) => {
      const pose = createPose();
      const moment = momentOf({ playhead, speaking: 1 });
      of.follow(moment);
      addAccents(pose, moment, of);
      return [pose[CHANNEL.browInnerUp]!, pose[CHANNEL.headPitch]!];
    };
    const [brow, pitch] = browAt(start + 0.06);
    expect(brow).toBeGreaterThan(0.15);
    expect(pitch).toBeLessThan(-0.03);
    expect(browAt(start + 0.06, plain)[0]).toBe(0);
    browAt(2);
    expect(browAt(start + 0.06)).toEqual([brow, pitch]);
    expect(browAt(start + 1)[0]).toBe(0);
  });

  it('leaves phrases as they are without tags', () => {
    const text = 'Do you <em>see</em>? <pause 0.4s/>It is <cue a.b/> mine<emotion sad>, all mine</emotion>';
    const { phraseKind, phraseEnd } = accentsOf(text, 1);
    const plain = phrasingOf('', 1);
    plain.update(
      spokenWordsOf(text),
      text.replace(/<[^>]*>/g, (tag) => ' '.repeat(tag.length)),
    );
    expect([...phraseKind]).toEqual([PHRASE.question, PHRASE.comma, PHRASE.pause]);
    expect(phraseEnd).toEqual(plain.phraseEnd);
    expect(phraseKind).toEqual(plain.phraseKind);
    expect(CHANNEL_COUNT).toBe(createPose().length);
  });
});
