import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../../src/gateway/stores/memory-store.ts';
import { SpeechError } from '../../../src/speech/errors.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { desk, heard } from './desk-kit.ts';

const player = { priority: 'player' } as const;

/** A purse with so many characters. */
function purse(characters: number) {
  const paid: number[] = [];
  return {
    paid,
    pay: async (wanted: number) => {
      await Promise.resolve();
      if (wanted > characters) throw SpeechError.refused('The gateway', 'it is spent.', 'busy');
      characters -= wanted;
      paid.push(wanted);
      return async () => {
        characters += wanted;
        paid.splice(paid.indexOf(wanted), 1);
      };
    },
  };
}

describe('a line that costs', () => {
  it('is paid for once, by characters as they are counted by people, and never when it is kept or joined', async () => {
    const lines = await desk({ source: toneVoices() });
    const own = purse(100);
    const [first, second] = [1, 2].map(() => lines.open({ text: 'Dear 🙂.', ...player, pay: own.pay }));
    await Promise.all([heard(first!), heard(second!)]);
    await heard(lines.open({ text: 'Dear 🙂.', ...player, pay: own.pay }));
    expect(own.paid).toEqual([7]);
  });

  it('is not asked of the source where nobody can pay, and is told so', async () => {
    const source = toneVoices();
    const lines = await desk({ source });
    const line = lines.open({ text: 'Too dear.', ...player, pay: purse(3).pay });
    expect((await heard(line)).error).toMatchObject({ code: 'refused', refusal: 'busy' });
    expect(source.requests).toHaveLength(0);
    await heard(lines.open({ text: 'Too dear.', ...player, pay: purse(9).pay }));
    expect(source.requests).toHaveLength(1);
  });

  it('is paid by the first who can, and those who cannot hear it too', async () => {
    const source = toneVoices();
    const lines = await desk({ source });
    const purses = [purse(0), purse(1), purse(50), purse(50)];
    const asked = purses.map(({ pay }) => lines.open({ text: 'For all.', ...player, pay }));
    await Promise.all(asked.map((line) => heard(line)));
    expect(purses.map(({ paid }) => paid)).toEqual([[], [], [8], []]);
    expect(source.requests).toHaveLength(1);
  });

  it.each([
    ['fails before any sound', 'nobody', 'No such voice.', 0],
    ['fails in its midst', 'F1', '!break in its midst', 19],
  ])('that %s is given back, or not', async (_, voice, text, kept) => {
    const lines = await desk({ source: toneVoices(), onError: () => {} });
    const own = purse(50);
    expect((await heard(lines.open({ text, voice, ...player, pay: own.pay }))).error).toBeDefined();
    expect(own.paid).toEqual(kept ? [kept] : []);
  });

  it('is not paid by who left before', async () => {
    const lines = await desk({ source: toneVoices() });
    const [gone, stays] = [purse(50), purse(50)];
    const left = lines.open({ text: 'Gone.', ...player, pay: gone.pay });
    const line = lines.open({ text: 'Gone.', ...player, pay: stays.pay });
    left.release();
    await heard(line);
    expect([gone.paid, stays.paid]).toEqual([[], [5]]);
  });

  it('is spoken by a gateway whose own players can pay, where those of the one that led could not', async () => {
    const store = memoryStore();
    const source = toneVoices();
    const [poor, rich] = [await desk({ source, store }), await desk({ source, store })];
    const own = purse(50);
    const refused = heard(poor.open({ text: 'Elsewhere.', ...player, pay: purse(0).pay }));
    const spoken = heard(rich.open({ text: 'Elsewhere.', ...player, pay: own.pay }));
    expect((await refused).error).toMatchObject({ code: 'refused' });
    expect((await spoken).samples.length).toBeGreaterThan(0);
    expect(own.paid).toEqual([10]);
  });
});
