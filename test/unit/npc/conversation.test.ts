import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Turn, TurnSaid } from '../../../src/index.ts';
import type { Conversation } from '../../../src/npc/conversation.ts';
import type { ConversationOptions } from '../../../src/npc/conversation-options.ts';
import { Director } from '../../../src/npc/director.ts';
import type { Line } from '../../../src/npc/line.ts';
import type { TalkingNpc } from '../../../src/npc/talking-npc.ts';
import { InputError } from '../../../src/speech/errors.ts';
import type { Track } from '../../../src/speech/track.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { Actor, open, trackOf, until } from './actor.ts';

const FRAME = 1 / 60;

/** A track that sounds from `from` to `to` of its seconds. */
function sounding(text: string, seconds: number, from = 0, to = seconds): Track {
  const track = trackOf(text, seconds);
  track.samples.fill(9_000, from * track.sampleRate, to * track.sampleRate);
  return track;
}

/** What was heard when, by the frames' own time. */
class Ear {
  readonly heard: { npc: string; text: string; start: number; end: number; state: string }[] = [];
  readonly said: TurnSaid[] = [];
  readonly #lines: { npc: TalkingNpc; line: Line }[] = [];

  constructor(npcs: readonly TalkingNpc[]) {
    for (const npc of npcs) npc.onLineObservable.add((line) => void this.#lines.push({ npc, line }));
  }

  /** After each frame. */
  note(seconds: number): void {
    for (const { npc, line } of this.#lines) {
      if (line.playhead === 0) continue;
      let entry = this.heard.find((each) => each.text === line.text && each.npc === npc.name);
      if (!entry) {
        entry = { npc: npc.name, text: line.text, start: seconds - line.playhead, end: 0, state: '' };
        this.heard.push(entry);
      }
      if (!line.ended) entry.end = entry.start + line.playhead;
      entry.state = line.state;
    }
  }
}

async function meet(options: Partial<Parameters<typeof open>[0]> = {}, metres = 3) {
  const opened = await open(options);
  const { parley } = opened;
  const at = (name: string, x: number, turn: number) =>
    new Actor(parley, name, new Vector3(x, 0, metres - 3), turn);
  const actors = [at('Mira', -1, Math.PI / 2), at('Tomas', 1, -Math.PI / 2)] as const;
  const [mira, tomas] = actors.map(({ npc }) => npc) as [TalkingNpc, TalkingNpc];
  const ear = new Ear([mira, tomas]);
  let seconds = 0;
  const frame = async () => {
    await opened.frame();
    seconds += FRAME;
    ear.note(seconds);
  };
  await frame();
  const frames = async (count: number) => {
    for (let index = 0; index < count; index++) await frame();
  };
  return { ...opened, actors, mira, tomas, ear, frame, frames, now: () => seconds };
}

type Meeting = Awaited<ReturnType<typeof meet>>;

async function played({ parley, mira, tomas, ear, frame }: Meeting, options: ConversationOptions) {
  const talk = parley.converse([mira, tomas], options);
  talk.onTurnObservable.add((said) => void ear.said.push(said));
  for (let index = 0; index < 2_000 && !talk.ended; index++) await frame();
  return talk.finished;
}

describe('gaps between turns', () => {
  it('are from the last sound of one to the first of the next, silence around them left out', async () => {
    const meeting = await meet();
    const { mira, tomas, ear } = meeting;
    const result = await played(meeting, {
      turns: [
        { npc: mira, say: sounding('one', 1, 0.25, 0.75) },
        { npc: tomas, say: sounding('two', 1, 0.25, 1), gap: 0.3 },
        { npc: mira, say: sounding('three', 1, 0, 0.5), gap: -0.1 },
        { npc: tomas, say: sounding('four', 0.5), gap: 0 },
      ],
    });
    expect(result).toEqual({ outcome: 'finished', turns: 4 });
    const [one, two, three, four] = ear.heard;
    expect(ear.heard.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four']);
    const gaps = [
      two!.start + 0.25 - (one!.start + 0.75),
      three!.start - (two!.start + 1),
      four!.start - (three!.start + 0.5),
    ];
    // Without sound a line begins with a frame.
    for (const [index, wanted] of [0.3, -0.1, 0].entries()) {
      expect(gaps[index]).toBeGreaterThan(wanted - 0.002);
      expect(gaps[index]).toBeLessThan(wanted + FRAME + 0.002);
    }
  });

  it('are those of people, and the same for the same seed', async () => {
    const gapsOf = async (seed: number) => {
      const meeting = await meet();
      const { mira, tomas, ear } = meeting;
      const turns = Array.from({ length: 8 }, (_, index) => ({
        npc: index % 2 === 0 ? mira : tomas,
        say: sounding(`turn ${index}`, 0.5),
      }));
      await played(meeting, { turns, seed });
      return ear.heard.slice(1).map(({ start }, index) => start - (ear.heard[index]!.start + 0.5));
    };
    const gaps = await gapsOf(3);
    for (const gap of gaps) {
      expect(gap).toBeGreaterThan(-0.102);
      expect(gap).toBeLessThan(0.52);
    }
    expect(new Set(gaps.map((gap) => Math.round(gap * 50))).size).toBeGreaterThan(3);
    const again = await gapsOf(3);
    for (const [index, gap] of gaps.entries()) expect(again[index]).toBeCloseTo(gap, 2);
    expect((await gapsOf(4)).some((gap, index) => Math.abs(gap - gaps[index]!) > 0.05)).toBe(true);
  });

  it('texts are fetched while the turn before is spoken', async () => {
    const voices = toneVoices();
    const meeting = await meet({ voices });
    const { mira, tomas, parley, frame } = meeting;
    const talk = parley.converse([mira, tomas], {
      turns: [
        { npc: mira, say: 'Did you hear the bell ringing?' },
        { npc: tomas, say: 'Twice.' },
      ],
    });
    await until(() => mira.line?.state === 'speaking', frame);
    await until(() => voices.requests.length === 2, frame);
    expect(tomas.speaking).toBe(false);
    await until(
      () => talk.ended,
      async () => {
        for (let index = 0; index < 20; index++) await frame();
      },
    );
    expect(voices.requests.map(({ text }) => text)).toEqual(['Did you hear the bell ringing?', 'Twice.']);
  });
});

describe('where turns come from', () => {
  it('a generator is asked for one turn more than is spoken, and may be slow', async () => {
    const meeting = await meet();
    const { mira, tomas, parley, frame } = meeting;
    const asked: string[] = [];
    let release = () => {};
    const written = new Promise<void>((resolve) => {
      release = resolve;
    });
    let cleaned = false;
    async function* turns(): AsyncGenerator<Turn> {
      try {
        for (const text of ['one', 'two', 'three', 'four']) {
          if (text === 'three') await written;
          asked.push(text);
          yield { npc: asked.length % 2 === 1 ? mira : tomas, say: sounding(text, 1) };
        }
      } finally {
        cleaned = true;
      }
    }
    const talk = parley.converse([mira, tomas], { turns: turns() });
    await until(() => mira.line?.state === 'speaking', frame);
    await until(() => asked.length === 2, frame);
    for (let index = 0; index < 180; index++) await frame();
    expect(asked).toEqual(['one', 'two']);
    expect(talk.ended).toBe(false);
    release();
    await until(() => mira.line?.text === 'three', frame);
    expect(cleaned).toBe(false);
    expect((await talk.stop()).outcome).toBe('stopped');
    await until(() => cleaned, frame);
  });

  it('one that throws ends the conversation with its reason', async () => {
    const meeting = await meet();
    const { mira } = meeting;
    function* turns(): Generator<Turn> {
      yield { npc: mira, say: sounding('one', 0.3) };
      throw new Error('no more ideas');
    }
    const result = await played(meeting, { turns: turns() });
    expect(result).toMatchObject({ outcome: 'failed', error: { message: 'no more ideas' } });
  });

  it('without any, what is said one by one, until the end', async () => {
    const { parley, mira, tomas, frame, frames, ear } = await meet();
    const talk = parley.converse([mira, tomas]);
    await frames(10);
    talk.say(mira, sounding('one', 0.3));
    await frames(60);
    expect([ear.heard.length, talk.ended]).toEqual([1, false]);
    talk.say(tomas, sounding('two', 0.3));
    talk.end();
    await until(() => talk.ended, frame);
    expect(await talk.finished).toEqual({ outcome: 'finished', turns: 2 });
  });

  it('a line that fails, and one whose character has left, are passed over', async () => {
    const meeting = await meet();
    const { mira, tomas, actors } = meeting;
    actors[1].root.removeBehavior(tomas);
    const result = await played(meeting, {
      turns: [
        { npc: mira, say: 'Hello.', voice: 'nobody' },
        { npc: tomas, say: sounding('gone', 0.3) },
        { npc: mira, say: sounding('here', 0.3) },
      ],
    });
    expect(result.outcome).toBe('finished');
    expect(meeting.ear.heard.map(({ text }) => text)).toEqual(['here']);
  });

  it('tells what is wrong with them', async () => {
    const { parley, mira, tomas } = await meet();
    expect(() => parley.converse([])).toThrow(/one NPC or more/);
    expect(() => parley.converse([mira], { turns: [{ npc: tomas, say: 'Hello.' }] })).toThrow(InputError);
    expect(() => parley.converse([mira], { turns: 7 as never })).toThrow(/generator/);
    expect(() => parley.converse([mira], { ifCut: 'shout' as never })).toThrow(/rest, again, drop/);
    expect(() => mira.say('Hello.', { after: { line: {} as Line, seconds: 0 } })).toThrow(/a line/);
    const talk = parley.converse([mira]);
    expect(() => talk.say(tomas, 'Hello.')).toThrow(/those who talk/);
    expect(() => talk.hold({ at: 'word' as never })).toThrow(/syllable/);
    talk.dispose();
    talk.dispose();
  });
});

describe('interruptions', () => {
  const twoTurns = ({ mira, tomas }: Meeting): Turn[] => [
    { npc: mira, say: sounding('one two three four', 4) },
    { npc: tomas, say: sounding('five six', 1), gap: 0.2 },
  ];

  it('hold() cuts it short at a syllable, and resume() goes on with the rest', async () => {
    const meeting = await meet();
    const { parley, mira, tomas, ear, frame, frames } = meeting;
    const talk = parley.converse([mira, tomas], { turns: twoTurns(meeting) });
    await until(() => (mira.line?.playhead ?? 0) > 0.7, frame);
    talk.hold();
    await until(() => !mira.speaking, frame);
    await frames(60);
    expect([mira.speaking, tomas.speaking, talk.held]).toEqual([false, false, true]);
    talk.resume();
    await until(
      () => talk.ended,
      () => frames(10),
    );
    expect(ear.heard.map(({ npc, text }) => `${npc}: ${text}`)).toEqual([
      'Mira: one two three four',
      'Mira: two three four',
      'Tomas: five six',
    ]);
  });

  it.each([
    ['again', ['one two three four', 'one two three four', 'five six']],
    ['drop', ['one two three four', 'five six']],
  ] as const)('what was cut short may be said %s', async (ifCut, expected) => {
    const meeting = await meet();
    const { parley, mira, tomas, frame, frames } = meeting;
    const talk = parley.converse([mira, tomas], { turns: twoTurns(meeting), ifCut });
    const texts: string[] = [];
    talk.onTurnObservable.add(({ line }) => void texts.push(line.text));
    await until(() => (mira.line?.playhead ?? 0) > 0.7, frame);
    talk.hold({ at: 'now' });
    talk.resume();
    await until(
      () => talk.ended,
      () => frames(10),
    );
    expect(texts).toEqual(expected);
  });

  it('held until the turn is over, nobody is cut short', async () => {
    const meeting = await meet();
    const { parley, mira, tomas, frame, frames } = meeting;
    const talk = parley.converse([mira, tomas], { turns: twoTurns(meeting) });
    await until(
      () => (mira.line?.playhead ?? 0) > 3.5,
      () => frames(5),
    ); // The answer waits with its character already.
    expect(tomas.speaking).toBe(true);
    talk.hold({ at: 'turn' });
    const line = mira.line!;
    await until(() => line.ended, frame);
    expect(line.state).toBe('finished');
    await frames(60);
    expect(tomas.speaking).toBe(false);
    talk.resume();
    await until(
      () => talk.ended,
      () => frames(10),
    );
    expect(await talk.finished).toEqual({ outcome: 'finished', turns: 2 });
  });

  it('what the game says to one of them goes first: the other falls silent, and goes on after it', async () => {
    const meeting = await meet();
    const { parley, mira, tomas, ear, frame, frames } = meeting;
    const talk = parley.converse([mira, tomas], { turns: twoTurns(meeting) });
    await until(() => (mira.line?.playhead ?? 0) > 0.7, frame);
    tomas.say(sounding('Traveller!', 1));
    await until(
      () => talk.ended,
      () => frames(10),
    );
    expect(ear.heard.map(({ npc, text }) => `${npc}: ${text}`)).toEqual([
      'Mira: one two three four',
      'Tomas: Traveller!',
      'Mira: two three four',
      'Tomas: five six',
    ]);
    const [cut, traveller, rest] = ear.heard;
    expect(cut!.end - traveller!.start).toBeLessThan(0.15);
    expect(rest!.start - traveller!.end).toBeGreaterThan(-0.12);
  });

  it('a turn that matters more by one cuts the other short; one that does not waits', async () => {
    const meeting = await meet();
    const { parley, mira, tomas, ear, frame, frames } = meeting;
    const talk = parley.converse([mira, tomas], { turns: twoTurns(meeting), ifCut: 'drop' });
    await until(() => (mira.line?.playhead ?? 0) > 0.7, frame);
    talk.say(tomas, sounding('wait', 0.5), { priority: 0.5 });
    await frames(10);
    expect(mira.line?.state).toBe('speaking');
    talk.say(tomas, sounding('Stop!', 0.5), { priority: 1 });
    await until(
      () => talk.ended,
      () => frames(10),
    );
    expect(ear.heard.map(({ text }) => text)).toEqual(['one two three four', 'Stop!', 'five six', 'wait']);
    const [one, stop] = ear.heard;
    // They overlap, by a syllable.
    expect(one!.end - stop!.start).toBeGreaterThan(-0.02);
    expect(one!.end - stop!.start).toBeLessThan(0.15);
  });

  it('a signal stops it, and it lets everything go', async () => {
    const meeting = await meet();
    const { parley, mira, tomas, frame } = meeting;
    const abort = new AbortController();
    const observers = mira.onLineObservable.observers.length;
    const talk: Conversation = parley.converse([mira, tomas], {
      turns: twoTurns(meeting),
      signal: abort.signal,
    });
    await until(() => mira.speaking, frame);
    abort.abort();
    await until(() => !mira.speaking, frame);
    expect((await talk.finished).outcome).toBe('stopped');
    expect(mira.onLineObservable.observers.length).toBe(observers);
  });
});

it(
  'whatever comes between, it ends, and every turn is said to its end, in order',
  async () => {
    const deeds = fc.array(
      fc.record({
        after: fc.integer({ min: 0, max: 50 }),
        deed: fc.constantFrom('hold', 'hold now', 'hold turn', 'resume', 'other', 'interrupting', 'stopped'),
        who: fc.integer({ min: 0, max: 1 }),
      }),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(deeds, async (given) => {
        const meeting = await meet();
        const { parley, mira, tomas, frame, frames } = meeting;
        const finished: string[] = [];
        for (const npc of [mira, tomas])
          npc.onLineObservable.add((line) => {
            void line.finished.then(({ outcome }) => outcome === 'finished' && finished.push(line.text));
          });
        const texts = ['one', 'two', 'three', 'four'];
        const talk = parley.converse([mira, tomas], {
          turns: texts.map((text, index) => ({
            npc: [mira, tomas, tomas, mira][index]!,
            say: sounding(text, 0.5),
          })),
          ifCut: 'again',
        });
        for (const { after, deed, who } of given) {
          await frames(after);
          const npc = [mira, tomas][who]!;
          if (deed === 'hold') talk.hold();
          else if (deed === 'hold now') talk.hold({ at: 'now' });
          else if (deed === 'hold turn') talk.hold({ at: 'turn' });
          else if (deed === 'resume') talk.resume();
          else if (deed === 'other') npc.say(sounding('other', 0.2));
          else if (deed === 'interrupting') npc.say(sounding('other', 0.2), { whileSpeaking: 'interrupt' });
          else void npc.stop();
        }
        talk.resume();
        for (let index = 0; index < 600 && !talk.ended; index++) await frame();
        expect(talk.ended).toBe(true);
        expect(finished.filter((text) => text !== 'other')).toEqual(texts);
        parley.dispose();
      }),
      { seed: 8, numRuns: process.env.PARLEY_LONG ? 60 : 12 },
    );
  },
  process.env.PARLEY_LONG ? 900_000 : 120_000,
);

describe('in a crowd', () => {
  it('goes on out of hearing in its time, with nothing fetched, and is joined midway', async () => {
    const voices = toneVoices();
    const director = new Director({ hearingMetres: 20 });
    const meeting = await meet({ voices, director }, 30);
    const { parley, mira, tomas, actors, frames, frame } = meeting;
    await frames(20);
    const texts: string[] = [];
    const talk = parley.converse([mira, tomas], {
      turns: [
        { npc: mira, say: 'Nobody hears what I say here.', gap: 0.2 }, // 29 letters: 1.93 s.
        { npc: tomas, say: sounding('nor what I answer', 4), gap: 0.2 },
        { npc: mira, say: 'Now they do.', gap: 0.2 },
      ],
    });
    talk.onTurnObservable.add(({ line }) => void texts.push(line.text));
    await frames(115); // 1.92 s.
    expect(texts.length).toBe(1);
    await frames(20);
    expect(texts.length).toBe(2);
    await frames(60);
    expect(voices.requests.length).toBe(0);
    for (const { root } of actors) root.position.z = 0;
    await until(() => (tomas.line?.playhead ?? 0) > 0, frame);
    expect(tomas.line!.playhead).toBeGreaterThan(0.9);
    await until(
      () => talk.ended,
      () => frames(20),
    );
    expect(voices.requests.map(({ text }) => text)).toEqual(['Now they do.']);
  });

  it('with one voice alone it goes on turn by turn', async () => {
    const meeting = await meet({ director: new Director({ voices: 1 }) });
    await meeting.frames(10);
    const { mira, tomas, ear } = meeting;
    const turns = Array.from({ length: 4 }, (_, index) => ({
      npc: index % 2 === 0 ? mira : tomas,
      say: sounding(`turn ${index}`, 0.5),
    }));
    expect((await played(meeting, { turns })).outcome).toBe('finished');
    expect(ear.heard.length).toBe(4);
  });

  it('a line of the story keeps the next turn waiting', async () => {
    const meeting = await meet({ director: new Director() });
    const { parley, mira, tomas, frame, frames, ear } = meeting;
    const elder = new Actor(parley, 'Elder', new Vector3(0, 0, 1), Math.PI);
    await frames(10);
    const talk = parley.converse([mira, tomas], {
      turns: [
        { npc: mira, say: sounding('one', 1) },
        { npc: tomas, say: sounding('two', 1), gap: 0.1 },
      ],
    });
    await frames(10);
    const story = elder.npc.say(sounding('story', 3), { priority: 1 });
    await until(() => ear.heard[0]?.state === 'finished', frame);
    expect(story.ended).toBe(false);
    await until(() => story.ended, frame);
    expect(ear.heard.length).toBe(1);
    await until(
      () => talk.ended,
      () => frames(5),
    );
    expect(ear.heard.map(({ text }) => text)).toEqual(['one', 'two']);
  });
});

describe('a line of the story that holds the chatter', () => {
  it('lets it fade, stand, and go on where it stood; what the game has paused stays so', async () => {
    const meeting = await meet({ director: new Director({ story: 'hold' }) });
    const { parley, mira, tomas, frame, frames, ear } = meeting;
    const [elder, baker] = [0, 0.5].map(
      (x, index) => new Actor(parley, `extra ${index}`, new Vector3(x, 0, 1), Math.PI),
    ) as [Actor, Actor];
    await frames(10);
    const talk = parley.converse([mira, tomas], {
      turns: [
        { npc: mira, say: sounding('one', 2) },
        { npc: tomas, say: sounding('two', 1), gap: 0.1 },
      ],
    });
    const paused = baker.npc.say(sounding('mine', 3));
    const gains: number[] = [];
    const { handleDuck } = mira;
    mira.handleDuck = (gain, glide) => {
      gains.push(gain);
      handleDuck.call(mira, gain, glide);
    };
    await until(() => (mira.line?.playhead ?? 0) > 0.3 && paused.state === 'speaking', frame);
    paused.pause();
    const story = elder.npc.say(sounding('story', 3), { priority: 1 });
    await until(() => mira.line?.state === 'paused', frame);
    expect(20 * Math.log10(gains.at(-1)!)).toBeCloseTo(-40);
    await frame();
    const stood = mira.line!.playhead;
    expect(stood).toBeLessThan(1.5);
    await until(() => story.ended, frame);
    expect(mira.line!.playhead).toBeCloseTo(stood, 2);
    expect(ear.heard.length).toBe(1);
    await until(
      () => talk.ended,
      () => frames(5),
    );
    expect(gains.at(-1)).toBe(1);
    expect(ear.heard.map(({ text, state }) => `${text} ${state}`)).toEqual(['one finished', 'two finished']);
    expect(paused.state).toBe('paused');
  });

  it('says what an option must be', () => {
    expect(() => new Director({ story: 'stop' as never })).toThrow(/one of duck, hold/);
    expect(() => new Director({ duckedBuses: [7] as never })).toThrow(/audio bus/);
    expect(() => new Director({ duckedBus: [] } as never)).toThrow(/story, duckedBuses/);
  });
});

describe('faces', () => {
  it('listeners look at the speaker most of the time, and speakers less; when it is over, they are free', async () => {
    const meeting = await meet();
    const { parley, mira, tomas, actors, frame } = meeting;
    const turns = [0, 1].map((index) => ({
      npc: index % 2 === 0 ? mira : tomas,
      say: sounding(`turn ${index}`, 13),
      gap: 0.2,
    }));
    const talk = parley.converse([mira, tomas], { turns });
    const on = { speaks: [0, 0], listens: [0, 0] };
    while (!talk.ended) {
      for (let index = 0; index < 3; index++) await frame();
      const { speaker } = talk;
      if (!speaker || speaker.line!.playhead < 1) continue;
      for (const [index, actor] of actors.entries()) {
        const other = actors[1 - index]!;
        const counts = actor.npc === speaker ? on.speaks : on.listens;
        counts[1]!++;
        if (actor.misses(other.head.getAbsolutePosition().add(new Vector3(0, 0.1, 0))) < 4) counts[0]!++;
      }
    }
    const [speaks, listens] = [on.speaks[0]! / on.speaks[1]!, on.listens[0]! / on.listens[1]!];
    expect(listens).toBeGreaterThan(0.62);
    expect(listens).toBeLessThan(0.88);
    expect(speaks).toBeGreaterThan(0.3);
    expect(speaks).toBeLessThan(0.65);
  }, 60_000);

  it('a third one looks at the next speaker a little before the last one has ended', async () => {
    const meeting = await meet();
    const { parley, mira, tomas, frame } = meeting;
    const anna = new Actor(parley, 'Anna', new Vector3(0, 0, -1.5), 0);
    const talk = parley.converse([mira, tomas, anna.npc], {
      turns: [
        { npc: mira, say: sounding('one', 3) },
        { npc: tomas, say: sounding('two', 2), gap: 0.3 },
      ],
      seed: 5,
    });
    const yaw = () => anna.head.rotationQuaternion!.toEulerAngles().y;
    await until(
      () => (mira.line?.playhead ?? 0) > 2,
      () => frame(),
    );
    const towardMira = yaw();
    await until(() => mira.line!.playhead > 2.99, frame);
    const turned = yaw();
    await until(() => (tomas.line?.playhead ?? 0) > 1, frame);
    const towardTomas = yaw();
    expect(Math.abs(towardTomas - towardMira)).toBeGreaterThan(0.3);
    // It has begun, and is not over.
    expect(Math.abs(turned - towardMira)).toBeGreaterThan(0.02);
    talk.dispose();
  });
});
