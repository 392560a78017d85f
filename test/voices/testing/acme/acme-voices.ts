import { WebSocket } from 'ws';
import { InputError, SpeechError } from '../../../../src/speech/errors.ts';
import type { SpeechPart } from '../../../../src/speech/part.ts';
import type { SpeechRequest, VoiceSource } from '../../../../src/speech/source.ts';

export interface AcmeOptions {
  readonly url: string;
  readonly key: string;
  /** Seconds to wait for the connection, for the first sound after the request, and between two messages. */
  readonly timeouts?: { connect?: number; firstAudio?: number; stall?: number };
}

/** Speaks through Acme, with a socket for each line. */
export function acmeVoices({ url, key, timeouts = {} }: AcmeOptions): VoiceSource {
  if ('document' in globalThis) throw new InputError('acmeVoices', 'a gateway that holds the key', 'a page');
  const { connect = 5, firstAudio = 10, stall = 5 } = timeouts;
  const where = new URL(url).host; // All that messages tell of the address.
  const disposed = new AbortController();

  async function* speak({ text, voice }: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart> {
    if (text.trim() === '') throw new InputError('Text', 'something to say', 'nothing');
    const stop = AbortSignal.any([signal, disposed.signal]);
    if (stop.aborted) throw SpeechError.aborted();
    const line = new AcmeLine(text, where, (words) => words.replaceAll(key, '***'));
    const inbox = new Inbox();
    const cancel = () => inbox.fail(SpeechError.aborted());
    stop.addEventListener('abort', cancel);
    const socket = new WebSocket(url, { headers: { Authorization: `Bearer ${key}` } });
    socket.on('open', () => inbox.push('open'));
    socket.on('message', (data) => inbox.push(String(data)));
    socket.on('unexpected-response', (_request, { statusCode = 0 }) =>
      inbox.fail(refusal(statusCode, where)),
    );
    socket.on('error', () => inbox.fail(SpeechError.connectFailed(where)));
    socket.on('close', () => inbox.fail(SpeechError.closedEarly(where)));
    try {
      if (!(await inbox.take(connect))) throw SpeechError.connectTimeout(where, connect);
      socket.send(JSON.stringify({ text, voice }));
      const asked = performance.now();
      while (!line.over) {
        const patience = line.heard ? stall : firstAudio - (performance.now() - asked) / 1000;
        const message = await inbox.take(patience);
        if (!message) {
          throw line.heard
            ? SpeechError.stalled(where, stall)
            : SpeechError.firstAudioTimeout(where, firstAudio);
        }
        yield* line.read(message);
      }
      if (!line.heard) throw SpeechError.empty(where);
      yield { type: 'end' };
    } finally {
      stop.removeEventListener('abort', cancel);
      socket.terminate(); // Acme has no message that cancels.
    }
  }

  return {
    name: 'acme',
    home: 'node',
    timing: { origin: 'service', confidence: 1 },
    traits: {
      gives: ['visemes', 'words'],
      timesFrom: 'request',
      textIn: 'whole',
      cancel: 'closing',
      sampleRates: [16_000],
    },
    speak,
    dispose: () => disposed.abort(),
  };
}

/** Why a handshake was answered with a no. */
function refusal(status: number, where: string): SpeechError {
  if (status === 401 || status === 403) return SpeechError.refused(where, `HTTP ${status}`, 'key');
  if (status === 429 || status === 503) return SpeechError.refused(where, `HTTP ${status}`, 'busy');
  return SpeechError.connectFailed(where);
}

/** Turns the messages of one line into its parts. */
class AcmeLine {
  /** Whether there was sound, and whether the service says that the line is whole. */
  heard = false;
  over = false;
  #sampleRate = 16_000;
  /** Acme counts its times from the request; this is the moment of the first sample. */
  #zero = 0;
  /** Half a sample that waits for its other byte. */
  #rest = Buffer.alloc(0);
  /** Where to look for the next word. */
  #at = 0;

  constructor(
    readonly text: string,
    readonly where: string,
    readonly scrub: (words: string) => string,
  ) {}

  *read(message: string): Generator<SpeechPart> {
    const json = parse(message);
    if (!json) throw SpeechError.protocol(this.where, 'JSON', 'something else');
    switch (json.type) {
      case 'start':
        this.#sampleRate = json.rate;
        this.#zero = json.sound_at;
        return;
      case 'audio':
        yield* this.#audio(Buffer.from(json.data, 'base64'));
        return;
      case 'mouth': {
        const cue = {
          viseme: json.shape,
          start: json.start - this.#zero,
          end: json.end - this.#zero,
          weight: 1,
        };
        yield { type: 'cues', cues: [cue] };
        return;
      }
      case 'word': {
        const from = this.text.indexOf(json.word, this.#at);
        if (from < 0) return; // Said, but not written so.
        const to = from + json.word.length;
        this.#at = to;
        const times = { start: json.start - this.#zero, end: json.end - this.#zero };
        yield { type: 'words', words: [{ text: json.word, from, to, ...times }] };
        return;
      }
      case 'error':
        throw SpeechError.refused(this.where, this.scrub(String(json.message)));
      case 'end':
        this.over = true;
    }
  }

  *#audio(bytes: Buffer): Generator<SpeechPart> {
    const all = Buffer.concat([this.#rest, bytes]);
    const samples = new Int16Array(all.length >> 1);
    for (let nth = 0; nth < samples.length; nth++) samples[nth] = all.readInt16LE(2 * nth);
    this.#rest = all.subarray(2 * samples.length);
    if (samples.length === 0) return;
    this.heard = true;
    yield { type: 'audio', samples, sampleRate: this.#sampleRate };
  }
}

function parse(text: string) {
  try {
    const json = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Messages that came and were not read yet, and why no more will come. */
class Inbox {
  #messages: string[] = [];
  #over: SpeechError | undefined;
  #wake = () => {};

  push(message: string): void {
    this.#messages.push(message);
    this.#wake();
  }

  /** The first reason counts; a cancelled line forgets what it has not given yet. */
  fail(reason: SpeechError): void {
    if (reason.code === 'aborted') this.#messages = [];
    if (reason.code === 'aborted' || !this.#over) this.#over = reason;
    this.#wake();
  }

  /** The next message; undefined when none comes within so many seconds of waiting for it. */
  async take(seconds: number): Promise<string | undefined> {
    if (this.#messages.length === 0 && !this.#over) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(0, seconds) * 1000);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    if (this.#messages.length === 0 && this.#over) throw this.#over;
    return this.#messages.shift();
  }
}
