import sdk from 'microsoft-cognitiveservices-speech-sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FliteSynth } from '../../src/synth/flite/flite-synth.ts';
import { nodeFlite } from '../../src/synth/flite/node-flite.ts';
import { FPS, shapesAt } from '../emulators/azure/face.ts';
import { said } from '../emulators/azure/said.ts';
import { readSsml } from '../emulators/azure/ssml.ts';
import { serveAzure } from '../emulators/azure.ts';

/** The vendor's own client, and all that it tells of a line. */
async function clientOf(key = 'sk-1') {
  const server = await serveAzure();
  onTestFinished(() => server.close());
  const config = sdk.SpeechConfig.fromHost(new URL(new URL(server.url).origin.replace('http', 'ws')), key);
  config.speechSynthesisVoiceName = 'en-US-JennyNeural';
  config.speechSynthesisOutputFormat = sdk.SpeechSynthesisOutputFormat.Raw16Khz16BitMonoPcm;
  const synthesizer = new sdk.SpeechSynthesizer(config, null as never);
  onTestFinished(() => new Promise<void>((done) => synthesizer.close(done, () => done())));
  const words: { text: string; offset: number; duration: number; at: number; kind: string }[] = [];
  const visemes: { id: number; offset: number; animation: string }[] = [];
  synthesizer.wordBoundary = (_, event) => {
    const { text, audioOffset, duration, textOffset, boundaryType } = event;
    words.push({ text, offset: audioOffset, duration, at: textOffset, kind: boundaryType });
  };
  synthesizer.visemeReceived = (_, { visemeId, audioOffset, animation }) => {
    visemes.push({ id: visemeId, offset: audioOffset, animation });
  };
  return { server, synthesizer, words, visemes };
}

const speak = (synthesizer: sdk.SpeechSynthesizer, ssml: string) =>
  new Promise<sdk.SpeechSynthesisResult>((resolve, reject) =>
    synthesizer.speakSsmlAsync(ssml, resolve, reject),
  );

function ssmlOf(inner: string, voice = 'en-US-JennyNeural'): string {
  return `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xmlns:mstts="http://www.w3.org/2001/mstts" xml:lang="en-US"><voice name="${voice}">${inner}</voice></speak>`;
}

describe('the vendor’s own client at the emulator of Azure Speech', () => {
  it('gets whole sound, words at their places and visemes in time, line after line', async () => {
    const { server, synthesizer, words, visemes } = await clientOf();
    const synth = new FliteSynth(nodeFlite());
    onTestFinished(() => synth.dispose());
    for (const ssml of [
      ssmlOf('Bob paid my home bill.'),
      ssmlOf('Tom &amp; Pam <break time="200ms"/> hope so.'),
    ]) {
      words.length = 0;
      visemes.length = 0;
      const result = await speak(synthesizer, ssml);
      expect(result.reason).toBe(sdk.ResultReason.SynthesizingAudioCompleted);
      const made = await said(synth, readSsml(ssml), 16_000);
      expect([...new Int16Array(result.audioData)]).toEqual([...made.samples]);
      expect(result.audioDuration).toBe(Math.round(made.duration * 1e7));
      expect(words.map(({ text }) => text)).toEqual(made.words.map(({ text }) => text));
      for (const [index, { text, offset, duration, at, kind }] of words.entries()) {
        const { start, end } = made.words[index]!;
        expect(ssml.slice(at, at + text.length)).toBe(text);
        expect(kind).toBe('WordBoundary');
        expect([offset / 1e7, (offset + duration) / 1e7]).toEqual([
          expect.closeTo(start, 5),
          expect.closeTo(end, 5),
        ]);
      }
      expect(visemes.map(({ id, offset }) => [id, offset])).toEqual(
        made.visemes.map(({ id, start }) => [id, Math.round(start * 1e7)]),
      );
    }
    expect(server.opened).toBe(1);
  });

  it('gets the frames of the face, put together from their pieces', async () => {
    const { synthesizer, visemes } = await clientOf();
    const synth = new FliteSynth(nodeFlite());
    onTestFinished(() => synth.dispose());
    const ssml = ssmlOf('<mstts:viseme type="FacialExpression"/>Bob paid my home bill.');
    const result = await speak(synthesizer, ssml);
    const made = await said(synth, readSsml(ssml), 16_000);
    const groups = visemes
      .filter(({ animation }) => animation !== '')
      .map(({ animation }) => JSON.parse(animation));
    let frame = 0;
    for (const { FrameIndex, BlendShapes } of groups) {
      expect(FrameIndex).toBe(frame);
      for (const shapes of BlendShapes) expect(shapes).toEqual(shapesAt(made.visemes, frame++ / FPS));
    }
    expect(frame).toBe(Math.ceil((result.audioDuration / 1e7) * FPS));
  });

  it('is told no as the service says it', async () => {
    const retired = await speak((await clientOf()).synthesizer, ssmlOf('Hi', 'en-US-AriaRUS'));
    expect(retired.reason).toBe(sdk.ResultReason.Canceled);
    expect(retired.errorDetails).toMatch(/standard voices will no longer be supported.*1007/);
    const broken = await speak((await clientOf()).synthesizer, '<speak>Hi');
    expect(broken.errorDetails).toMatch(/SSML is invalid.*1007/);
    await expect(speak((await clientOf('bad-key')).synthesizer, ssmlOf('Hi'))).resolves.toMatchObject({
      errorDetails: expect.stringMatching(/401/),
    });
  });
});
