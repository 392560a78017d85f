import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeWav } from '../../../src/pcm/wav.ts';
import { loadRecordingAsync, spokenFile } from '../../../src/voices/file/index.ts';
import { until } from '../waiting.ts';
import { Caller, Studio, spoken } from './studio.ts';

const TEXT = 'Papa bought a map of the farm.';

let speech: Int16Array<ArrayBuffer>;
/** The same as a browser packs it: WebM with Opus. */
let packed: Blob;

beforeAll(async () => {
  speech = await spoken(TEXT);
  const caller = new Caller();
  const recorder = new MediaRecorder(caller.stream, { mimeType: 'audio/webm;codecs=opus' });
  const pieces: Blob[] = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const done = new Promise((resolve) => {
    recorder.onstop = resolve;
  });
  recorder.start();
  await caller.say(speech);
  recorder.stop();
  await done;
  packed = new Blob(pieces);
  await caller.dispose();
});
afterAll(() => speech.fill(0));

it('decodes what the browser does, and finds the words in it', async () => {
  const track = await loadRecordingAsync({ audio: packed, text: TEXT });
  expect(track.sampleRate).toBe(48_000);
  expect(Math.abs(track.duration - speech.length / 44_100)).toBeLessThan(0.5);
  expect(track.words.map(({ text }) => text)).toEqual(TEXT.replace('.', '').split(' '));
  expect(track.cues.filter(({ viseme }) => viseme === 'PP').length).toBeGreaterThan(3);
});

it('takes what a page has decoded, also at a rate that no line has', async () => {
  const context = new OfflineAudioContext(1, 1, 96_000);
  const buffer = await context.decodeAudioData(
    encodeWav({ samples: speech, sampleRate: 44_100 }).buffer as ArrayBuffer,
  );
  expect(buffer.sampleRate).toBe(96_000);
  const track = await loadRecordingAsync({ audio: buffer, text: TEXT });
  expect(track.sampleRate).toBe(48_000);
  expect(track.duration).toBeCloseTo(speech.length / 44_100, 2);
  const fast = await loadRecordingAsync({ audio: encodeWav({ samples: speech, sampleRate: 96_000 }) });
  expect(fast.sampleRate).toBe(48_000);
});

it('tells what it cannot decode', async () => {
  const audio = new TextEncoder().encode('OggS, or so it says');
  await expect(loadRecordingAsync({ audio })).rejects.toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('that this browser can decode'),
  });
});

it('is said by a character, with its mouth', async () => {
  const studio = await Studio.open();
  const line = studio.npc.say(spokenFile({ audio: packed, text: TEXT }));
  const words: string[] = [];
  line.onWordObservable.add(({ text }) => words.push(text));
  await until(() => studio.mouth > 0.3);
  expect((await line.finished).outcome).toBe('finished');
  expect(words.join(' ')).toBe(TEXT.replace('.', ''));
  await until(() => studio.mouth === 0);
  await studio.dispose();
});
