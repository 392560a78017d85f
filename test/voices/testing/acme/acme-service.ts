/** A small speech service: one JSON message asks for a line, or several that have `more` to follow; several answer it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { acmeSpeech } from './acme-speech.ts';

/** Seconds of sound in a message, and bytes of one with `odd=1`. */
const CHUNK = 0.1;
const ODD = 999;

/** From the request, from which times count, to the first sample, seconds. */
const SOUND_AT = 0.25;

/** `odd=1`, `order=late`, `end=none` and `rate=HZ` in its address make it answer otherwise. */
export async function serveAcme(): Promise<{ url: string; close(): Promise<void> }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (socket, { url }) => {
    const query = new URL(url!, 'ws://acme').searchParams;
    socket.on('error', () => {});
    let text = '';
    socket.on('message', (data) => {
      const asked = JSON.parse(String(data));
      text += String(asked.text);
      if (asked.more) return;
      const whole = text;
      text = '';
      for (const message of answer(whole, query)) {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
      }
    });
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/speak`,
    async close() {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function* answer(text: string, query: URLSearchParams): Generator<object> {
  const rate = Number(query.get('rate') ?? 16_000);
  const late = query.get('order') === 'late';
  const { samples, cues, words } = acmeSpeech(text, rate);
  const bytes = Buffer.from(samples.buffer);
  const length = query.has('odd') ? ODD : 2 * Math.round(CHUNK * rate);
  const marks = [
    ...cues.map(({ viseme, start, end }) => ({ type: 'mouth', shape: viseme, start, end })),
    ...words.map(({ text: word, start, end }) => ({ type: 'word', word, start, end })),
  ].sort((one, other) => one.start - other.start);
  yield { type: 'start', rate, sound_at: SOUND_AT };
  for (let at = 0; at < bytes.length; at += length) {
    const until = (at + length) / 2 / rate;
    const due = marks.splice(0, marks.filter(({ start }) => start < until).length);
    const times = due.map((mark) => ({ ...mark, start: mark.start + SOUND_AT, end: mark.end + SOUND_AT }));
    if (!late) yield* times;
    yield { type: 'audio', data: bytes.subarray(at, at + length).toString('base64') };
    if (late) yield* times;
  }
  if (query.get('end') !== 'none') yield { type: 'end' };
}
