import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarkTimes } from '../../../src/speech/mark-times.ts';
import { parseMarkup } from '../../../src/speech/markup.ts';

const RUNS = process.env.PARLEY_LONG ? 50_000 : 1_000;

/** What writers, tools and language models put between words. */
const messy = fc
  .array(
    fc.constantFrom(
      ...[
        'Hello',
        ' ',
        ', ',
        'world.',
        '<',
        '>',
        '</',
        '/>',
        '&amp;',
        '&lt;',
        '&',
        '"',
        "'",
        '=',
        '👋🏽',
        'é',
        '\n',
      ],
      ...[
        '<em>',
        '</em>',
        '<pause 1s/>',
        '<pause>',
        '<cue wave>',
        '<emotion warm>',
        '</emotion>',
        '<br>',
        '<x y="',
      ],
      ...[
        '<say-as digits>',
        '</say-as>',
        '12',
        '<sub alias="x y">',
        '</sub>',
        '<phoneme ph="a">',
        '</phoneme>',
      ],
      ...[
        '<break time="9999999s"/>',
        '<mark name=""/>',
        '<__proto__>',
        '<constructor>',
        '<em __proto__=1>',
        '<!--',
      ],
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('what writers and web pages also write', () => {
  it('emphasis of level none is none', () => {
    const { text, marks, problems } = parseMarkup('So <emphasis level="none">be</emphasis> it.');
    expect({ text, marks, problems }).toEqual({ text: 'So be it.', marks: [], problems: [] });
  });

  it('a strength that is empty is a problem', () => {
    const { marks, problems } = parseMarkup('<emotion sad strength="">No.</emotion>');
    expect(marks).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  it('characters by number, and the space that holds together', () => {
    expect(parseMarkup('A&nbsp;B &#65;&#x1F600; &#xd800; &#0; &#9999999; &#x;').text).toBe(
      'A\u00a0B A😀 &#xd800; &#0; &#9999999; &#x;',
    );
    const { text, sourceIndex } = parseMarkup('&#x1F600; go');
    expect(sourceIndex(text.indexOf('go'))).toBe(10);
  });
});

describe('parseMarkup', () => {
  it.each<[string, string, unknown[]]>([
    ['Wait <pause 0.5s/> now.', 'Wait now.', [{ kind: 'pause', at: 5, seconds: 0.5 }]],
    ['Wait<break time="250ms"/>now', 'Wait now', [{ kind: 'pause', at: 4, seconds: 0.25 }]],
    ['<pause strong/>Go', 'Go', [{ kind: 'pause', at: 0, seconds: 0.7 }]],
    ['Hi<cue wave/> you', 'Hi you', [{ kind: 'cue', at: 2, name: 'wave' }]],
    ['Hi <cue wave/>you', 'Hi you', [{ kind: 'cue', at: 3, name: 'wave' }]],
    ['Hi <mark name="wave"/>', 'Hi ', [{ kind: 'cue', at: 3, name: 'wave' }]],
    ['a <em>big</em> b', 'a big b', [{ kind: 'emphasis', from: 2, to: 5, level: 'moderate' }]],
    ['a <strong>big</strong>', 'a big', [{ kind: 'emphasis', from: 2, to: 5, level: 'strong' }]],
    ['<emphasis level="reduced">x</emphasis>', 'x', [{ kind: 'emphasis', from: 0, to: 1, level: 'reduced' }]],
    ['<emotion warm>Hi', 'Hi', [{ kind: 'emotion', from: 0, to: 2, name: 'warm', strength: 1 }]],
    [
      'a <emotion name="sad" strength="0.5">b</emotion> c',
      'a b c',
      [{ kind: 'emotion', from: 2, to: 3, name: 'sad', strength: 0.5 }],
    ],
    ['<say-as digits>12</say-as>', '12', [{ kind: 'say-as', from: 0, to: 2, as: 'digits' }]],
    [
      '<say-as interpret-as="characters">NPC</say-as>',
      'NPC',
      [{ kind: 'say-as', from: 0, to: 3, as: 'characters' }],
    ],
    ['<sub alias="doctor">Dr.</sub> X', 'Dr. X', [{ kind: 'alias', from: 0, to: 3, say: 'doctor' }]],
    [
      '<phoneme alphabet="ipa" ph="ˈmiːɹə">Mira</phoneme>',
      'Mira',
      [{ kind: 'phoneme', from: 0, to: 4, ipa: 'ˈmiːɹə' }],
    ],
    ['<speak><p>Tom &amp; I <3 you.</p></speak>', 'Tom & I <3 you.', []],
    ['One<br>two<p>three</p>.', 'One two three.', []],
    ['un<em>believ</em>able', 'unbelievable', [{ kind: 'emphasis', from: 2, to: 8, level: 'moderate' }]],
    ['Plain, with nothing in it.', 'Plain, with nothing in it.', []],
  ])('reads %s', (source, text, marks) => {
    const marked = parseMarkup(source);
    expect([marked.text, marked.marks, marked.problems]).toEqual([text, marks, []]);
  });

  it.each([
    ['a <wobble>b</wobble>', 'a b', ['2 <wobble> is not known', '11 </wobble> closes nothing']],
    ['<em>a', 'a', ['0 <em> is not closed']],
    ['a</em>', 'a', ['1 </em> closes nothing']],
    ['<pause soon/>a', 'a', ['0 <pause> is not understood']],
    ['<emotion strength="2">a</emotion>', 'a', ['0 <emotion> is not understood']],
    ['<em/>a', 'a', ['0 <em/> encloses nothing']],
  ])('says what is wrong with %s, and goes on', (source, text, problems) => {
    const marked = parseMarkup(source);
    expect([marked.text, marked.problems.map(({ at, message }) => `${at} ${message}`)]).toEqual([
      text,
      problems,
    ]);
  });

  it('reads anything, with marks in order and within, and a map that never falls', () => {
    fc.assert(
      fc.property(fc.oneof(messy, fc.string({ unit: 'binary' })), (source) => {
        const { text, sourceIndex, marks, problems } = parseMarkup(source);
        let before = 0;
        for (let index = 0; index <= text.length; index++) {
          expect(sourceIndex(index)).toBeGreaterThanOrEqual(before);
          before = sourceIndex(index);
        }
        expect(before).toBe(source.length);
        let reached = 0;
        for (const mark of marks) {
          const [from, to] = 'at' in mark ? [mark.at, mark.at] : [mark.from, mark.to];
          expect(from).toBeGreaterThanOrEqual(reached);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(text.length);
          reached = from;
          if (mark.kind === 'pause') expect(mark.seconds).toBeLessThanOrEqual(10);
        }
        for (const { at } of problems) expect(source[at]).toBe('<');
        for (const word of text.match(/Hello|world/g) ?? []) expect(source).toContain(word);
      }),
      { seed: 11, numRuns: RUNS },
    );
  });

  it('takes a long hostile text in no time', () => {
    const started = performance.now();
    for (const piece of ['<', '<a ', '<a b="', '&', '<em>', '< a', '<a=']) parseMarkup(piece.repeat(20_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('MarkTimes', () => {
  const source = 'Well <cue wave/>hello <em>big world</em><pause 1s/> bye <cue end/>';
  const marked = parseMarkup(source);
  const word = (text: string, start: number) => {
    const from = source.lastIndexOf(text);
    return { text, start, end: start + 0.4, from, to: from + text.length };
  };
  const words = [word('Well', 0), word('hello', 1), word('big', 2), word('world', 3), word('bye', 5)];
  const shown = ({ mark, start, end }: ReturnType<MarkTimes['end']>[number]) =>
    `${mark.kind} ${start.toFixed(1)} ${end.toFixed(1)}`;

  it('gives each mark its time as soon as its words are known', () => {
    const times = new MarkTimes(marked);
    const told = words.map((each) => times.push([each]).map(shown));
    expect(told).toEqual([[], ['cue 1.0 1.0'], [], [], ['emphasis 2.0 3.4', 'pause 3.4 3.4']]);
    expect(times.end(6).map(shown)).toEqual(['cue 6.0 6.0']);
    expect(times.end(6)).toEqual([]);
  });

  it('tells every mark once, within the line, however the words come, and without any', () => {
    fc.assert(
      fc.property(messy, fc.array(fc.nat(5), { maxLength: 9 }), fc.boolean(), (text, cuts, mute) => {
        const parsed = parseMarkup(text);
        const spoken = mute
          ? []
          : Array.from(parsed.text.matchAll(/\p{L}+/gu), ({ 0: each, index }, count) => ({
              text: each,
              start: count,
              end: count + 0.5,
              from: parsed.sourceIndex(index),
              to: parsed.sourceIndex(index + each.length - 1) + 1,
            }));
        const times = new MarkTimes(parsed);
        const all = cuts.flatMap((cut) => times.push(spoken.splice(0, cut)));
        all.push(...times.push(spoken), ...times.end(20));
        expect(all).toHaveLength(parsed.marks.length);
        expect(new Set(all.map(({ mark }) => mark)).size).toBe(parsed.marks.length);
        for (const { start, end } of all) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(20);
        }
      }),
      { seed: 13, numRuns: RUNS },
    );
  });
});
