import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK, Deck, OWN_STEP, RATE, same, sine, steepest, up } from './deck.ts';

const RUNS = process.env.PARLEY_LONG ? 1_000 : 60;

describe('a line on the audio thread', () => {
  it('is rendered sample by sample as it came, but for its faded ends', () => {
    const deck = new Deck().begin();
    deck.renderer.write(sine(9_600));
    deck.renderer.end();
    const { out, frames, map } = deck.play();
    expect(frames).toBe(9_600);
    expect(map.pieces).toBe(1);
    const samples = sine(9_600);
    for (let index = 144; index < 9_600 - 240; index++)
      expect(out[index]).toBeCloseTo(samples[index]! / 32_768, 6);
    expect(steepest(out)).toBeLessThanOrEqual(OWN_STEP);
  });

  it('waits for its target, unless it is shorter', () => {
    const deck = new Deck().begin({ target: 4_800 });
    deck.renderer.write(sine(4_500));
    expect(deck.play(1).renderer.state).toBe('buffering');
    deck.renderer.end();
    expect(deck.play(1).renderer.state).toBe('playing');
  });

  it('holds every sample and never clicks, whatever comes when', () => {
    const arrivals = fc.array(
      fc.record({ blocks: fc.integer({ min: 0, max: 60 }), samples: fc.integer({ min: 1, max: 3_000 }) }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(
        arrivals,
        fc.integer({ min: 0, max: 4_800 }),
        fc.constantFrom(same, up),
        (pieces, target, table) => {
          const total = pieces.reduce((sum, piece) => sum + piece.samples, 0);
          const all = sine(total, table.from);
          const deck = new Deck().begin({ table, target });
          let sent = 0;
          for (const { blocks, samples } of pieces) {
            deck.play(blocks);
            deck.renderer.write(all.subarray(sent, sent + samples));
            sent += samples;
          }
          deck.renderer.end();
          deck.play();
          expect(deck.frames).toBe(Math.round((total * RATE) / table.from));
          expect(deck.map.rendered * RATE).toBeCloseTo(deck.frames, 6);
          expect(steepest(deck.out)).toBeLessThanOrEqual(OWN_STEP * 1.1);
        },
      ),
      { seed: 21, numRuns: RUNS },
    );
  }, 120_000);

  it('fades before it runs dry, stalls, goes on with the very next sample at half the target, and counts the silence', () => {
    const deck = new Deck().begin({ target: 2_000 });
    deck.renderer.write(sine(2_400));
    deck.play(40);
    expect(deck.renderer.state).toBe('stalled');
    const stalledAt = deck.frames;
    deck.renderer.write(sine(4_800).subarray(2_400, 2_900));
    deck.play(1);
    expect(deck.renderer.state).toBe('stalled');
    deck.renderer.write(sine(4_800).subarray(2_900));
    deck.renderer.end();
    deck.play();
    expect(deck.frames).toBe(4_800);
    const after = deck.passages.find(({ line }) => line === stalledAt)!;
    expect(deck.out[deck.placeOf(after) + 200]).toBeCloseTo(sine(4_800)[stalledAt + 200]! / 32_768, 6);
    const before = deck.passages[deck.passages.indexOf(after) - 1]!;
    expect(deck.renderer.stalledFrames).toBe(after.context - before.context - before.frames);
  });

  it('fades out within the asked time when it is stopped', () => {
    const deck = new Deck().begin();
    deck.renderer.write(sine(48_000));
    const before = deck.play(20).frames;
    deck.renderer.stop(2_880, 0);
    expect(deck.play().frames - before).toBe(2_880);
    expect(deck.renderer.stopped).toBe(true);
  });

  it('goes on up to the frame that a stop asks for', () => {
    const deck = new Deck().begin();
    deck.renderer.write(sine(48_000));
    deck.play(20).renderer.stop(480, 5_000);
    expect(deck.play().frames).toBe(5_000);
  });

  it('ends where it runs dry before the frame that a stop asks for', () => {
    const deck = new Deck().begin();
    deck.renderer.write(sine(3_600));
    deck.play(10).renderer.stop(960, 5_120);
    expect(deck.play(200).renderer).toMatchObject({ state: 'ended', stopped: true });
  });

  it('ends at once when it is stopped before its first sample', () => {
    const deck = new Deck().begin({ target: 4_800 });
    deck.renderer.stop(2_880, 0);
    expect(deck.renderer).toMatchObject({ state: 'ended', stopped: true });
    expect(deck.map.rendered).toBe(0);
  });

  it('ends without a sample when nothing came', () => {
    const deck = new Deck().begin({ target: 4_800 });
    deck.renderer.end();
    expect(deck.play().frames).toBe(0);
    expect(deck.renderer).toMatchObject({ state: 'ended', stopped: false });
  });

  it('pauses within 5 ms and goes on with the very next sample', () => {
    const deck = new Deck().begin();
    deck.renderer.write(sine(48_000));
    deck.renderer.end();
    deck.play(20).renderer.pause();
    const before = deck.frames;
    deck.play(100);
    expect(deck.renderer.state).toBe('paused');
    expect(deck.frames - before).toBe(240);
    deck.renderer.resume();
    deck.play();
    expect(deck.frames).toBe(48_000);
    expect(deck.map.pieces).toBe(2);
    expect(deck.renderer.stalledFrames).toBe(0);
  });

  it('goes on elsewhere after a seek', () => {
    const deck = new Deck().begin();
    deck.renderer.write(sine(48_000));
    deck.play(20).renderer.seek(24_000, 1);
    deck.play(5);
    expect(deck.renderer).toMatchObject({ take: 1, state: 'buffering' });
    deck.renderer.write(sine(48_000).subarray(24_000));
    deck.renderer.end();
    deck.play();
    expect(deck.passages.at(-1)).toMatchObject({ line: expect.any(Number), take: 1 });
    expect(deck.map.rendered).toBe(1);
    expect(deck.passages.find(({ take }) => take === 1)!.line).toBe(24_000);
  });

  it('finishes the fade of a line when the next one begins, to the sample', () => {
    const wanted = new Deck().begin();
    const deck = new Deck().begin();
    for (const each of [wanted, deck]) {
      each.renderer.write(sine(48_000));
      each.play(20).renderer.stop(480, 0);
      each.play(2);
    }
    deck.begin({ target: 4_800 }).play(3); // 256 of 480 frames of the fade are over.
    wanted.play();
    expect(deck.renderer.state).toBe('buffering');
    const end = 20 * BLOCK + 480;
    expect(Math.abs(wanted.out[22 * BLOCK + 30]!)).toBeGreaterThan(0.01);
    for (let at = 22 * BLOCK; at < end; at++) expect(deck.out[at]).toBeCloseTo(wanted.out[at]!, 7);
    expect(deck.out.subarray(end).every((sample) => sample === 0)).toBe(true);
    deck.renderer.write(sine(4_800));
    deck.renderer.end();
    const before = deck.frames;
    expect(deck.play().frames - before).toBe(4_800);
    expect(steepest(deck.out)).toBeLessThanOrEqual(OWN_STEP);
  });

  it('fades a line within 5 ms that another one cuts off, under the first samples of that', () => {
    const deck = new Deck().begin();
    deck.renderer.write(sine(48_000));
    const { frames } = deck.play(20);
    deck.begin();
    const silent = new Int16Array(2_400);
    deck.renderer.write(silent);
    deck.renderer.end();
    deck.play();
    const cut = 20 * BLOCK;
    for (let index = 0; index < 240; index++) {
      const gain = 1 - (index + 1) / 240;
      expect(deck.out[cut + index]).toBeCloseTo((gain * sine(48_000)[frames + index]!) / 32_768, 6);
    }
    expect(deck.out.subarray(cut + 240).every((sample) => sample === 0)).toBe(true);
  });

  it('says nothing more of a line that is cut, whatever fade was going on, and plays the next', () => {
    for (const fade of [0, 240, 2_880]) {
      const deck = new Deck().begin();
      deck.renderer.write(sine(48_000));
      deck.play(20);
      if (fade > 0) deck.renderer.stop(fade, 0);
      deck.renderer.cut();
      expect(deck.renderer).toMatchObject({ state: 'ended', stopped: true });
      const { frames } = deck;
      deck.begin({ target: 4_800 }).play(10);
      expect(deck.out.subarray(20 * BLOCK).every((sample) => sample === 0)).toBe(true);
      deck.renderer.write(sine(4_800));
      deck.renderer.end();
      expect(deck.play().frames - frames).toBe(4_800);
    }
  });

  it('slows down by a tenth at most while too little is held back, and gives the delay of a stall back', () => {
    const deck = new Deck().begin({ target: 9_600 });
    const all = sine(RATE * 8);
    let sent = 10_000;
    deck.renderer.write(all.subarray(0, sent));
    for (let block = 0; block < 1_500; block++) {
      // The sender pauses for 240 ms, then keeps up, then hurries.
      const more = block < 50 || block >= 140 ? (block > 800 ? 256 : 128) : 0;
      deck.renderer.write(all.subarray(sent, sent + more));
      sent += more;
      deck.play(1);
    }
    const speed = (from: number, to: number) =>
      (deck.at(to * 128).line - deck.at(from * 128).line) / (((to - from) * 128) / RATE);
    expect(speed(200, 450)).toBeGreaterThan(0.88);
    expect(speed(200, 450)).toBeLessThan(0.95);
    expect(speed(1_000, 1_300)).toBeGreaterThan(1.03);
    expect(speed(1_000, 1_300)).toBeLessThan(1.06);
    expect(steepest(deck.out)).toBeLessThanOrEqual(OWN_STEP * 1.1);
  });
});

/** What a player and a network may do to a line. */
const deeds = fc.array(
  fc.oneof(
    fc.record({ deed: fc.constant('play' as const), blocks: fc.integer({ min: 0, max: 120 }) }),
    fc.record({ deed: fc.constant('send' as const), samples: fc.integer({ min: 1, max: 12_000 }) }),
    fc.record({ deed: fc.constant('seek' as const), to: fc.integer({ min: 0, max: 40_000 }) }),
    fc.record({ deed: fc.constant('rate' as const), rate: fc.double({ min: 0.5, max: 2, noNaN: true }) }),
    fc.record({ deed: fc.constant('target' as const), frames: fc.integer({ min: 0, max: 19_200 }) }),
    fc.record({ deed: fc.constant('pause' as const) }),
    fc.record({ deed: fc.constant('resume' as const) }),
    fc.record({
      deed: fc.constant('stop' as const),
      fade: fc.integer({ min: 1, max: 3_000 }),
      at: fc.integer({ min: 0, max: 48_000 }),
    }),
  ),
  { minLength: 5, maxLength: 60 },
);

describe('any order of pause, seek, rate, stall and stop', () => {
  it('keeps the map monotonic and invertible, tells truly where each frame comes from, and never clicks', () => {
    const all = glide(48_000);
    fc.assert(
      fc.property(deeds, (steps) => {
        const deck = new Deck().begin({ target: 960 });
        const { renderer } = deck;
        let [sent, take] = [0, 0];
        for (const step of steps) {
          if (step.deed === 'play') deck.play(step.blocks);
          else if (step.deed === 'send') {
            renderer.write(all.subarray(sent, sent + step.samples));
            sent = Math.min(all.length, sent + step.samples);
          } else if (step.deed === 'seek') {
            renderer.seek(step.to, ++take);
            deck.play(4); // The page sends nothing before the receipt.
            if (!renderer.stopped) sent = step.to; // A line that will stop goes nowhere any more.
          } else if (step.deed === 'rate') renderer.setRate(step.rate);
          else if (step.deed === 'target') renderer.setTarget(step.frames);
          else if (step.deed === 'stop') renderer.stop(step.fade, step.at);
          else if (step.deed === 'pause') renderer.pause();
          else renderer.resume();
        }
        if (renderer.state !== 'ended') renderer.resume();
        renderer.write(all.subarray(sent));
        renderer.end();
        deck.play();
        checkMap(deck);
        checkPlaces(deck, all);
        expect(steepest(deck.out)).toBeLessThanOrEqual(OWN_STEP * 1.15);
      }),
      { seed: 22, numRuns: RUNS * 5 },
    );
  }, 240_000);
});

/** A tone that is nowhere the same: 150 to 200 Hz. */
function glide(length: number): Int16Array {
  return Int16Array.from({ length }, (_, n) =>
    Math.round(16_384 * Math.sin((2 * Math.PI * (150 + (25 * n) / length) * n) / RATE)),
  );
}

/** Every frame is the one that its passage says, if fainter in a fade: beside a zero crossing a neighbour would show. */
function checkPlaces(deck: Deck, all: Int16Array): void {
  const { out } = deck;
  for (const passage of deck.passages.filter(({ frames, lineFrames }) => frames === lineFrames)) {
    for (let index = 0; index < passage.frames; index++) {
      const heard = out[deck.placeOf(passage) + index]!;
      const meant = all[passage.line + index]! / 32_768;
      if (heard * meant < -1e-9 || Math.abs(heard) > Math.abs(meant) + 1e-6)
        throw new Error(`frame ${passage.line + index} is ${meant}, but ${heard} was heard`);
    }
  }
}

function checkMap(deck: Deck): void {
  let last = { line: -1, take: 0 };
  for (let frame = 0; frame < deck.out.length; frame += 97) {
    const here = deck.at(frame);
    if (here.take < last.take) throw new Error(`take ${here.take} after ${last.take} at ${frame}`);
    if (here.take === last.take && here.line < last.line - 1e-9) {
      throw new Error(`line time ${here.line} after ${last.line} at ${frame}`);
    }
    last = here;
  }
  const final = deck.passages.at(-1);
  for (const passage of deck.passages) {
    const { context, frames, line, lineFrames, take } = passage;
    expect(deck.map.lineTimeAt((context + frames / 2) / RATE) * RATE).toBeCloseTo(line + lineFrames / 2, 4);
    if (take !== final?.take) continue;
    const middle = (line + lineFrames / 2) / RATE;
    expect(deck.map.lineTimeAt(deck.map.contextTimeAt(middle)!)).toBeCloseTo(middle, 7);
  }
}
