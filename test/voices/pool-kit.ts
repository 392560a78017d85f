/** Scripted Lightning services, and pools over them. */
import { onTestFinished } from 'vitest';
import type { VoiceSource } from '../../src/speech/source.ts';
import { lightningVoices } from '../../src/voices/lightning/lightning-voices.ts';
import { type PooledVoices, type PoolOptions, poolVoices } from '../../src/voices/pool/pool.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { type Collected, collect } from '../kit/collect.ts';
import {
  rampBytes,
  type Script,
  type ScriptedOptions,
  type ScriptedServer,
  startScripted,
} from '../kit/scripted-server.ts';

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
export const { signal } = new AbortController();

export async function serve(script: Script, options: ScriptedOptions = {}): Promise<ScriptedServer> {
  const server = await startScripted(script, { path: '/waves/v1/tts/live', ...options });
  onTestFinished(() => server.close());
  return server;
}

export function lightning(url: string): VoiceSource {
  return lightningVoices({
    url,
    openSocket: openNodeSocket,
    timeouts: { connect: 1, firstAudio: 1, stall: 0.5 },
  });
}

export function pool(options: PoolOptions): PooledVoices {
  const pooled = poolVoices(options);
  onTestFinished(() => pooled.dispose());
  return pooled;
}

export function say(source: VoiceSource, text: string, priority = 0, until = signal): Promise<Collected> {
  return collect(source.speak({ text, priority }, until));
}

export const chunk = (samples = 240) =>
  JSON.stringify({
    status: 'chunk',
    request_id: 'r',
    data: { audio: rampBytes(samples).toString('base64') },
  });
export const word = (text: string, start: number, end: number) =>
  JSON.stringify({ status: 'word_timestamp', request_id: 'r', data: { word: text, start, end } });
export const complete = '{"status":"complete"}';
export const rejection = '{"status":"error","error":{"message":"Concurrency limit exceeded","code":"429"}}';

export const whole: Script = (socket) => {
  socket.send(chunk());
  socket.send(complete);
};

/** A service that answers so many requests at a time, each in `ms`, and refuses others: as Lightning does. */
export function strict(units: number, ms: number, script: Script = whole) {
  const seen = { active: 0, most: 0, refused: 0, texts: [] as unknown[] };
  const play: Script = async (socket, request, nth) => {
    if (seen.active >= units) {
      seen.refused++;
      socket.send(rejection);
      return;
    }
    seen.texts.push(request.text);
    seen.most = Math.max(seen.most, ++seen.active);
    await sleep(ms);
    seen.active--;
    await script(socket, request, nth);
  };
  return { seen, play };
}
