import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SpeechRequest } from '../../../src/speech/source.ts';
import { coverWithCues } from '../../../src/speech/track.ts';
import { ESPEAK_LANGUAGES, espeakLanguage } from '../../../src/synth/espeak/languages.ts';
import { loadEspeak } from '../../../src/synth/espeak/package.ts';
import { phonesOfEvents } from '../../../src/synth/espeak/phones.ts';
import { espeakVoices } from '../../../src/synth/espeak-voices.ts';
import { localVoices } from '../../../src/synth/local-voices.ts';
import { type Collected, collect } from '../../kit/collect.ts';
import { levelOf } from '../../kit/voice-measures.ts';

const RATE = 44_100;
const voices = espeakVoices();
const root = join(import.meta.dirname, '../../..');
afterAll(() => voices.dispose());

function speak(request: SpeechRequest, source = voices): Promise<Collected> {
  return collect(source.speak(request, new AbortController().signal));
}

/** Loudness of a stretch of sound, RMS. */
function loudness({ samples }: Collected, from: number, to: number): number {
  const stretch = samples.slice(Math.round(from * RATE), Math.round(to * RATE));
  return Math.sqrt(stretch.reduce((sum, value) => sum + value * value, 0) / stretch.length);
}

describe('a line of eSpeak NG', () => {
  it.each<[string, string, string]>([
    [
      'es',
      '¿Qué tal, viajero? El pan 🍞 todavía está caliente.',
      'Qué tal viajero El pan todavía está caliente',
    ],
    ['fr', 'Bonjour, je m’appelle Zoë — c’est chouette !', 'Bonjour je m’appelle Zoë c’est chouette'],
    ['pt-BR', 'Não há pão na mesa, amigo.', 'Não há pão na mesa amigo'],
    [
      'ko',
      '안녕하세요, 여행자님. 마을에 오신 것을 환영합니다.',
      '안녕하세요 여행자님 마을에 오신 것을 환영합니다',
    ],
    ['de', 'Ich möchte 3 Stück Käse.', 'Ich möchte 3 Stück Käse'],
    ['it', 'Buongiorno, gli gnomi <b>dormono</b>.', 'Buongiorno gli gnomi dormono'],
    ['ru', 'Здравствуй, путник.', 'Здравствуй путник'],
    ['ar', 'مرحبا بك يا مسافر', 'مرحبا بك يا مسافر'],
    ['zh', '你好，朋友。欢迎。', '你好 朋友 欢迎'],
    ['en-GB', 'Hello traveller.', 'Hello traveller'],
  ])('has its words and shapes, with their places in the text: %s', async (lang, text, expected) => {
    const line = await speak({ text, lang });
    expect(line.error).toBeUndefined();
    const seconds = line.samples.length / RATE;
    expect(line.words.map((word) => word.text).join(' ')).toBe(expected);
    let reached = 0;
    for (const { text: word, start, end, from, to } of line.words) {
      expect(text.slice(from, to)).toBe(word);
      expect(start).toBeGreaterThanOrEqual(reached - 1e-9);
      expect(end - start).toBeGreaterThan(0.03);
      reached = end;
    }
    expect(reached).toBeLessThanOrEqual(seconds);
    const cover = coverWithCues(line.cues, seconds);
    expect(cover.length).toBe(line.cues.length); // They leave no gap themselves.
    expect(cover.filter((cue) => cue.viseme === 'sil' && cue.end - cue.start < 0.02)).toEqual([]);
    for (const [index, cue] of line.cues.entries())
      expect(cue.from!).toBeGreaterThanOrEqual(line.cues[index - 1]?.from ?? 0);
    const { rms } = levelOf(Int16Array.from(line.samples), RATE);
    expect(rms).toBeGreaterThan(-25);
    expect(rms).toBeLessThan(-17);
  });

  it('has its lips closed where p, b and m are heard, and its sound there', async () => {
    const line = await speak({ text: 'Papá compra pipas. Mamá me mima.', lang: 'es' });
    const closed = line.cues.filter((cue) => cue.viseme === 'PP');
    expect(closed).toHaveLength(11);
    const stops = closed.slice(0, 4);
    for (const { start, end } of stops.filter((_, index) => index !== 0)) {
      const hold = loudness(line, start + 0.005, Math.min(end, start + 0.04));
      expect(hold).toBeLessThan(loudness(line, start - 0.07, start - 0.01) / 3);
    }
  });

  it('is slower and faster as it is asked', async () => {
    const [slow, fast] = [
      await speak({ text: 'Hola viajero', lang: 'es', speed: 0.5 }),
      await speak({ text: 'Hola viajero', lang: 'es', speed: 2 }),
    ];
    expect(slow.samples.length / fast.samples.length).toBeGreaterThan(2.2);
  });

  it('is refused in words where it cannot be', async () => {
    expect((await speak({ text: 'Hi', lang: 'xx' })).error?.message).toMatch(
      /"xx" is not spoken.*es, fr, pt-br/,
    );
    expect((await speak({ text: 'Hi', voice: 'Z1' })).error?.message).toMatch(/there is no voice "Z1"/);
    expect((await speak({ text: '👋 …', lang: 'es' })).error?.message).toMatch(/nothing in this text/);
  });

  it('comes from the local voices too, when its language is not English', async () => {
    const local = localVoices();
    const said = { text: 'Hola viajero', lang: 'es' };
    const [spanish, english] = [await speak(said, local), await speak({ text: 'Hello' }, local)];
    local.dispose();
    expect(spanish.words).toEqual((await speak(said)).words);
    expect(english.words).not.toEqual((await speak({ text: 'Hello' })).words);
  });
});

