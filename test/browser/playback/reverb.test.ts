/** Rooms that reverberate, as they are heard. */
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { describe, expect, it } from 'vitest';
import { type ReverbZone, reverbZones } from '../../../src/playback/reverb/reverb-zones.ts';
import type { Reverb } from '../../../src/playback/reverb.ts';
import { decibels, Hall, speechNoise } from './hall.ts';
import { CONTEXT_RATE, difference, peak, steepest, tone } from './offline.ts';

const HALL: ReverbZone = {
  space: { min: new Vector3(-5, -5, 0), max: new Vector3(5, 5, 10) },
  decaySeconds: 1,
  trebleDecay: 0.7,
  preDelaySeconds: 0.01,
  wetDb: -12,
};

/** Noise for half a second in a hall, at `position`, and what is heard. */
async function burst(position: Vector3, reverb: Reverb | undefined, ears = Vector3.Zero()) {
  const hall = await Hall.create({ seconds: 2.5, ...(reverb && { reverb }) });
  hall.camera.position.copyFrom(ears);
  hall.say(await hall.speaker(position), speechNoise(0.5, 24_000));
  return hall.render(hall.frames(20, 0.1, 2.4));
}

function cut(signal: Float32Array, from: number, to: number): Float32Array {
  return signal.subarray(Math.round(from * CONTEXT_RATE), Math.round(to * CONTEXT_RATE));
}

