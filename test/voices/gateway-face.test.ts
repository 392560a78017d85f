/** Azure's frames of the face, over the gateway's own protocol. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway, openNodeSocket } from '../../src/gateway/index.ts';
import { SHAPE_COUNT, ShapeFrames } from '../../src/speech/face-shapes.ts';
import type { VoiceSource } from '../../src/speech/source.ts';
import { azureVoices } from '../../src/voices/azure/azure-voices.ts';
import { type GatewayVoicesOptions, gatewayVoices } from '../../src/voices/gateway/gateway-voices.ts';
import { FaultProxy } from '../../src/voices/testing/fault-proxy.ts';
import { serveAzure } from '../emulators/azure.ts';
import { type Collected, collect, say } from '../kit/collect.ts';

const TEXT = 'Maybe Bob opened a map of my home, and then he read it to Pam.';
const never = new AbortController().signal;
const open: { close(): unknown }[] = [];
let azure: VoiceSource;
let url: string;

beforeEach(async () => {
  const server = await serveAzure();
  open.push(server);
  azure = azureVoices({
    url: server.url,
    apiKey: 'sk-azure-1',
    openSocket: openNodeSocket,
    shapes: true,
  });
  open.push({ close: () => azure.dispose() });
  const gateway = createGateway({ source: azure });
  open.push(gateway);
  await gateway.listen({ port: 0 });
  url = `ws://127.0.0.1:${gateway.address.port}/v1/speech`;
});
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

function speaker(options: GatewayVoicesOptions = {}, address = url) {
  const voices = gatewayVoices(address, { openSocket: openNodeSocket, ...options });
  open.push({ close: () => voices.dispose() });
  return voices;
}

/** The frames of a line, each in its place. */
function facesOf(line: Collected): Float32Array {
  expect(line.error).toBeUndefined();
  const frames = new ShapeFrames();
  for (const part of line.shapes) frames.add(part);
  return frames.shapes!.frames;
}

/** The same but for the 16 bits that a number has on its way. */
function expectSameFaces(faces: Float32Array, truth: Float32Array, when: string): void {
  expect([when, faces.length]).toEqual([when, truth.length]);
  let worst = 0;
  for (const [at, value] of truth.entries()) worst = Math.max(worst, Math.abs(value - faces[at]!));
  expect([when, worst < 0.000_06]).toEqual([when, true]);
}

describe.each(['pcm', 'opus'] as const)('frames of the face, beside sound in %s', (sound) => {
  it('are the service’s own, for a line that is made and one that is kept', async () => {
    const truth = facesOf(await say(azure, TEXT));
    expect(truth.some((value) => value > 0.2)).toBe(true);
    const voices = speaker({ sound });
    const made = await say(voices, TEXT);
    const kept = await say(voices, TEXT);
    for (const [when, line] of Object.entries({ made, kept })) {
      expectSameFaces(facesOf(line), truth, when);
      // They come with their sound, not all before it.
      const first = line.shapes[0]!;
      expect([when, first.frames.length <= 15 * SHAPE_COUNT]).toEqual([when, true]);
      expect(line.types.indexOf('audio')).toBeLessThan(line.types.lastIndexOf('shapes'));
    }
  });

  it('begin where a late listener does', async () => {
    let share = '';
    const first = speaker({ sound, onLine: (info) => (share = info.share) });
    const truth = facesOf(await say(first, TEXT));
    const frame = 57;
    const late = await collect(
      speaker({ sound })
        .join(share, { from: frame / 60 })
        .parts(),
    );
    expectSameFaces(facesOf(late), truth.slice(frame * SHAPE_COUNT), 'late');
    expect(late.shapes[0]!.from).toBeGreaterThanOrEqual(-2);
  });

  it('go on after a lost connection', { timeout: 60_000 }, async () => {
    const truth = facesOf(await say(speaker({ sound }), TEXT));
    const proxy = await FaultProxy.listen(url);
    open.push(proxy);
    for (const pass of [4, 9, 17, 30]) {
      let opened = 0;
      const voices = speaker(
        {
          sound,
          openSocket: (...args) => {
            proxy.behave(++opened === 1 ? { pass, next: 'cut' } : {});
            return openNodeSocket(...args);
          },
        },
        proxy.url,
      );
      const line = await collect(voices.speak({ text: TEXT }, never));
      expectSameFaces(facesOf(line), truth, `after ${pass} messages`);
      expect(opened).toBe(2);
      const frames = line.shapes.reduce((sum, part) => sum + part.frames.length, 0);
      expect(frames).toBeLessThanOrEqual(truth.length + SHAPE_COUNT);
    }
  });
});
