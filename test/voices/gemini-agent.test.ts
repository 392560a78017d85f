import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { AgentReply } from '../../src/voices/agent-reply.ts';
import {
  connectGeminiAgent,
  type GeminiAgent,
  type GeminiAgentOptions,
} from '../../src/voices/gemini/index.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import {
  type GeminiEmulator,
  type GeminiEmulatorOptions,
  serveGemini,
  voiceOfModel,
} from '../emulators/gemini.ts';
import { endSpeech, speech } from '../emulators/speech.ts';
import { type Collected, collect } from '../kit/collect.ts';
import { startScripted } from '../kit/scripted-server.ts';

/** A synth takes a second to begin where other tests run. */
const soon = { timeout: 10_000 };

afterAll(endSpeech);

interface Talk {
  readonly agent: GeminiAgent;
  readonly replies: AgentReply[];
  readonly told: string[];
}

async function serve(options: GeminiEmulatorOptions = {}): Promise<GeminiEmulator> {
  const emulator = await serveGemini(options);
  onTestFinished(() => emulator.close());
  return emulator;
}

async function meet(url: string, options: GeminiAgentOptions = {}): Promise<Talk> {
  const replies: AgentReply[] = [];
  const told: string[] = [];
  const agent = await connectGeminiAgent(
    { url, apiKey: 'canary', openSocket: openNodeSocket, voice: 'Kore', ...options },
    {
      onReply: (reply) => {
        replies.push(reply);
        told.push('reply');
      },
      onInterrupt: (reply) => told.push(`interrupt ${replies.indexOf(reply)}`),
      onStatus: (status) => told.push(status),
      onTranscript: ({ role, text }) => told.push(`${role}: ${text}`),
      onToolCall: ({ name, args, id }) => told.push(`${name} ${JSON.stringify(args)} ${id}`),
      onError: (error) => told.push(`error ${error.code}`),
    },
  );
  onTestFinished(() => agent.dispose());
  return { agent, replies, told };
}

async function replyOf({ replies }: Talk, nth = 0): Promise<Collected> {
  await expect.poll(() => replies.length, soon).toBeGreaterThan(nth);
  return collect(replies[nth]!.parts());
}

async function spoken(text: string): Promise<number[]> {
  return [...(await speech(text, voiceOfModel('Kore'), 24_000)).samples];
}

const noise = (seconds: number, level: number) =>
  Int16Array.from({ length: seconds * 16_000 }, (_, index) => (index % 2 ? level : -level));

const ANSWER = 'The bridge is out. Take the ferry.';

