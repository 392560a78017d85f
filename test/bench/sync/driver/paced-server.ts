/** A speech service that speaks no faster than it is heard: the Lokutor dialect, at any rate. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { type ScriptedServer, startScripted } from '../../../kit/scripted-server.ts';
import type { CodedLine } from '../coded/coded-line.ts';

/** Sound in one message, seconds. */
export const FRAME_SECONDS = 0.02;

/** How far mouth shapes are sent ahead of their sound, seconds. */
const LETTERS_AHEAD = 1;

/** Serves `lines` by their text. */
export function startPacedAsync(lines: readonly CodedLine[]): Promise<ScriptedServer> {
  return startScripted((socket, { text }) => {
    const line = lines.find((each) => each.text === text);
    if (line) return speak(socket, line);
    socket.send(`ERR: there is no line "${text}"`);
  });
}

async function speak(socket: WebSocket, { samples, sampleRate, letters }: CodedLine): Promise<void> {
  const frame = Math.round(FRAME_SECONDS * sampleRate);
  const startMs = performance.now();
  let told = 0;
  for (let at = 0; at < samples.length && socket.readyState === socket.OPEN; at += frame) {
    const dueMs = startMs + (1000 * at) / sampleRate;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const until = at / sampleRate + LETTERS_AHEAD;
    const due = letters.slice(told).filter((letter) => letter.t < until);
    told += due.length;
    if (due.length > 0) socket.send(JSON.stringify(due));
    const part = samples.subarray(at, at + frame);
    socket.send(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
  socket.send('EOS');
}
