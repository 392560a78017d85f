/**
 * A HeadTTS server (1.3.0) as its source has it: setup, then parts that are asked for by number and answered by what they
 * hold and their sound, by one thread or several. Query of the address: `shuffle=1` a part after the one that follows
 * it, `deltas=MS` by which ends are late (0, as its own configuration has it), `encoding=pcm` sound without a head, whatever was
 * asked, `rate=HZ` another model, `idle=S` until a silent socket is closed (20), `pace=MS` before each part, `die=N` the
 * connection breaks after N parts.
 */
import { type RawData, WebSocket } from 'ws';
import { type Fields, fields, objectIn } from './frames.ts';
import { type ServedPort, servePort } from './service-port.ts';
import { bytesOfSamples, pace, speech, standInFor } from './speech.ts';

export interface HeadTtsEmulator extends ServedPort {
  /** All that visitors sent, in order. */
  readonly asked: Fields[];
  /** Sockets that were opened so far. */
  readonly sockets: () => number;
}

/** Milliseconds by which starts are told too early. */
const DELTA_START = -10;

/** The voice of this machine that speaks for a model's. */
export const voiceOfModel = standInFor;

export async function serveHeadTts(): Promise<HeadTtsEmulator> {
  const asked: Fields[] = [];
  let sockets = 0;
  const port = await servePort({
    admit: () => undefined,
    carry(socket, { searchParams }) {
      sockets++;
      new Visitor(socket, searchParams, asked);
    },
    answer: (_, response) => void response.writeHead(404).end('Not Found'),
  });
  return { ...port, asked, sockets: () => sockets };
}

class Visitor {
  readonly #socket: WebSocket;
  readonly #query: URLSearchParams;
  readonly #setup: Fields = { voice: 'af_bella', language: 'en-us', speed: 1, audioEncoding: 'wav' };
  /** One thread: parts are made one after another. */
  #last: Promise<unknown> = Promise.resolve();
  /** What is held back, for what follows it to go first. */
  #held: (() => void) | undefined;
  #made = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: WebSocket, query: URLSearchParams, asked: Fields[]) {
    this.#socket = socket;
    this.#query = query;
    socket.on('message', (data: RawData, binary) => {
      this.#wait();
      const message = binary ? undefined : objectIn(String(data));
      if (!message) return; // It tells its own console, and nobody else.
      asked.push(message);
      this.#take(message);
    });
    socket.on('close', () => clearTimeout(this.#idle));
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#socket.close(), 1000 * Number(this.#query.get('idle') ?? 20));
  }

  #take(message: Fields): void {
    if (message.type === 'setup') {
      Object.assign(this.#setup, fields(message.data));
      return;
    }
    if (message.type !== 'synthesize') return;
    const setup = { ...this.#setup };
    const { input } = fields(message.data);
    const text = [input].flat().map(textOf).join('');
    this.#last = this.#last.then(() => this.#speak(message.id, text, setup));
  }

  async #speak(ref: unknown, text: string, setup: Fields): Promise<void> {
    await pace(Number(this.#query.get('pace') ?? 0));
    const { voice, language, speed, audioEncoding } = setup;
    if (language !== 'en-us' && language !== 'fi') {
      return this.#tell({
        type: 'error',
        ref,
        data: { error: `Error loading language module '${language}'.` },
      });
    }
    if (!/^[a-z][fm]_[a-z]+$/.test(String(voice))) {
      return this.#tell({ type: 'error', ref, data: { error: `Error loading voice '${voice}'.` } });
    }
    const rate = Number(this.#query.get('rate') ?? 24_000);
    const encoding = this.#query.get('encoding') ?? audioEncoding;
    const { samples, data } = await partOf(
      text,
      String(voice),
      rate,
      Number(speed),
      Number(this.#query.get('deltas') ?? 0),
    );
    const sound = bytesOfSamples(samples);
    const bytes = encoding === 'pcm' ? sound : Buffer.concat([headOf(sound.length, rate), sound]);
    const send = (): void => {
      if (this.#made++ === Number(this.#query.get('die') ?? -1)) this.#socket.terminate();
      if (this.#socket.readyState !== WebSocket.OPEN) return;
      this.#tell({ type: 'audio', websocket: 1, ref, data: { ...data, audioEncoding: encoding } });
      this.#socket.send(bytes);
    };
    if (this.#query.get('shuffle') !== '1') return send();
    const before = this.#held;
    this.#held = undefined;
    if (before) {
      send();
      before();
    } else {
      this.#held = send;
      setTimeout(() => {
        if (this.#held === send) this.#held = undefined;
        else return;
        send();
      }, 300);
    }
  }

  #tell(message: Fields): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

/** What an item of the input says. */
function textOf(item: unknown): string {
  return typeof item === 'string' ? item : String(fields(item).value ?? '');
}

/** A part as the model would make it: sound, and lists of what is heard in it when, milliseconds. */
async function partOf(text: string, voice: string, rate: number, speed: number, deltaEnd: number) {
  const { samples, words, phones } = await speech(text, voiceOfModel(voice), rate, speed);
  const data = {
    phonemes: [] as string[],
    words: [] as string[],
    wtimes: [] as number[],
    wdurations: [] as number[],
    visemes: [] as string[],
    vtimes: [] as number[],
    vdurations: [] as number[],
  };
  const ms = (seconds: number, delta: number): number => Math.round(seconds * 1000) + delta;
  // A word comes with all that stands before the next, the first with what stands before it too.
  for (const [index, { start, end }] of words.entries()) {
    const from = index === 0 ? 0 : words[index]!.from;
    const next = words[index + 1];
    data.words.push(text.slice(from, next?.from ?? text.length));
    data.wtimes.push(ms(start, DELTA_START));
    data.wdurations.push(ms(next?.start ?? end, deltaEnd) - ms(start, DELTA_START));
  }
  for (const { id, start, end } of phones) {
    const viseme = VISEME_OF[id];
    if (!viseme) continue;
    data.phonemes.push(id);
    data.visemes.push(viseme);
    data.vtimes.push(ms(start, DELTA_START));
    data.vdurations.push(ms(end, deltaEnd) - ms(start, DELTA_START));
  }
  return { samples, data };
}

/** ARPAbet as HeadTTS shows it: r and l alike, sh with s, diphthongs by one shape. */
const VISEME_OF: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    aa: 'aa ae ah',
    E: 'ax eh ey',
    I: 'ih iy ay oy y ix',
    O: 'ao ow',
    U: 'uh uw w aw',
    PP: 'p b m',
    FF: 'f v',
    TH: 'th dh',
    DD: 't d dx',
    kk: 'k g',
    CH: 'ch jh',
    SS: 's z sh zh',
    nn: 'n ng',
    RR: 'r er l axr',
  }).flatMap(([viseme, phones]) => phones.split(' ').map((phone) => [phone, viseme] as const)),
);

function headOf(bytes: number, rate: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  return head;
}
