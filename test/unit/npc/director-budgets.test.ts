import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { describe, expect, it } from 'vitest';
import { Director } from '../../../src/npc/director.ts';
import type { Parley } from '../../../src/npc/parley.ts';
import type { SpeechPart } from '../../../src/speech/part.ts';
import type { SpeechRequest, VoiceSource } from '../../../src/speech/source.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { Actor, open, until } from './actor.ts';

const inFront = (parley: Parley, name: string, metres: number, aside = 0) =>
  new Actor(parley, name, new Vector3(aside, 0, metres - 3), Math.PI);

/** A service that ends each line only when it is told to. */
class SlowVoices implements VoiceSource {
  readonly name = 'slow';
  readonly home = 'both';
  readonly timing = { origin: 'service', confidence: 1 } as const;
  readonly asked: string[] = [];
  readonly #end = new Map<string, () => void>();
  readonly #tones = toneVoices({ sampleRate: 8_000 });
  running = 0;
  most = 0;

  async *speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart> {
    this.asked.push(request.text);
    this.most = Math.max(this.most, ++this.running);
    try {
      await new Promise<void>((resolve) => {
        this.#end.set(request.text, resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      yield* this.#tones.speak(request, signal);
    } finally {
      this.running--;
    }
  }

  end(text: string): void {
    this.#end.get(text)?.();
  }

  dispose(): void {}
}

describe('leases', () => {
  it('hold back what is fetched ahead, not who has the turn', async () => {
    const voices = new SlowVoices();
    const director = new Director({ voices: 2, leases: 2 });
    const { parley, frame } = await open({ director, voices });
    const [a, b] = ['a', 'b'].map((name, index) => inFront(parley, name, 2 + index));
    await frame(0.5);
    const prepared = a!.npc.prepare('ahead');
    const second = b!.npc.prepare('more');
    await frame();
    expect(voices.asked).toEqual(['ahead']);
    const line = a!.npc.say('now');
    const other = b!.npc.say('and now');
    await frame();
    expect(voices.asked).toEqual(['ahead', 'now']);
    expect([director.fetching, director.fetchesWaiting]).toEqual([2, 2]);
    voices.end('ahead');
    expect(await prepared.ready).toBe(true);
    await frame();
    expect(voices.asked).toEqual(['ahead', 'now', 'and now']); // Its turn has come; the other one is ahead of it.
    for (const text of ['now', 'and now']) voices.end(text);
    await until(() => voices.asked.includes('more'), frame);
    voices.end('more');
    expect(await second.ready).toBe(true);
    await until(
      () => line.ended && other.ended,
      () => frame(0.1),
    );
    expect([line.state, other.state, voices.most]).toEqual(['finished', 'finished', 2]);
    expect([director.fetching, director.fetchesWaiting]).toEqual([0, 0]);
  });

  it('are free again when a line is stopped, prepared ones are given up, and characters go', async () => {
    const voices = new SlowVoices();
    const director = new Director({ leases: 1 });
    const { parley, frame } = await open({ director, voices });
    const [a, b, c] = ['a', 'b', 'c'].map((name, index) => inFront(parley, name, 2 + index));
    await frame(0.5);
    const line = a!.npc.say('one');
    await frame();
    const prepared = b!.npc.prepare('two');
    c!.npc.say('three');
    await frame();
    expect([director.fetching, director.fetchesWaiting, voices.asked]).toEqual([1, 2, ['one']]);
    prepared.cancel();
    await frame();
    expect(director.fetchesWaiting).toBe(1);
    await line.stop();
    await until(() => voices.asked.length === 2, frame);
    expect(voices.asked).toEqual(['one', 'three']);
    c!.root.removeBehavior(c!.npc);
    await until(() => voices.running === 0, frame);
    expect([director.fetching, director.fetchesWaiting]).toEqual([0, 0]);
  });

  it('let the clauses of a text that is still being written go first', async () => {
    const voices = new SlowVoices();
    const { parley, frame } = await open({ director: new Director({ leases: 1 }), voices });
    const [a, b] = ['a', 'b'].map((name, index) => inFront(parley, name, 2 + index));
    await frame(0.5);
    a!.npc.say('first');
    await frame();
    b!.npc.prepare('ahead');
    await frame();
    async function* pieces() {
      yield 'Written now. ';
      yield 'And more.';
    }
    b!.npc.say(pieces());
    await frame();
    voices.end('first');
    await until(() => voices.asked.length > 1, frame);
    expect(voices.asked[1]).toMatch(/^Written now\./);
  });
});

describe('the budget of a frame', () => {
  /** A page on which the work of a frame takes so many microseconds. */
  async function onPage(cost: () => number) {
    const page = { ms: 0, at: 0 };
    // Asked at the beginning and at the end of what is measured.
    const now = () => {
      page.ms += page.at++ % 2 === 1 ? cost() / 1000 : 0;
      return page.ms;
    };
    const director = new Director({ faces: 4, mouths: 4, frameMicroseconds: 500 }, now);
    const { parley, frame } = await open({ director });
    const actors = Array.from({ length: 8 }, (_, index) => inFront(parley, `at ${index}`, 2 + index / 2));
    await frame(0.2);
    const rings = () => ['near', 'middle', 'far'].map((ring) => director.count(ring as 'near'));
    return { director, frame, actors, rings };
  }

  it('takes whole faces while frames are too dear, and gives them back when they are not', async () => {
    let dear = true;
    // Two pieces of work in a frame: the characters, and the places of their voices.
    const { director, frame, rings, actors } = await onPage(() => (dear ? 300 : 50));
    expect(rings()).toEqual([4, 4, 0]);
    await frame(8);
    expect(director.frameMicroseconds).toBeCloseTo(600, 0);
    expect(director.faces).toBeLessThan(3);
    expect(rings()).toEqual([director.faces, 4, 4 - director.faces]);
    expect(actors[0]!.npc.ring).toBe('near'); // The nearest keeps its own the longest.
    await frame(40);
    expect([director.faces, director.mouths]).toEqual([0, 0]);
    expect(rings()).toEqual([0, 0, 8]);
    dear = false;
    await frame(60);
    expect(director.frameMicroseconds).toBeCloseTo(100, 0);
    expect(rings()).toEqual([4, 4, 0]);
  });

  it('is told, and keeps nobody from anything, where there is none', async () => {
    const director = new Director({ faces: 4 });
    const { parley, frame } = await open({ director });
    for (let index = 0; index < 4; index++) inFront(parley, `at ${index}`, 2 + index);
    await frame(1);
    expect(director.frameMicroseconds).toBeGreaterThan(0);
    expect([director.faces, director.count('near')]).toEqual([4, 4]);
  });

  it('refuses what is no budget', () => {
    for (const options of [{ leases: 0 }, { hrtf: -1 }, { frameMicroseconds: 0 }, { frameMicroseconds: '5' }])
      expect(() => new Director(options as never)).toThrow(/Expected a number from|a number from/);
  });
});
