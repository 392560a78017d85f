import { onTestFinished } from 'vitest';
import type { VoiceSource } from '../../src/speech/source.ts';
import { type LightningOptions, lightningVoices } from '../../src/voices/lightning/lightning-voices.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import {
  rampBytes,
  type Script,
  type ScriptedOptions,
  type ScriptedServer,
  startScripted,
} from '../kit/scripted-server.ts';

export const V2 = '/waves/v1/lightning-v2/get_speech/stream';
export const V3 = '/waves/v1/tts/live';

export async function serve(script: Script, options: ScriptedOptions = {}): Promise<ScriptedServer> {
  const server = await startScripted(script, { path: V3, ...options });
  onTestFinished(() => server.close());
  return server;
}

export function voices(url: string, options: Partial<LightningOptions> = {}): VoiceSource {
  const source = lightningVoices({ url, openSocket: openNodeSocket, ...options });
  onTestFinished(() => source.dispose());
  return source;
}

export const chunk = (samples: number, first = 0, id = 'r1') =>
  JSON.stringify({
    session_id: 's',
    request_id: id,
    status: 'chunk',
    data: { audio: rampBytes(samples, first).toString('base64') },
  });

export const word = (text: string, start: number, end: number, id = 'r1', nth = 0) =>
  JSON.stringify({ request_id: id, status: 'word_timestamp', data: { id: nth, word: text, start, end } });

export const complete = JSON.stringify({ session_id: 's', request_id: 'r1', status: 'complete' });

/** A tenth of a second, once all of the text has come. */
export const line: Script = (socket, request) => {
  if (request.continue) return;
  socket.send(chunk(2_400));
  socket.send(complete);
};

export const ramp = (count: number) => Array.from({ length: count }, (_, index) => index);
