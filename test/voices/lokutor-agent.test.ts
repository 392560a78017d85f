import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AgentReply } from '../../src/voices/agent-reply.ts';
import type { AgentEvents } from '../../src/voices/conversation.ts';
import { readAgentMessage } from '../../src/voices/lokutor/agent-message.ts';
import { connectLokutorAgent, type LokutorAgent } from '../../src/voices/lokutor/lokutor-agent.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { type Collected, collect } from '../kit/collect.ts';
import { rampBytes } from '../kit/scripted-server.ts';

/** The service's end of a conversation, by `ws` alone. */
interface Service {
  readonly socket: WebSocket;
  readonly heard: (Buffer | Record<string, unknown>)[];
  tell(...messages: unknown[]): void;
}

interface Conversation {
  readonly agent: LokutorAgent;
  readonly service: Service;
  readonly replies: AgentReply[];
  readonly told: string[];
  readonly url: string;
}

async function converse(options: Record<string, unknown> = {}): Promise<Conversation> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await once(server, 'listening');
  const heard: Service['heard'] = [];
  const connected = new Promise<Service>((resolve) => {
    server.on('connection', (socket) => {
      socket.on('message', (data, binary) =>
        heard.push(binary ? (data as Buffer) : JSON.parse(String(data))),
      );
      const tell = (...messages: unknown[]) => {
        for (const message of messages)
          socket.send(Buffer.isBuffer(message) ? message : JSON.stringify(message));
      };
      resolve({ socket, heard, tell });
    });
  });
  const replies: AgentReply[] = [];
  const told: string[] = [];
  const events: AgentEvents = {
    onReply: (reply) => {
      replies.push(reply);
      told.push('reply');
    },
    onInterrupt: () => told.push('interrupt'),
    onStatus: (status) => told.push(status),
    onTranscript: ({ role, text }) => told.push(`${role}: ${text}`),
    onToolCall: ({ name, args }) => told.push(`${name} ${JSON.stringify(args)}`),
    onError: (error) => told.push(`error ${error.refusal}`),
  };
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws/agent`;
  const agent = await connectLokutorAgent({ url, openSocket: openNodeSocket, ...options }, events);
  onTestFinished(() => agent.dispose());
  return { agent, service: await connected, replies, told, url };
}

const audio = (samples: number, first = 0, generation?: number) => ({
  type: 'audio',
  data: rampBytes(samples, first).toString('base64'),
  generation,
});
const visemes = (generation?: number) => ({
  type: 'visemes',
  data: [
    { v: 0, c: 'm', t: 0 },
    { v: 1, c: 'a', t: 0.03 },
    { v: 2, c: 'p', t: 0.07 },
  ],
  generation,
});
const status = (data: string, generation?: number) => ({ type: 'status', data, generation });

async function collectReply({ replies }: Conversation, nth = 0): Promise<Collected> {
  await expect.poll(() => replies.length).toBeGreaterThan(nth);
  return collect(replies[nth]!.parts());
}

describe('a conversation with an agent', () => {
  it('begins with what the agent shall be, and carries what is heard', async () => {
    const tools = [{ name: 'open_gate' }];
    const { agent, service } = await converse({ voice: 'F2', lang: 'es', prompt: 'You keep a gate.', tools });
    agent.hear(Int16Array.of(1, -2, 32_767));
    agent.tell({ type: 'tool_result', data: { ok: true } });
    await expect.poll(() => service.heard.length).toBe(8);
    expect(service.heard).toEqual([
      { type: 'rates', playback: 44_100, input: 16_000 },
      { type: 'voice', data: 'F2' },
      { type: 'language', data: 'es' },
      { type: 'prompt', data: 'You keep a gate.' },
      { type: 'tools', data: tools },
      { type: 'visemes', data: true },
      Buffer.from([1, 0, 254, 255, 255, 127]),
      { type: 'tool_result', data: { ok: true } },
    ]);
  });

  it('gives each turn of the agent as the parts of a line', async () => {
    const talk = await converse();
    const { service, told, replies } = talk;
    service.tell(
      status('listening', 1),
      { type: 'transcript', role: 'user', data: 'What is this?' },
      status('thinking', 1),
      { type: 'tool_call', name: 'look', arguments: '{"at":"map"}' },
      { type: 'transcript', role: 'agent', data: 'map' },
      status('speaking', 1),
      visemes(1),
      audio(2_000, 0, 1),
      audio(2_410, 2_000, 1),
      status('listening', 1),
    );
    const { samples, cues, words, types, error } = await collectReply(talk);
    expect(error).toBeUndefined();
    expect(samples).toEqual(Array.from({ length: 4_410 }, (_, index) => index));
    expect(cues.map(({ viseme }) => viseme)).toEqual(['PP', 'aa', 'PP']);
    expect(words).toEqual([{ text: 'map', start: 0, end: 0.1, from: 0, to: 3 }]);
    expect(types.at(-1)).toBe('end');
    expect(replies[0]!.text).toBe('map');
    expect(told).toEqual([
      'listening',
      'user: What is this?',
      'thinking',
      'look {"at":"map"}',
      'agent: map',
      'speaking',
      'reply',
      'listening',
    ]);
    service.tell(Buffer.from(rampBytes(10)), 'EOS');
    service.socket.send('EOS');
  });

  it('takes sound in binary and any end that the protocol has, one reply after another', async () => {
    const talk = await converse();
    talk.service.tell(rampBytes(10), { type: 'eos' }, rampBytes(20));
    talk.service.socket.send('EOS');
    expect((await collectReply(talk, 0)).samples).toHaveLength(10);
    expect((await collectReply(talk, 1)).samples).toHaveLength(20);
  });

  it('stops a reply that is interrupted, and drops what comes late of it', async () => {
    const talk = await converse();
    const { service, told, replies } = talk;
    service.tell(status('speaking', 1), audio(100, 0, 1));
    await expect.poll(() => replies.length).toBe(1);
    const first = collectReply(talk, 0);
    service.tell(
      status('thinking', 2),
      audio(100, 100, 1),
      visemes(1),
      audio(50, 0, 2),
      status('listening', 2),
    );
    expect((await first).error).toMatchObject({ code: 'aborted' });
    expect((await collectReply(talk, 1)).samples).toHaveLength(50);
    expect(told).toEqual(['speaking', 'reply', 'interrupt', 'thinking', 'reply', 'listening']);
    service.tell(audio(9, 0, 2), status('interrupted', 2));
    expect((await collectReply(talk, 2)).error).toMatchObject({ code: 'aborted' });
  });

  it('tells errors and goes on; garbage and a broken connection end it with the reason', async () => {
    const talk = await converse({ apiKey: 'sk-canary' });
    const { agent, service, told } = talk;
    service.tell(audio(10), {
      type: 'error',
      data: { code: 'auth.rate_limited', message: 'slow down, sk-canary', retryable: true },
    });
    const broken = await collectReply(talk, 0);
    expect(broken.error).toMatchObject({ code: 'refused', refusal: 'busy' });
    expect(broken.error!.message).not.toContain('canary');
    service.tell(audio(20), status('listening'));
    expect((await collectReply(talk, 1)).samples).toHaveLength(20);
    expect(told).toContain('error busy');
    service.tell(audio(30));
    const last = collectReply(talk, 2);
    await expect.poll(() => talk.replies.length).toBe(3);
    service.socket.terminate();
    expect((await last).error).toMatchObject({ code: 'closed-early' });
    expect(await agent.closed).toMatchObject({ code: 'closed-early' });
    const other = await converse();
    other.service.socket.send('{"oops');
    expect(await other.agent.closed).toMatchObject({ code: 'protocol' });
  });

  it('is over when it is disposed, twice too, for its running reply as well', async () => {
    const talk = await converse();
    talk.service.tell(audio(10));
    const reply = collectReply(talk);
    await expect.poll(() => talk.replies.length).toBe(1);
    talk.agent.dispose();
    talk.agent.dispose();
    expect((await reply).error).toMatchObject({ code: 'aborted' });
    expect(await talk.agent.closed).toBeUndefined();
    await once(talk.service.socket, 'close');
  });

  it('cannot begin where nobody answers, and says so without the key', async () => {
    const url = 'ws://127.0.0.1:9/ws/agent?api_key=sk-canary';
    const failed = connectLokutorAgent({ url, openSocket: openNodeSocket }, {});
    await expect(failed).rejects.toMatchObject({ code: 'connect-failed' });
    expect(String(await failed.catch((error: Error) => error.stack))).not.toContain('canary');
  });
});

describe('a frame of the agent', () => {
  it('is read or called garbage, never worse, whatever it holds', () => {
    const value = fc.oneof(fc.jsonValue(), fc.double(), fc.string());
    const types = fc.constantFrom(
      'status',
      'transcript',
      'tool_call',
      'audio',
      'visemes',
      'error',
      'eos',
      'x',
    );
    const frame = fc.oneof(
      fc
        .record({ type: types, data: value, role: value, name: value, arguments: value, generation: value })
        .map((content) => JSON.stringify(content)),
      fc.jsonValue().map((content) => JSON.stringify(content)),
      fc.string(),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(frame, (content) => {
        const message = readAgentMessage(content);
        if ('generation' in message && message.generation !== undefined) {
          expect(Number.isFinite(message.generation)).toBe(true);
        }
        if (message.type === 'error') expect(message.reason).not.toBe('');
      }),
      { seed: 41, numRuns: 2_000 },
    );
  });
});
