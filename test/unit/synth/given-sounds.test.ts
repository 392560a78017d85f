import { afterAll, describe, expect, it } from 'vitest';
import { readLexicon } from '../../../src/speech/lexicon.ts';
import { MnemonicWriter } from '../../../src/synth/espeak/mnemonics.ts';
import { loadEspeak } from '../../../src/synth/espeak/package.ts';
import { espeakVoices } from '../../../src/synth/espeak-voices.ts';
import { localVoices } from '../../../src/synth/local-voices.ts';
import { collect } from '../../kit/collect.ts';

const RATE = 44_100;
const lexicon = readLexicon({
  version: 1,
  words: {
    en: { Xochitl: 'ˈsoʊtʃiːl', Beaux: { arpabet: 'B OW1' }, Zoë: { say: 'Chloe' } },
    '*': { Pimba: 'ˈpimba' },
  },
});
const local = localVoices({ lexicon });
const espeak = espeakVoices({ lexicon });
afterAll(() => {
  local.dispose();
  espeak.dispose();
});

async function speak(text: string, source = local, lang?: string) {
  const line = await collect(source.speak({ text, lang }, new AbortController().signal));
  expect(line.error).toBeUndefined();
  for (const word of line.words) expect(text.slice(word.from, word.to)).toBe(word.text);
  /** Shapes of a word, by its number. */
  const shapesOf = (index: number) => {
    const { from, to } = line.words[index]!;
    const cues = line.cues.filter((cue) => cue.from! >= from && cue.from! < to && cue.viseme !== 'sil');
    return cues.map((cue) => cue.viseme).join(' ');
  };
  return { ...line, shapesOf };
}

describe('a word of the lexicon', () => {
  it.each([
    ['local voices', local],
    ['eSpeak NG', espeak],
  ])('is said by its sounds, with endings and beside plain ones: %s', async (_name, source) => {
    const line = await speak("Xochitl is here. Xochitl's Beaux, Zoë!", source);
    expect(line.words.map((word) => word.text)).toEqual([
      'Xochitl',
      'is',
      'here',
      "Xochitl's",
      'Beaux',
      'Zoë',
    ]);
    expect(line.shapesOf(0)).toBe('SS O U CH I nn');
    expect(line.shapesOf(3)).toMatch(/^SS O U CH I (nn )?SS$/); // Before z eSpeak NG gives l no time of its own.
    expect(line.shapesOf(4)).toBe('PP O U');
    expect(line.shapesOf(5)).toMatch(/^kk nn O U I$/);
  });

  it.each(['es', 'fr', 'pt', 'ko', 'de', 'it', 'ru', 'pl'])('is said so in %s', async (lang) => {
    const line = await speak('Pimba.', espeak, lang);
    expect(line.shapesOf(0)).toBe('PP I PP PP aa');
  });

  it('is said by the mark-up of its text alone, where that says so', async () => {
    const line = await speak('The <phoneme ph="ˈpuːbi">cat</phoneme> and the cat.');
    expect(line.words.map((word) => word.text)).toEqual(['The', 'cat', 'and', 'the', 'cat']);
    expect(line.shapesOf(1)).toBe('PP U PP I');
    expect(line.shapesOf(4)).toBe('kk aa DD');
  });
});

describe('mark-up in a local line', () => {
  it('makes pauses of the length asked for, before, between and after', async () => {
    const plain = await speak('Wait now.');
    const text = '<pause 0.5s/>Wait <pause 1s/>now.<pause 2s/>';
    const line = await speak(text);
    const [wait, now] = line.words;
    expect(wait!.start).toBeCloseTo(plain.words[0]!.start + 0.5, 2);
    expect(now!.start - wait!.end).toBeGreaterThan(0.99);
    expect(now!.start - wait!.end).toBeLessThan(1.1);
    expect(line.samples.length / RATE - now!.end).toBeCloseTo(2, 2);
    const silence = line.samples.slice(
      Math.round((wait!.end + 0.1) * RATE),
      Math.round((now!.start - 0.1) * RATE),
    );
    expect(Math.max(...silence.map(Math.abs))).toBeLessThan(300);
  });

  it('makes words with weight louder, and nothing else', async () => {
    const plain = await speak('Take the other road now.');
    for (const [tag, gain] of [
      ['<strong>', 1.5],
      ['<em>', 1.26],
      ['<emphasis reduced>', 0.7],
    ] as const) {
      const line = await speak(
        `Take the ${tag}other${tag.replace('<', '</').replace(' reduced', '')} road now.`,
      );
      expect(line.samples.length).toBe(plain.samples.length);
      const gainAt = (index: number) => {
        const { start, end } = plain.words[index]!;
        const power = (samples: readonly number[]) =>
          samples
            .slice(Math.round((start + 0.03) * RATE), Math.round((end - 0.03) * RATE))
            .reduce((sum, sample) => sum + sample * sample, 0);
        return Math.sqrt(power(line.samples) / power(plain.samples));
      };
      expect([0, 2, 4].map((index) => gainAt(index).toFixed(2))).toEqual(['1.00', gain.toFixed(2), '1.00']);
    }
  });

  it('spells what is to be spelled', async () => {
    const [spelled, said] = [await speak('<say-as digits>1984</say-as>'), await speak('1984')];
    expect(spelled.words.map((word) => word.text)).toEqual(['1984']);
    expect(spelled.shapesOf(0)).not.toBe(said.shapesOf(0));
  });
});

describe('MnemonicWriter', () => {
  it('writes what the engine says back as it was, for each language as far as it has the sounds', async () => {
    const engine = await loadEspeak();
    const writer = new MnemonicWriter(engine);
    const heard = (written: string) => {
      let ipa = '';
      engine.synthesize(`[[${written}]]`, (_samples, events) => {
        for (const { type, id } of events) if (type === 'phoneme') ipa += id;
        return false;
      });
      return ipa.normalize('NFD');
    };
    for (const [lang, ipa] of [
      ['en-us', 'ˈtʃɑːkəz'],
      ['en-us', 'ʃˈæmpuː'],
      ['es', 'paɾˈaβla'],
      ['fr', 'bɔ̃ʒˈuʁ'],
      ['de', 'mˈœçtə'],
      ['it', 'ɲˈɔka'],
      ['pt-br', 'pˈaʎa'],
    ] as const) {
      engine.set_voice(`${lang}+f3`);
      const expected = ipa.normalize('NFD').replace(/[ˈˌ]/g, '');
      expect(heard(writer.write(ipa, lang)).replace(/[ˈˌ]/g, '')).toBe(expected);
    }
    expect(writer.write('!', 'en-us')).toBe('');
  });
});
