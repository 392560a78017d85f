import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { AgentReply } from '../../src/voices/agent-reply.ts';
import {
  connectOpenAiAgent,
  type OpenAiAgent,
  type OpenAiAgentOptions,
} from '../../src/voices/openai/index.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import {
  type OpenAiEmulator,
  type OpenAiEmulatorOptions,
  serveOpenAi,
  voiceOfModel,
} from '../emulators/openai.ts';
import { endSpeech, speech } from '../emulators/speech.ts';
import { type Collected, collect } from '../kit/collect.ts';
import { startScripted } from '../kit/scripted-server.ts';

/** A synth takes a second to begin where other tests run. */
const soon = { timeout: 10_000 };

afterAll(endSpeech);

interface Talk {
  readonly agent: OpenAiAgent;
  readonly emulator: OpenAiEmulator;
  readonly replies: AgentReply[];
  readonly told: string[];
}

async function serve(options: OpenAiEmulatorOptions = {}): Promise<OpenAiEmulator> {
  const emulator = await serveOpenAi(options);
  onTestFinished(() => emulator.close());
  return emulator;
}

async function meet(emulator: OpenAiEmulator, query = '', options: OpenAiAgentOptions = {}): Promise<Talk> {
  const replies: AgentReply[] = [];
  const told: string[] = [];
  const agent = await connectOpenAiAgent(
    {
      url: emulator.url + query,
      apiKey: 'sk-canary',
      openSocket: openNodeSocket,
      voice: 'marin',
      ...options,
    },
    {
      onReply: (reply) => {
        replies.push(reply);
        told.push('reply');
      },
      onInterrupt: (reply) => told.push(`interrupt ${replies.indexOf(reply)}`),
      onStatus: (status) => told.push(status),
      onTranscript: ({ role, text }) => told.push(`${role}: ${text}`),
      onToolCall: ({ name, args, id }) => told.push(`${name} ${JSON.stringify(args)} ${id}`),
      onError: (error) => told.push(`error ${error.refusal ?? error.code}`),
    },
  );
  onTestFinished(() => agent.dispose());
  return { agent, emulator, replies, told };
}

async function replyOf({ replies }: Talk, nth = 0): Promise<Collected> {
  await expect.poll(() => replies.length, soon).toBeGreaterThan(nth);
  return collect(replies[nth]!.parts());
}

async function spoken(text: string): Promise<number[]> {
  return [...(await speech(text, voiceOfModel('marin'), 24_000)).samples];
}

const noise = (seconds: number, level: number) =>
  Int16Array.from({ length: seconds * 24_000 }, (_, index) => (index % 2 ? level : -level));

const ANSWER = 'The bridge is out. Take the ferry.';

