import type { WebSocket } from 'ws';
import { FPS, shapesAt } from './face.ts';
import { type Said, VOICES } from './said.ts';
import { type AskedSsml, readSsml, SsmlError } from './ssml.ts';

const STANDARD =
  'Starting September 1st, 2021 standard voices will no longer be supported for new users. Please use n';
const THROTTLED =
  'The request is throttled because you have exceeded the concurrent request limit allowed for your sub';

/** How the service ends a line that it does not speak, by the name of the variant. */
const CLOSES: Readonly<Record<string, readonly [code: number, reason: string]>> = {
  throttled: [4429, THROTTLED],
  'throttled-1007': [1007, 'Throttled due to too many requests'],
  quota: [1007, 'Quota exceeded.'],
  broken: [1011, 'Internal server error. serviceTimeout'],
  idle: [1000, 'Exceeded maximum websocket connection idle duration(> 300000ms)'],
};

/** Sound in one message, seconds. */
const PIECE_SECONDS = 0.1;

/** Most characters of one piece of an animation. */
const CHUNK = 2_000;

/** Visemes whose frames go out together. */
const GROUP = 6;

const ticks = (seconds: number) => Math.round(seconds * 10_000_000);

/** Speaks a line. */
export type Voice = (asked: AskedSsml, sampleRate: number) => Promise<Said>;

