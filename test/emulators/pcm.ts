/**
 * A server of raw sound as somebody might have written it: over WebSocket and over HTTP, each line asked for by JSON with
 * a `text`. Query of the address: `encoding=`, `rate=` and `channels=` of the sound, `wav=1` the head of a WAV file before
 * it (`wav=open`: with its length left open, `wav=more`: with a chunk after the samples), `odd=1` tears samples apart, `end=WORD`
 * says so at the end (`end=none`: says and does nothing), `die=N` breaks off after N pieces, `key=K` asks for a bearer.
 */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import { type Fields, objectIn } from './frames.ts';
import { type ServedPort, servePort } from './service-port.ts';
import { pace, piecesOfBytes, sayable, speech, standInFor } from './speech.ts';

export interface PcmEmulator extends ServedPort {
  /** The same over HTTP. */
  readonly http: string;
  /** What was asked for. */
  readonly asked: Fields[];
  /** WebSockets that were opened so far. */
  readonly sockets: () => number;
}

const PIECE_BYTES = 1_920;

/** `end`: what ends a line over a WebSocket where the address does not say. */
export async function servePcm({ end = 'close' } = {}): Promise<PcmEmulator> {
  const asked: Fields[] = [];
  let opened = 0;
  const port = await servePort({
    admit: (request, url) =>
      admitted(request, url.searchParams) ? undefined : { status: 401, body: { message: 'Who are you?' } },
    carry(socket, { searchParams }) {
      opened++;
      socket.on('message', (data) => {
        const ask = objectIn(String(data));
        asked.push(ask ?? {});
        void tell(socket, ask, searchParams, searchParams.get('end') ?? end);
      });
    },
    answer: (request, response) => void answer(request, response, asked),
  });
  const url = `${port.url}/speak`;
  return { ...port, url, http: url.replace('ws', 'http'), asked, sockets: () => opened };
}

async function tell(
  socket: WebSocket,
  ask: Fields | undefined,
  query: URLSearchParams,
  end: string,
): Promise<void> {
  if (typeof ask?.text !== 'string') return socket.close(1008, 'A text is wanted.');
  if (!sayable(ask.text)) return socket.send('ERROR nothing to say');
  let left = Number(query.get('die') ?? Number.POSITIVE_INFINITY);
  for (const piece of await soundOf(ask, query)) {
    if (left-- === 0) return socket.terminate();
    socket.send(piece);
  }
  if (end === 'close') socket.close(1000);
  else if (end !== 'none') socket.send(end);
}

async function answer(request: IncomingMessage, response: ServerResponse, asked: Fields[]): Promise<void> {
  const query = new URL(request.url ?? '/', 'http://server').searchParams;
  if (!admitted(request, query)) return void response.writeHead(401).end('Who are you?');
  const ask = request.method === 'POST' ? objectIn(await bodyOf(request)) : { text: query.get('text') };
  if (typeof ask?.text !== 'string' || !sayable(ask.text))
    return void response.writeHead(400).end('No text.');
  asked.push(ask);
  const pieces = await soundOf(ask, query);
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  let left = Number(query.get('die') ?? Number.POSITIVE_INFINITY);
  for (const piece of pieces) {
    if (left-- === 0) {
      await pace(20); // What was written is on its way.
      return void response.destroy();
    }
    if (response.destroyed) return;
    if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  if (query.get('end') !== 'none') response.end();
}

function admitted({ headers }: IncomingMessage, query: URLSearchParams): boolean {
  const key = query.get('key');
  return key === null || headers.authorization === `Bearer ${key}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request) body += String(piece);
  return body;
}

/** The sound of a line as it goes over the wire. */
async function soundOf(ask: Fields, query: URLSearchParams): Promise<Buffer[]> {
  const rate = Number(query.get('rate') ?? 24_000);
  const channels = Number(query.get('channels') ?? 1);
  const encoding = query.get('encoding') ?? 's16le';
  const { samples } = await speech(String(ask.text), voiceOf(ask), rate, Number(ask.speed ?? 1));
  const data = encoded(samples, encoding, channels);
  const wav = query.get('wav');
  const whole =
    wav === null ? data : Buffer.concat([headOf(data.length, rate, channels, encoding, wav), data]);
  const sent = wav === 'more' ? Buffer.concat([whole, Buffer.from('LIST\u0004\0\0\0abcd')]) : whole;
  return piecesOfBytes(sent, PIECE_BYTES, query.get('odd') === '1');
}

export function voiceOf(ask: Record<string, unknown>): string {
  return standInFor(String(ask.voice ?? 'anybody'));
}

const BITS: Readonly<Record<string, number>> = { s16le: 16, f32le: 32, mulaw: 8, alaw: 8 };

function encoded(samples: Int16Array, encoding: string, channels: number): Buffer {
  const size = BITS[encoding]! / 8;
  const bytes = Buffer.alloc(samples.length * size * channels);
  let at = 0;
  for (const sample of samples) {
    for (let channel = 0; channel < channels; channel++, at += size) {
      if (encoding === 's16le') bytes.writeInt16LE(sample, at);
      else if (encoding === 'f32le') bytes.writeFloatLE(sample / 32_768, at);
      else bytes.writeUInt8(encoding === 'mulaw' ? muLaw(sample) : aLaw(sample), at);
    }
  }
  return bytes;
}

/** ITU-T G.711, as its reference code has it. */
function muLaw(sample: number): number {
  const size = Math.min(Math.abs(sample), 32_635) + 132;
  const segment = Math.floor(Math.log2(size)) - 7;
  const code = (sample < 0 ? 0x80 : 0) | (segment << 4) | ((size >> (segment + 3)) & 0x0f);
  return ~code & 0xff;
}

function aLaw(sample: number): number {
  const size = sample < 0 ? -sample - 1 : sample;
  const segment = size < 256 ? 0 : Math.floor(Math.log2(size)) - 7;
  const step = segment === 0 ? size >> 4 : (size >> (segment + 3)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | step) ^ 0x55;
}

function headOf(bytes: number, rate: number, channels: number, encoding: string, wav: string): Buffer {
  const bits = BITS[encoding]!;
  const head = Buffer.alloc(44);
  const length = wav === 'open' ? 0xffffffff : bytes;
  head.write('RIFF');
  head.writeUInt32LE(wav === 'open' ? 0xffffffff : 36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE({ s16le: 1, f32le: 3, alaw: 6, mulaw: 7 }[encoding]!, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE((rate * channels * bits) / 8, 28);
  head.writeUInt16LE((channels * bits) / 8, 32);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36);
  head.writeUInt32LE(length, 40);
  return head;
}