describe('a conversation with an agent of OpenAI', () => {
  it('begins with what the agent shall be, and answers as a reply whose text is known early', async () => {
    const talk = await meet(await serve({ replies: [ANSWER], key: 'sk-canary' }), '', {
      prompt: 'You keep a gate.',
      tools: [{ type: 'function', name: 'open' }],
      transcriber: 'whisper-1',
    });
    talk.agent.ask('What is wrong?');
    await expect.poll(() => talk.replies.length, soon).toBe(1);
    expect(talk.replies[0]).toMatchObject({ lookAheadSeconds: 0.12, timing: { confidence: 0 } });
    const { samples, types } = await replyOf(talk);
    expect(samples).toEqual(await spoken(ANSWER));
    expect(types.at(-1)).toBe('end');
    expect(talk.replies[0]!.text).toBe(ANSWER);
    await expect
      .poll(() => talk.told, soon)
      .toEqual(['thinking', 'reply', 'speaking', `agent: ${ANSWER}`, 'listening']);
    expect(talk.emulator.asked[0]).toEqual({
      type: 'session.update',
      session: {
        type: 'realtime',
        output_modalities: ['audio'],
        instructions: 'You keep a gate.',
        tools: [{ type: 'function', name: 'open' }],
        audio: {
          input: { format: { type: 'audio/pcm', rate: 24_000 }, transcription: { model: 'whisper-1' } },
          output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'marin' },
        },
      },
    });
  });

  it('speaks in the forms of before, and with words after their sound', async () => {
    const emulator = await serve({ replies: [ANSWER, ANSWER] });
    for (const query of ['?old=1', '?order=late&odd=1']) {
      const talk = await meet(emulator, query);
      talk.agent.ask('What?');
      expect((await replyOf(talk)).samples).toEqual(await spoken(ANSWER));
      await expect.poll(() => talk.replies[0]!.text, soon).toBe(ANSWER);
    }
  });

  it('hears who speaks, writes it down and answers', async () => {
    const talk = await meet(await serve({ replies: ['Who goes there?'] }), '', { transcriber: 'whisper-1' });
    talk.agent.hear(noise(0.3, 4000));
    talk.agent.hear(noise(0.6, 0));
    expect((await replyOf(talk)).samples).toEqual(await spoken('Who goes there?'));
    expect(talk.told.slice(0, 3)).toEqual(['listening', 'user: 7200 loud samples', 'thinking']);
  });

  it('is interrupted while its reply arrives, and told how much of it was heard', async () => {
    const talk = await meet(await serve({ replies: [ANSWER, 'Yes?'] }), '?pace=60');
    talk.agent.ask('What is wrong?');
    await expect.poll(() => talk.replies[0]?.seconds ?? 0, soon).toBeGreaterThan(0.25);
    const reply = replyOf(talk);
    talk.agent.hear(noise(0.3, 4000));
    expect((await reply).error).toMatchObject({ code: 'aborted' });
    expect(talk.told).toContain('interrupt 0');
    talk.agent.heard(talk.replies[0]!, 0.1234);
    talk.agent.hear(noise(0.6, 0));
    expect((await replyOf(talk, 1)).samples).toEqual(await spoken('Yes?'));
    expect(talk.emulator.asked.find(({ type }) => type === 'conversation.item.truncate')).toEqual({
      type: 'conversation.item.truncate',
      item_id: expect.stringMatching(/^item_/),
      content_index: 0,
      audio_end_ms: 123,
    });
    expect(talk.told.filter((what) => /^(interrupt|error)/.test(what))).toEqual([
      'interrupt 0',
      'interrupted',
    ]);
  });

  it('is interrupted once its reply has come whole, which may still be heard', async () => {
    const talk = await meet(await serve({ replies: [ANSWER] }));
    talk.agent.ask('What?');
    await replyOf(talk);
    const { seconds } = talk.replies[0]!;
    talk.agent.heard(talk.replies[0]!, seconds); // Heard to its end: nothing to tell.
    talk.agent.hear(noise(0.1, 4000));
    await expect.poll(() => talk.told.slice(-3), soon).toEqual(['interrupt 0', 'interrupted', 'listening']);
    talk.agent.hear(noise(0.1, 4000));
    talk.agent.heard(talk.replies[0]!, seconds - 0.01);
    await expect
      .poll(() => talk.emulator.asked.at(-1), soon)
      .toMatchObject({ type: 'conversation.item.truncate' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(talk.told.filter((what) => /error|interrupt /.test(what))).toEqual(['interrupt 0']);
  });

  it('is not interrupted where the app has said so', async () => {
    const turnDetection = { type: 'server_vad', interrupt_response: false, create_response: false };
    const talk = await meet(await serve({ replies: [ANSWER] }), '?pace=20', { turnDetection });
    talk.agent.ask('What?');
    await expect.poll(() => talk.replies.length, soon).toBe(1);
    talk.agent.hear(noise(0.2, 4000));
    expect((await replyOf(talk)).samples).toEqual(await spoken(ANSWER));
    expect(talk.told).not.toContain('interrupt 0');
  });

  it('is stopped by the app, and drops what comes late', async () => {
    const talk = await meet(await serve({ replies: [ANSWER, 'Go on.'] }), '?pace=30');
    talk.agent.ask('What?');
    await expect.poll(() => talk.replies.length, soon).toBe(1);
    talk.agent.interrupt();
    expect((await replyOf(talk)).error).toMatchObject({ code: 'aborted' });
    await expect.poll(() => talk.emulator.asked.at(-1), soon).toMatchObject({ type: 'response.cancel' });
    await new Promise((resolve) => setTimeout(resolve, 60));
    talk.agent.ask('And now?');
    expect((await replyOf(talk, 1)).samples).toEqual(await spoken('Go on.'));
    expect(talk.replies).toHaveLength(2);
  });

  it('tells errors and goes on: of a request, of an account, of a response', async () => {
    const talk = await meet(await serve({ requests: 1 }), '?status=incomplete');
    talk.agent.tell({ type: 'nonsense' });
    await expect.poll(() => talk.told, soon).toEqual(['error request']);
    talk.agent.ask('Hello there.');
    expect((await replyOf(talk)).error).toBeUndefined();
    await expect.poll(() => talk.told, soon).toContain('error service-failed');
    talk.agent.ask('Again.');
    await expect.poll(() => talk.told, soon).toContain('error busy');
    const broken = await meet(await serve(), '?status=failed');
    broken.agent.ask('Hello.');
    expect((await replyOf(broken)).error).toMatchObject({ code: 'service-failed' });
    expect(talk.told).not.toContain('interrupt 0');
  });

  it('asks for tools, and goes on with their results', async () => {
    const server = await startScripted((socket, { type }) => {
      const args = { name: 'open', arguments: '{"gate":2}', call_id: 'c1', response_id: 'r' };
      const event = { type: 'response.function_call_arguments.done', ...args };
      if (type === 'session.update') socket.send(JSON.stringify(event));
    });
    onTestFinished(() => server.close());
    const talk = await meet({ url: server.url } as OpenAiEmulator);
    await expect.poll(() => talk.told, soon).toEqual(['open {"gate":2} c1']);
    talk.agent.answerTool({ id: 'c1', name: 'open', args: {} }, { open: true });
    await expect.poll(() => server.requests.length, soon).toBe(3);
    expect(server.requests.slice(1)).toEqual([
      {
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: 'c1', output: '{"open":true}' },
      },
      { type: 'response.create' },
    ]);
  });

  it('is over when the connection breaks, at garbage, and when it is disposed, each with its reason', async () => {
    const cut = await meet(await serve({ replies: [ANSWER] }), '?die=2&pace=20');
    cut.agent.ask('What?');
    expect((await replyOf(cut)).error).toMatchObject({ code: 'closed-early' });
    expect(await cut.agent.closed).toMatchObject({ code: 'closed-early' });
    const server = await startScripted((socket) => socket.send('{"oops'));
    onTestFinished(() => server.close());
    const odd = await meet({ url: server.url } as OpenAiEmulator);
    expect(await odd.agent.closed).toMatchObject({ code: 'protocol' });
    const left = await meet(await serve({ replies: [ANSWER] }), '?pace=50');
    left.agent.ask('What?');
    await expect.poll(() => left.replies.length, soon).toBe(1);
    left.agent.dispose();
    left.agent.dispose();
    expect((await replyOf(left)).error).toMatchObject({ code: 'aborted' });
    expect(await left.agent.closed).toBeUndefined();
  });

  it('cannot begin with a wrong key, and says so without it', async () => {
    const failed = meet(await serve({ key: 'another' }));
    await expect(failed).rejects.toMatchObject({ code: 'refused', refusal: 'key' });
    expect(String(await failed.catch((error: Error) => error.stack))).not.toContain('canary');
  });
});
