import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Aligner } from '../../../../src/lipsync/timing/aligner.ts';
import { Evidence } from '../../../../src/lipsync/timing/evidence.ts';
import { Listener } from '../../../../src/lipsync/timing/listener.ts';
import { Script } from '../../../../src/lipsync/timing/script.ts';
import { SOUND_COUNT, SOUNDS } from '../../../../src/lipsync/timing/sounds.ts';
import { VISEME_COUNT } from '../../../../src/speech/viseme.ts';

const HEARABLE = SOUNDS.filter((id) => !['pau', 'hh'].includes(id));

/** What a good ear says of a frame in which `sound` is heard. */
function evidenceOf(sound: number, sure = 0.8): Evidence {
  const scores = new Float32Array(SOUND_COUNT).fill(Math.log((1 - sure) / (SOUND_COUNT - 1)));
  scores[sound] = Math.log(sure);
  const evidence = new Evidence();
  evidence.read(scores, 0);
  return evidence;
}

/** Words of sounds with the frames each lasts; a word may be followed by a pause. */
const speech = fc.array(
  fc.record({
    sounds: fc.array(
      fc.record({ id: fc.constantFrom(...HEARABLE), frames: fc.integer({ min: 5, max: 20 }) }),
      { minLength: 1, maxLength: 6 },
    ),
    pause: fc.constantFrom(0, 0, 12, 40),
  }),
  { minLength: 1, maxLength: 8 },
);

describe('an aligner', () => {
  it('finds every sound where it is heard, and takes nothing back', () => {
    fc.assert(
      fc.property(speech, fc.integer({ min: 0, max: 12 }), (words, lag) => {
        const script = new Script();
        const heard: number[] = [];
        const asked = words.flatMap(({ sounds, pause }, word) => {
          const phones = sounds
            .filter(({ id }, i) => id !== sounds[i - 1]?.id)
            .map(({ id, frames }) => {
              for (let f = 0; f < frames; f++) heard.push(SOUNDS.indexOf(id));
              return { id, from: 0, word };
            });
          for (let f = 0; f < pause; f++) heard.push(0);
          return phones;
        });
        script.append(asked, () => false);
        script.end();
        const aligner = new Aligner(script, lag);
        let before: number[] = [];
        for (const sound of heard) {
          aligner.push(evidenceOf(sound));
          expect(aligner.decisions.slice(0, before.length)).toEqual(before);
          before = aligner.decisions.slice();
        }
        expect(before.length).toBe(Math.max(heard.length - lag, 0));
        aligner.end();
        expect(aligner.decisions.length).toBe(heard.length);
        const right = heard.filter((sound, f) => script.units[aligner.decisions[f]!]!.sound === sound).length;
        // Decided late enough, at most a frame at each border may be off; at once, it must still follow.
        const borders = script.units.length;
        expect(heard.length - right).toBeLessThanOrEqual(lag >= 6 ? borders : 4 * borders);
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it('keeps to the times that a service told', () => {
    const script = new Script();
    const word = (id: string, n: number) => ({ id, from: 0, word: n });
    script.append(
      [word('m', 0), word('aa', 0), word('m', 1), word('aa', 1), word('m', 2), word('aa', 2)],
      () => false,
    );
    script.end();
    // The sound is of no help.
    const blur = new Evidence();
    blur.read(new Float32Array(SOUND_COUNT).fill(-Math.log(SOUND_COUNT)), 0);
    const anchors = new Map([
      [0, { first: 0, last: 30 }],
      [1, { first: 31, last: 90 }],
      [2, { first: 91, last: 120 }],
    ]);
    const aligner = new Aligner(script, 10, anchors);
    for (let f = 0; f < 120; f++) aligner.push(blur);
    aligner.end();
    const wordAt = (frame: number): number => script.units[aligner.decisions[frame]!]!.word;
    expect([15, 60, 110].map(wordAt)).toEqual([0, 1, 2]);
  });
});

describe('a listener', () => {
  it('follows what is heard, passes over a single frame, and takes nothing back', () => {
    const listener = new Listener(4);
    const frame = (viseme: number): Float32Array => {
      const one = new Float32Array(VISEME_COUNT).fill(0.01);
      one[viseme] = 0.86;
      return one;
    };
    const heard = [
      ...Array(20).fill(10),
      3,
      ...Array(20).fill(10),
      ...Array(15).fill(1),
      ...Array(20).fill(12),
    ];
    for (const viseme of heard) listener.push(frame(viseme));
    expect(listener.decisions.length).toBe(heard.length - 4);
    const before = listener.decisions.slice();
    listener.end();
    expect(listener.decisions.slice(0, before.length)).toEqual(before);
    const wanted = [...Array(41).fill(10), ...Array(15).fill(1), ...Array(20).fill(12)];
    expect(listener.decisions).toEqual(wanted);
  });
});