describe('languages', () => {
  it('are named as the engine takes them: it tells a wrong name by its return code alone', async () => {
    const engine = await loadEspeak();
    expect(ESPEAK_LANGUAGES.filter((name) => engine.set_voice(`${name}+f3`) !== 0)).toEqual([]);
    expect(engine.set_voice('fr-fr')).not.toBe(0);
  });

  it.each([
    ['es', 'es'],
    ['es-ES', 'es'],
    ['es_MX', 'es-419'],
    ['en', 'en-us'],
    ['en-GB', 'en'],
    ['pt-BR', 'pt-br'],
    ['pt-PT', 'pt'],
    ['fr-FR', 'fr'],
    ['zh-Hans-CN', 'cmn'],
    ['no', 'nb'],
    ['tlh', undefined],
    ['', undefined],
  ])('%s is %s', (code, name) => {
    expect(espeakLanguage(code)).toBe(name);
  });
});

describe('phones of events', () => {
  it('drop language switches and holds, split glides, and close the mouth before a stop is heard', () => {
    const event = (id: string, audio_position: number) => ({
      type: 'phoneme',
      id,
      audio_position,
      text_position: 99, // Left over from another text.
    });
    const events = [
      event('', 0),
      event('(en)', 20),
      event('ˈeʊ', 100),
      event('p', 300),
      event('', 340),
      event('a', 360),
      event('', 400),
    ];
    const phones = phonesOfEvents(events, 'ab', 0.6, 1_000);
    expect(phones.map(({ id, end }) => `${id} ${end}`)).toEqual([
      'pau 100',
      'eh 220',
      'uh 260',
      'p 360',
      'aa 400',
      'pau 600',
    ]);
  });
});

describe('without its package', () => {
  it('says how to get it and under which licence, and English goes on', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-'));
    cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true });
    cpSync(join(root, 'package.json'), join(folder, 'package.json'));
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const name of [...Object.keys(dependencies), 'tsx']) {
      mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    }
    const parley = (...args: string[]) =>
      new Promise<string>((resolve) => {
        const command = ['--import', 'tsx', 'src/cli/main.ts', 'say', ...args, '--out', 'out'];
        execFile(process.execPath, command, { cwd: folder }, (error, _out, told) =>
          resolve(`${error?.code ?? 0} ${told}`),
        );
      });
    const how = /npm i @echogarden\/espeak-ng-emscripten \(eSpeak NG, licence GPL-3\.0-or-later\)/;
    const [espeak, spanish, english] = await Promise.all([
      parley('Hola', '--source', 'espeak'),
      parley('Hola', '--source', 'local', '--lang', 'es'),
      parley('Hello', '--source', 'local'),
    ]);
    rmSync(folder, { recursive: true });
    expect(espeak).toMatch(/^2 parley: /);
    expect(espeak).toMatch(how);
    expect(spanish).toMatch(/^3 parley: .*"es" is not spoken/);
    expect(spanish).toMatch(how);
    expect(english).toBe('0 ');
  });
});