describe('a voice in a zone', () => {
  it('rings after its end for as long as the zone says, at both ears', async () => {
    const ears = await burst(new Vector3(0, 0, 3), reverbZones([HALL]));
    const [first, later] = [ears.loudness(0.6, 0.7), ears.loudness(0.9, 1)];
    expect(first.left).toBeGreaterThan(0);
    expect(first.right).toBeGreaterThan(0);
    const fall = decibels(first.both / later.both) / 0.3;
    expect(60 / fall).toBeGreaterThan(0.75);
    expect(60 / fall).toBeLessThan(1.1);
    expect(peak(ears.left, 1.9 * CONTEXT_RATE)).toBe(0);
    const alike = ears.left.reduce(
      (sum, sample, at) => (at > 0.6 * CONTEXT_RATE ? sum + sample * ears.right[at]! : sum),
      0,
    );
    const energy = cut(ears.left, 0.6, 2).reduce((sum, sample) => sum + sample * sample, 0);
    expect(Math.abs(alike) / energy).toBeLessThan(0.3);
  });

  it('has it at the level told, which stays where the voice itself falls with distance', async () => {
    const tail = async (z: number) =>
      (await burst(new Vector3(0, 0, z), reverbZones([HALL]))).loudness(0.6, 0.7).both;
    const direct = (await burst(new Vector3(0, 0, 1), undefined)).loudness(0.3, 0.5).left;
    const wet = await Hall.create({
      seconds: 2.5,
      reverb: reverbZones([HALL]),
      minDistance: 1e-3,
      maxDistance: 1e3,
    });
    wet.say(await wet.speaker(new Vector3(0, 0, 9)), speechNoise(1.5, 24_000)); // Nothing of it is heard but the room.
    const steady = (await wet.render(wet.frames(20, 0.1, 2.4))).loudness(1.2, 1.5).left;
    expect(Math.abs(decibels(steady / direct) + 12)).toBeLessThan(2);
    expect(decibels((await tail(1)) / (await tail(8)))).toBeCloseTo(0, 0);
  });

  it('is dry outside of it, to the bit', async () => {
    const outside = new Vector3(0, 0, -3);
    const [zoned, plain] = [await burst(outside, reverbZones([HALL])), await burst(outside, undefined)];
    expect(difference(zoned.left, 0, plain.left, 0, plain.left.length)).toBe(0);
  });

  it('is heard from outside the softer, the farther from it', async () => {
    const tail = async (z: number) =>
      (await burst(new Vector3(0, 0, 5), reverbZones([HALL]), new Vector3(0, 0, z))).loudness(0.6, 0.8).both;
    const inside = await tail(1);
    expect(decibels((await tail(-1)) / inside)).toBeCloseTo(-6, 0);
    expect(decibels((await tail(-3)) / inside)).toBeCloseTo(-12, 0);
  });

  it('passes into another one, and out, without a click', async () => {
    const cave = { ...HALL, space: { centre: new Vector3(0, 0, 15), radius: 4.9 }, decaySeconds: 2 };
    const hall = await Hall.create({ seconds: 3, reverb: reverbZones([HALL, cave]), rolloffFactor: 0 });
    const speaker = await hall.speaker(new Vector3(0, 0, 8));
    hall.say(speaker, tone(3, 24_000, 200));
    const to = (z: number) => () => {
      speaker.node.position.z = z;
    };
    const { left } = await hall.render([
      ...hall.frames(50, 0.5, 1),
      hall.at(1, to(12)),
      ...hall.frames(50, 1.02, 1.9),
      hall.at(2, to(-20)),
      ...hall.frames(50, 2.02, 2.9),
    ]);
    expect(steepest(cut(left, 0.9, 2.95))).toBeLessThanOrEqual(steepest(cut(left, 0.5, 0.95)) * 1.35);
    // What a click adds is high: nothing of the tone is.
    const high = (signal: Float32Array) => {
      let [a, b] = [0, 0];
      return signal.map((sample) => {
        const first = sample - a;
        a = sample;
        const second = first - b;
        b = first;
        return second;
      });
    };
    expect(peak(cut(high(left), 0.95, 2.9))).toBeLessThanOrEqual(peak(cut(high(left), 0.5, 0.95)) * 1.6);
  });

  it('is as loud in it as it is asked to be', async () => {
    const hall = await Hall.create({ seconds: 2.5, reverb: reverbZones([HALL]) });
    const speaker = await hall.speaker(new Vector3(0, 0, 3));
    speaker.voice.setVolume(0);
    hall.say(speaker, speechNoise(0.5, 24_000));
    expect(peak((await hall.render(hall.frames(20, 0.1, 2.4))).left)).toBe(0);
  });

  it('is out of the graph with its room when all has faded, and is back for the next line', async () => {
    const hall = await Hall.create({ seconds: 4, reverb: reverbZones([HALL]) });
    const speaker = await hall.speaker(new Vector3(0, 0, 3));
    hall.say(speaker, speechNoise(0.3, 24_000));
    const connections: number[] = [];
    const connect = AudioNode.prototype.disconnect;
    let parted = 0;
    AudioNode.prototype.disconnect = function (this: AudioNode, ...args: never[]) {
      if (this instanceof ConvolverNode) parted++;
      return Reflect.apply(connect, this, args);
    } as never;
    try {
      const { left } = await hall.render([
        ...hall.frames(20, 0.1, 2.4, () => connections.push(parted)),
        { atSeconds: 2.5, act: () => hall.say(speaker, speechNoise(0.3, 24_000)) },
        ...hall.frames(20, 2.55, 3.9),
      ]);
      expect(connections[0]).toBe(0);
      expect(connections.at(-1)).toBe(1);
      expect(peak(cut(left, 2.9, 3))).toBeGreaterThan(0);
    } finally {
      AudioNode.prototype.disconnect = connect;
    }
  });
});

describe('zones', () => {
  it('say what is wrong with one that is none', () => {
    const space = { centre: Vector3.Zero(), radius: 1 };
    expect(() => reverbZones([{ space, preset: 'shed' as 'room' }])).toThrow('zones[0].preset');
    expect(() => reverbZones([{ space }, { space, decaySeconds: 0 }])).toThrow('zones[1].decaySeconds');
    expect(() => reverbZones([{ space, wetDb: Number.NaN }])).toThrow('zones[0].wetDb');
    expect(() => reverbZones([{ space: { radius: 1 } as never }])).toThrow('zones[0].space');
  });

  it('serve one Parley', async () => {
    const reverb = reverbZones([HALL]);
    await Hall.create({ seconds: 0.1, reverb });
    await expect(Hall.create({ seconds: 0.1, reverb })).rejects.toThrow('some in use');
  });
});