describe('a conversation with an agent of Gemini', () => {
  it('begins with what the agent shall be, and answers as replies', async () => {
    const emulator = await serve({ replies: [ANSWER, 'Go on.'], key: 'canary' });
    const talk = await meet(emulator.url, {
      prompt: 'You keep a gate.',
      tools: [{ functionDeclarations: [{ name: 'open' }] }],
      setup: { contextWindowCompression: { slidingWindow: {} } },
    });
    talk.agent.ask('What is wrong?');
    const { samples, types } = await replyOf(talk);
    expect(samples).toEqual(await spoken(ANSWER));
    expect(types.at(-1)).toBe('end');
    talk.agent.ask('And now?');
    expect((await replyOf(talk, 1)).samples).toEqual(await spoken('Go on.'));
    await expect.poll(() => talk.told.at(-1), soon).toBe('listening');
    expect(talk.replies.map(({ text }) => text)).toEqual([ANSWER, 'Go on.']);
    expect(talk.told).toContain(`agent: ${ANSWER}`);
    expect(emulator.asked[0]).toEqual({
      setup: {
        model: 'models/gemini-3.8-live',
        generationConfig: {
          responseModalities: ['AUDIO'],
          speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
        },
        systemInstruction: { parts: [{ text: 'You keep a gate.' }] },
        tools: [{ functionDeclarations: [{ name: 'open' }] }],
        contextWindowCompression: { slidingWindow: {} },
        inputAudioTranscription: {},
        outputAudioTranscription: {},
        sessionResumption: {},
      },
    });
  });

  it.each(['early', 'late'])('gives each reply its own words, also where they come %s', async (order) => {
    const { url } = await serve({ replies: ['Who goes there?', 'Pass, friend.'] });
    const talk = await meet(`${url}?order=${order}`);
    talk.agent.hear(noise(0.2, 4000));
    talk.agent.hear(noise(0.6, 0));
    expect((await replyOf(talk)).samples).toEqual(await spoken('Who goes there?'));
    await expect.poll(() => talk.told.at(-1), soon).toBe('listening');
    talk.agent.hear(noise(0.2, 4000));
    talk.agent.hear(noise(0.6, 0));
    expect((await replyOf(talk, 1)).samples).toEqual(await spoken('Pass, friend.'));
    await expect
      .poll(() => talk.replies.map(({ text }) => text), soon)
      .toEqual(['Who goes there?', 'Pass, friend.']);
    expect(talk.told.filter((what) => what.startsWith('user:'))).toEqual(
      Array(2).fill('user:  3200 loud samples'),
    );
  });

  it('empties what is to be played when it is interrupted, and drops what comes late', async () => {
    const { url } = await serve({ replies: [ANSWER, 'Yes?'] });
    const talk = await meet(`${url}?pace=40`);
    talk.agent.ask('What is wrong?');
    await expect.poll(() => talk.replies[0]?.seconds ?? 0, soon).toBeGreaterThan(0.15);
    const reply = replyOf(talk);
    talk.agent.hear(noise(0.2, 4000));
    expect((await reply).error).toMatchObject({ code: 'aborted' });
    talk.agent.hear(noise(0.6, 0));
    expect((await replyOf(talk, 1)).samples).toEqual(await spoken('Yes?'));
    expect(talk.told.filter((what) => /^(interrupt|error)/.test(what))).toEqual([
      'interrupt 0',
      'interrupted',
    ]);
    await expect.poll(() => talk.replies[1]!.text, soon).toBe('Yes?');
  });

  it('goes on over another connection when the service announces the end of this one', async () => {
    const { url, handshakes, asked } = await serve({ replies: ['One.', 'Two.', 'Three.'] });
    const talk = await meet(`${url}?go=1`);
    for (const [nth, answer] of ['One.', 'Two.', 'Three.'].entries()) {
      talk.agent.ask('Count!');
      expect((await replyOf(talk, nth)).samples).toEqual(await spoken(answer));
      await expect.poll(() => handshakes.length, soon).toBe(nth + 2);
      await expect.poll(() => asked.filter(({ setup }) => setup).length, soon).toBe(nth + 2);
      await new Promise((resolve) => setTimeout(resolve, 250)); // The old one is closed meanwhile.
    }
    expect(asked.filter(({ setup }) => setup).at(-1)).toHaveProperty('setup.sessionResumption.handle');
    expect(talk.told.filter((what) => /error|interrupt/.test(what))).toEqual([]);
  });

  it('goes on after its connection broke, but not with the reply that was on its way', async () => {
    const { url, handshakes } = await serve({ replies: ['One.', ANSWER, 'Three.'] });
    const talk = await meet(`${url}?pace=20&die=9`);
    talk.agent.ask('Count!');
    expect((await replyOf(talk)).error).toBeUndefined();
    await expect.poll(() => talk.told.at(-1), soon).toBe('listening');
    talk.agent.ask('Go on!');
    expect((await replyOf(talk, 1)).error).toMatchObject({ code: 'closed-early' });
    await expect.poll(() => handshakes.length, soon).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    talk.agent.ask('And?');
    expect((await replyOf(talk, 2)).samples).toEqual(await spoken('Three.'));
  });

  it('is over when it breaks and cannot go on, at garbage, and when it is disposed, each with its reason', async () => {
    const { url } = await serve({ replies: [ANSWER] });
    const cut = await meet(`${url}?die=2&pace=20`);
    cut.agent.ask('What?');
    expect((await replyOf(cut)).error).toMatchObject({ code: 'closed-early' });
    expect(await cut.agent.closed).toMatchObject({ code: 'closed-early' });
    const left = await meet(`${(await serve({ replies: [ANSWER] })).url}?pace=50`);
    left.agent.ask('What?');
    await expect.poll(() => left.replies.length, soon).toBe(1);
    left.agent.dispose();
    left.agent.dispose();
    expect((await replyOf(left)).error).toMatchObject({ code: 'aborted' });
    expect(await left.agent.closed).toBeUndefined();
    const server = await startScripted((socket, { setup }) =>
      socket.send(setup ? '{"setupComplete":{}}' : '{"oops'),
    );
    onTestFinished(() => server.close());
    const odd = await meet(server.url);
    odd.agent.ask('What?');
    expect(await odd.agent.closed).toMatchObject({ code: 'protocol' });
  });

  it('asks for tools, and goes on with their results', async () => {
    const server = await startScripted((socket, { setup, clientContent }) => {
      if (setup) socket.send('{"setupComplete":{}}');
      const functionCalls = [{ id: 'c1', name: 'open', args: { gate: 2 } }];
      if (clientContent) socket.send(JSON.stringify({ toolCall: { functionCalls } }));
    });
    onTestFinished(() => server.close());
    const talk = await meet(server.url);
    talk.agent.ask('Open!');
    await expect.poll(() => talk.told, soon).toEqual(['open {"gate":2} c1']);
    talk.agent.answerTool({ id: 'c1', name: 'open', args: {} }, 'done');
    await expect
      .poll(() => server.requests.at(-1), soon)
      .toEqual({
        toolResponse: { functionResponses: [{ id: 'c1', name: 'open', response: { result: 'done' } }] },
      });
  });

  it('cannot begin with a wrong key, or where the service is not ready in time, and says so without the key', async () => {
    const failed = meet((await serve({ key: 'another' })).url);
    await expect(failed).rejects.toMatchObject({ code: 'refused', refusal: 'key' });
    expect(String(await failed.catch((error: Error) => error.stack))).not.toContain('canary');
    const server = await startScripted(() => {});
    onTestFinished(() => server.close());
    await expect(meet(server.url, { connectSeconds: 0.2 })).rejects.toMatchObject({
      code: 'connect-timeout',
    });
  });
});
