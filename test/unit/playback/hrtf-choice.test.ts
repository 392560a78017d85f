import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseHrtf, type HrtfCandidate } from '../../../src/playback/hrtf-choice.ts';

class Voice implements HrtfCandidate {
  heard = true;
  mayHaveHrtf = true;
  byHrtf = false;
  changes = 0;
  distance: number;

  constructor(distance: number) {
    this.distance = distance;
  }

  setHrtf(on: boolean): void {
    expect(on).not.toBe(this.byHrtf);
    this.byHrtf = on;
    this.changes++;
  }
}

function settle(voices: readonly Voice[], slots: number): void {
  for (let frame = 0; frame < 3 * voices.length + 3; frame++) chooseHrtf(voices, slots);
}

const distances = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 12 });
const slots = fc.integer({ min: 0, max: 6 });

describe('the choice of voices for HRTF', () => {
  it('takes as many as it may, none of them much farther than one left out', () => {
    fc.assert(
      fc.property(distances, slots, fc.array(fc.boolean(), { maxLength: 12 }), (all, count, quiet) => {
        const voices = all.map((distance) => new Voice(distance));
        quiet.forEach((value, index) => {
          if (voices[index]) voices[index].heard = !value;
        });
        settle(voices, count);
        const heard = voices.filter((voice) => voice.heard);
        const chosen = heard.filter((voice) => voice.byHrtf);
        const left = heard.filter((voice) => !voice.byHrtf);
        expect(chosen).toHaveLength(Math.min(count, heard.length));
        for (const near of chosen)
          for (const far of left) expect(near.distance * 0.8).toBeLessThanOrEqual(far.distance);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('changes nothing once it has settled', () => {
    fc.assert(
      fc.property(distances, slots, (all, count) => {
        const voices = all.map((distance) => new Voice(distance));
        settle(voices, count);
        const before = voices.map((voice) => voice.changes);
        settle(voices, count);
        expect(voices.map((voice) => voice.changes)).toEqual(before);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it('leaves two at the same distance as they are', () => {
    const [first, second] = [new Voice(2), new Voice(2)];
    settle([first, second], 1);
    for (let frame = 0; frame < 500; frame++) {
      first.distance = 2 + 0.2 * Math.sin(frame);
      second.distance = 2 + 0.2 * Math.cos(1.3 * frame);
      chooseHrtf([first, second], 1);
    }
    expect([first.changes, second.changes]).toEqual([1, 0]);
  });

  it('passes over those that may not have it, and takes it from one that may no more', () => {
    const voices = [new Voice(1), new Voice(2), new Voice(3)];
    voices[0]!.mayHaveHrtf = false;
    settle(voices, 1);
    expect(voices.map((voice) => voice.byHrtf)).toEqual([false, true, false]);
    voices[1]!.mayHaveHrtf = false;
    settle(voices, 1);
    expect(voices.map((voice) => voice.byHrtf)).toEqual([false, false, true]);
    expect(voices.map((voice) => voice.changes)).toEqual([0, 2, 1]);
  });

  it('takes HRTF from all when there are no places any more', () => {
    const voices = [new Voice(1), new Voice(2)];
    settle(voices, 2);
    settle(voices, 0);
    expect(voices.map((voice) => voice.byHrtf)).toEqual([false, false]);
  });
});
