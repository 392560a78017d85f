import { expect, onTestFinished } from 'vitest';
import type { VoiceSource } from '../../src/speech/source.ts';
import { type LokutorOptions, lokutorVoices } from '../../src/voices/lokutor/lokutor-voices.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import type { Collected } from '../kit/collect.ts';
import { type Handshake, type Script, type ScriptedServer, startScripted } from '../kit/scripted-server.ts';

export async function serve(
  script: Script,
  options?: { handshake?: Handshake; port?: number },
): Promise<ScriptedServer> {
  const server = await startScripted(script, options);
  onTestFinished(() => server.close());
  return server;
}

export function voices(url: string, options: Partial<LokutorOptions> = {}): VoiceSource {
  const source = lokutorVoices({ url, openSocket: openNodeSocket, ...options });
  onTestFinished(() => source.dispose());
  return source;
}

export const ramp = Array.from({ length: 4_410 }, (_, index) => index);

/** "map" in a tenth of a second. */
export const MAP = [
  { v: 0, c: 'm', t: 0 },
  { v: 1, c: 'a', t: 0.03 },
  { v: 2, c: 'p', t: 0.07 },
  { v: 2, c: 'sil', t: 0.09 },
];

export function expectMap(line: Collected): void {
  expect(line.error).toBeUndefined();
  expect(line.samples).toEqual(ramp);
  expect(line.cues.map(({ viseme, start, end }) => [viseme, start, end])).toEqual([
    ['PP', 0, 0.03],
    ['aa', 0.03, 0.07],
    ['PP', 0.07, 0.09],
    ['sil', 0.09, 0.1],
  ]);
  expect(line.words).toEqual([{ text: 'map', start: 0, end: 0.09, from: 0, to: 3 }]);
  expect(line.types.at(-1)).toBe('end');
}