/** One socket: a turn at a time. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #query: URLSearchParams;
  readonly #voice: Voice;
  #configured = false;
  /** What is wanted of the next request, by its name. */
  #context: { request: string; rate: number; options: Record<string, unknown> } | undefined;
  #turn: { request: string; stopped: boolean } | undefined;

  constructor(socket: WebSocket, query: URLSearchParams, voice: Voice) {
    this.#socket = socket;
    this.#query = query;
    this.#voice = voice;
  }

  take(message: string): void {
    const [, head = '', body = ''] = /^(.*?)\r\n\r\n(.*)$/s.exec(message) ?? [];
    const headers = Object.fromEntries(
      head.split('\r\n').map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const request = headers['x-requestid'] ?? '';
    if (!/^[0-9a-f]{32}$/i.test(request) || Number.isNaN(Date.parse(headers['x-timestamp'] ?? ''))) {
      this.#refuse(1002, 'Invalid message headers');
      return;
    }
    const path = headers.path ?? '';
    const type = path === 'ssml' ? 'application/ssml+xml' : 'application/json';
    if (headers['content-type'] !== type) this.#refuse(1002, `Expected Content-Type ${type}`);
    else if (path === 'speech.config')
      this.#configured = JSON.parse(body).context?.system?.name !== undefined;
    else if (path === 'synthesis.context') this.#setContext(request, body);
    else if (path === 'synthesis.control') this.#control(request, body);
    else if (path === 'ssml') this.#begin(request, body);
    else this.#refuse(1002, 'Unknown path');
  }

  #setContext(request: string, body: string): void {
    const { outputFormat = '', metadataOptions = {} } = JSON.parse(body).synthesis?.audio ?? {};
    const rate = /^raw-(16|24|48)khz-16bit-mono-pcm$/.exec(outputFormat)?.[1];
    if (!rate) this.#refuse(1007, 'Unsupported output format.');
    else this.#context = { request, rate: Number(rate) * 1000, options: metadataOptions };
  }

  #control(request: string, body: string): void {
    if (JSON.parse(body).action !== 'stop' || this.#query.get('stop') === 'deaf') return;
    if (this.#turn?.request === request) this.#turn.stopped = true;
  }

  #begin(request: string, ssml: string): void {
    const context = this.#context;
    const asked = this.#read(request, ssml);
    if (typeof asked === 'string' || !context) {
      this.#refuse(1007, String(asked));
      return;
    }
    this.#turn = { request, stopped: false };
    this.#speak(asked, context.rate, context.options).catch((error: unknown) => {
      const words = error instanceof Error ? error.message : String(error);
      this.#refuse(1011, `Internal server error: ${words}`.slice(0, 120));
    });
  }

  /** What is asked for, or what is wrong with it. */
  #read(request: string, ssml: string): AskedSsml | string {
    if (!this.#configured) return 'speech.config is missing';
    if (this.#context?.request !== request) return 'synthesis.context is missing';
    if (this.#turn) return 'Another turn has not ended';
    try {
      const asked = readSsml(ssml);
      if (!asked.voice.endsWith('Neural')) return STANDARD;
      return Object.hasOwn(VOICES, asked.voice) ? asked : `Unsupported voice ${asked.voice}.`;
    } catch (error) {
      if (error instanceof SsmlError) return error.message;
      throw error;
    }
  }

  async #speak(asked: AskedSsml, sampleRate: number, options: Record<string, unknown>): Promise<void> {
    const turn = this.#turn!;
    const streamId = turn.request.split('').reverse().join('');
    const serviceTag = turn.request.toLowerCase();
    this.#send('turn.start', { context: { serviceTag } });
    this.#send('response', { context: { serviceTag }, audio: { type: 'inline', streamId } });
    const line = await this.#voice(asked, sampleRate);
    const marks = this.#marksOf(line, asked, options);
    const late = this.#query.get('order') === 'late';
    const odd = this.#query.get('odd') !== null;
    const bytes = Buffer.from(line.samples.buffer, line.samples.byteOffset, line.samples.byteLength);
    const piece = odd ? 777 : Math.round(PIECE_SECONDS * sampleRate) * 2;
    const pace = Number(this.#query.get('pace') ?? Number.POSITIVE_INFINITY);
    const after = Number(this.#query.get('after') ?? 0);
    const close = CLOSES[this.#query.get('close') ?? ''];
    let sent = 0;
    for (let at = 0; at < bytes.length && !turn.stopped; at += piece) {
      if (close && sent++ >= after) {
        this.#refuse(...close);
        return;
      }
      const heard = (at + (late ? 0 : piece * 3)) / 2 / sampleRate;
      while (marks[0] && marks[0].at <= heard)
        this.#send('audio.metadata', { Metadata: marks.shift()!.list });
      this.#sendAudio(streamId, bytes.subarray(at, at + piece));
      const waitMs = pace < 1_000 ? (piece / 2 / sampleRate / pace) * 1000 : 0;
      await new Promise((resolve) => (waitMs > 0 ? setTimeout(resolve, waitMs) : setImmediate(resolve)));
    }
    if (!turn.stopped) {
      for (const { list } of marks) this.#send('audio.metadata', { Metadata: list });
      if (this.#query.get('end') === 'none') return;
      this.#sendAudio(streamId, Buffer.alloc(0));
      const Offset = ticks(line.samples.length / sampleRate);
      this.#send('audio.metadata', { Metadata: [{ Type: 'SessionEnd', Data: { Offset } }] });
    }
    this.#send('turn.end', {});
    this.#turn = undefined;
  }

  /** Everything told of a line, by the moment that it is told for. */
  #marksOf(
    { words, visemes, duration }: Said,
    asked: AskedSsml,
    options: Record<string, unknown>,
  ): { at: number; list: unknown[] }[] {
    const marks: { at: number; list: unknown[] }[] = [];
    if (options.wordBoundaryEnabled) {
      for (const { text, start, end } of words) {
        const Text = this.#query.get('words') === 'plain' ? plainOf(text) : text;
        const Data = {
          Offset: ticks(start),
          Duration: ticks(end) - ticks(start),
          text: { Text, Length: Text.length, BoundaryType: 'WordBoundary' },
        };
        marks.push({ at: start, list: [{ Type: 'WordBoundary', Data }] });
      }
    }
    if (options.visemeEnabled) {
      let frame = 0;
      const groups = asked.face && this.#query.get('face') === 'groups';
      for (const [index, { id, start }] of visemes.entries()) {
        if (groups && index % GROUP > 0) continue;
        const Data = { Offset: ticks(start), VisemeId: id };
        const group = asked.face && index % GROUP === 0;
        const until = visemes[index + GROUP]?.start ?? duration;
        const frames: number[][] = [];
        const FrameIndex = frame;
        if (group)
          for (; frame < Math.ceil(until * FPS); frame++) frames.push(shapesAt(visemes, frame / FPS));
        const json = frames.length > 0 ? JSON.stringify({ FrameIndex, BlendShapes: frames }) : '';
        const chunks = json.match(new RegExp(`.{1,${CHUNK}}`, 'g')) ?? [];
        for (const AnimationChunk of chunks.slice(0, -1)) {
          marks.push({
            at: start,
            list: [{ Type: 'Viseme', Data: { ...Data, AnimationChunk, IsLastAnimation: false } }],
          });
        }
        const last = chunks.at(-1);
        const whole = { ...Data, ...(last !== undefined && { AnimationChunk: last }), IsLastAnimation: true };
        marks.push({ at: start, list: [{ Type: 'Viseme', Data: whole }] });
      }
    }
    return marks.sort((a, b) => a.at - b.at);
  }

  #send(path: string, body: unknown): void {
    const head = `X-RequestId:${this.#turn?.request}\r\nContent-Type:application/json; charset=utf-8\r\nPath:${path}`;
    if (this.#socket.readyState === this.#socket.OPEN)
      this.#socket.send(`${head}\r\n\r\n${JSON.stringify(body)}`);
  }

  #sendAudio(stream: string, bytes: Buffer): void {
    const type = bytes.length > 0 ? 'Content-Type:audio/x-wav\r\n' : '';
    const head = Buffer.from(
      `X-RequestId:${this.#turn?.request}\r\n${type}X-StreamId:${stream}\r\nPath:audio\r\n`,
    );
    const length = Buffer.alloc(2);
    length.writeInt16BE(head.length);
    if (this.#socket.readyState === this.#socket.OPEN)
      this.#socket.send(Buffer.concat([length, head, bytes]));
  }

  #refuse(code: number, reason: string): void {
    this.#turn = undefined;
    this.#socket.close(code, reason);
  }
}

function plainOf(text: string): string {
  const bare = text.replace(/<[^>]*>/g, '');
  return bare
    .replaceAll('&apos;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}
