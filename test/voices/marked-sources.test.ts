import { afterEach, describe, expect, it } from 'vitest';
import { markedVoices } from '../../src/speech/marked-voices.ts';
import type { SpeechPart } from '../../src/speech/part.ts';
import type { VoiceSource } from '../../src/speech/source.ts';
import { espeakVoices } from '../../src/synth/espeak-voices.ts';
import { localVoices } from '../../src/synth/local-voices.ts';
import { azureVoices } from '../../src/voices/azure/azure-voices.ts';
import { pollyVoices } from '../../src/voices/polly/polly-voices.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { timedVoices } from '../../src/voices/timed/timed-voices.ts';
import { trackVoices } from '../../src/voices/tracks/tracks.ts';
import { serveAzure } from '../emulators/azure.ts';
import { type Collected, collect } from '../kit/collect.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A source as `npc.say` speaks through it. */
function asSaid(source: VoiceSource): VoiceSource {
  closing.push(() => source.dispose());
  return markedVoices(source);
}

function speak(source: VoiceSource, text: string): Promise<Collected> {
  return collect(source.speak({ text, voice: 'F1', lang: 'en' }, new AbortController().signal));
}

/** What stands between the words `before` and `after`, seconds. */
function gap({ words, error }: Collected, before: string, after: string): number {
  expect(error).toBeUndefined();
  const of = (text: string) => words.find((word) => word.text === text)!;
  return of(after).start - of(before).end;
}

/** A source that speaks mark-up itself, and tells nothing but its sound; or its words too. */
function untimed(tells: { words: boolean }, asked: string[] = []): VoiceSource {
  const local = localVoices({ sampleRate: 16_000 });
  return {
    name: 'untimed',
    home: 'both',
    timing: tells.words ? { origin: 'words', confidence: 0.5 } : { origin: 'audio', confidence: 0 },
    readsMarkup: true,
    async *speak(request, signal): AsyncGenerator<SpeechPart> {
      asked.push(request.text);
      for await (const part of local.speak(request, signal))
        if (part.type !== 'cues' && (part.type !== 'words' || tells.words)) yield part;
    },
    dispose: () => local.dispose(),
  };
}

describe('mark-up on its way to sources that read it', () => {
  it.each([
    ['local', () => localVoices()],
    ['espeak', () => espeakVoices()],
    ['local, its times checked', () => timedVoices(localVoices(), { worker: false })],
    ['local, behind tracks', () => trackVoices([], { fallback: localVoices() })],
  ])('a pause is as long as it should be: %s', async (_name, open) => {
    const source = asSaid(open());
    const long = gap(await speak(source, 'Hi. <pause 2s/> You.'), 'Hi', 'You');
    expect(long).toBeGreaterThan(1.9);
    expect(long).toBeLessThan(2.2);
  });

  it.each([
    ['bare', (source: VoiceSource) => source],
    ['its times checked', (source: VoiceSource) => timedVoices(source, { worker: false })],
  ])('all of it is sent to Azure Speech, %s', async (_name, wrapped) => {
    const server = await serveAzure();
    closing.push(() => server.close());
    const azure = azureVoices({ url: server.url, apiKey: 'sk-azure-1', openSocket: openNodeSocket });
    const line = await collect(
      asSaid(wrapped(azure)).speak(
        { text: 'Hi <pause 2s/> <em>you</em>, <phoneme ph="ˈmiːɹə">Mira</phoneme>.' },
        new AbortController().signal,
      ),
    );
    expect(line.error).toBeUndefined();
    expect(server.ssml[0]).toContain('<break time="2000ms"/>');
    expect(server.ssml[0]).toContain('<emphasis level="moderate">you</emphasis>');
    expect(server.ssml[0]).toContain('ph="ˈmiːɹə"');
  });

  it('Polly has it too, its times checked or not', () => {
    for (const source of [pollyVoices({ region: 'x' }), timedVoices(pollyVoices({ region: 'x' }))]) {
      expect(asSaid(source)).toBe(source);
    }
  });

  it.each([
    ['sound alone', false],
    ['words', true],
  ])('a source of %s is given it, and its mouth is made of the words', async (_name, words) => {
    const asked: string[] = [];
    const text = 'Hello <pause 1.2s/> <em>my</em> friend, <sub alias="doctor">Dr.</sub> Who.';
    const line = await speak(asSaid(timedVoices(untimed({ words }, asked), { worker: false })), text);
    expect(asked).toEqual([text]);
    expect(line.words.map((word) => word.text)).toEqual(['Hello', 'my', 'friend', 'Dr.', 'Who']);
    for (const word of line.words) expect(text.slice(word.from, word.to)).toBe(word.text);
    expect(gap(line, 'Hello', 'my')).toBeGreaterThan(1);
    expect(gap(line, 'Hello', 'my')).toBeLessThan(1.6);
    for (const cue of line.cues.filter(({ from }) => from !== undefined))
      expect(cue.from).toBeLessThanOrEqual(text.length);
    const heard = line.cues.filter(({ viseme }) => viseme !== 'sil');
    expect(heard.length).toBeGreaterThan(10);
  });
});
