import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { SpeechError } from '../../src/speech/errors.ts';
import type { SpeechPart } from '../../src/speech/part.ts';
import { type ContextLines, speakOnContext } from '../../src/voices/session/context-line.ts';
import { Endpoint } from '../../src/voices/session/endpoint.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { type Message, Session } from '../../src/voices/session/session.ts';
import { SharedKeeper } from '../../src/voices/session/shared-keeper.ts';
import { type Addressed, SharedSession } from '../../src/voices/session/shared-session.ts';
import { type Collected, collect } from '../kit/collect.ts';
import { type Handshake, type Script, type ScriptedServer, startScripted } from '../kit/scripted-server.ts';

/** A service as plain as can be: `{ id, samples }`, `{ id, end }`, and `{ oops }` about the socket. */
interface Plain extends Addressed {
  readonly samples: number;
  readonly oops: string | undefined;
}

function read(frame: Message): Plain {
  const text = String(frame);
  const filler = text.indexOf('|');
  const { id, samples = 0, end = false, oops } = JSON.parse(filler < 0 ? text : text.slice(0, filler));
  return { context: id, last: end, samples, oops };
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface House {
  readonly server: ScriptedServer;
  readonly keeper: SharedKeeper<Plain>;
  say(text: string, signal?: AbortSignal): Promise<Collected>;
}

interface Settings {
  readonly places?: number;
  readonly stall?: number;
  readonly kept?: number;
  readonly handshake?: Handshake;
}

async function open(script: Script, { places, stall = 5, handshake, kept }: Settings = {}): Promise<House> {
  const server = await startScripted(script, handshake && { handshake });
  const endpoint = new Endpoint(server.url, { query: 'key' });
  const connect = async (signal: AbortSignal) => {
    const session = await Session.connect(endpoint, openNodeSocket, 5, signal);
    return new SharedSession(session, { read, ...(places && { places }) });
  };
  const keeper = new SharedKeeper<Plain>(connect, { kept });
  closing.push(
    () => server.close(),
    () => keeper.dispose(),
  );
  const lines = (text: string): ContextLines<Plain> => ({
    keeper,
    where: 'here',
    timeouts: { connect: 5, firstAudio: 20, stall },
    talk: ({ context }) => ({
      asks: [JSON.stringify({ id: context, text })],
      cancels: [JSON.stringify({ id: context, cancel: true })],
      read: ({ samples, last, oops }): SpeechPart[] => {
        if (oops) throw SpeechError.refused('here', oops);
        const audio = { type: 'audio', samples: new Int16Array(samples), sampleRate: 8_000 } as const;
        return [...(samples > 0 ? [audio] : []), ...(last ? [{ type: 'end' } as const] : [])];
      },
    }),
  });
  return {
    server,
    keeper,
    say: (text, signal = new AbortController().signal) => collect(speakOnContext(lines(text), signal)),
  };
}

const tell = (socket: WebSocket, message: unknown) => socket.send(JSON.stringify(message));

/** Speaks as many samples as the text has letters. */
const echo: Script = (socket, { id, text, cancel }) => {
  if (cancel) return;
  tell(socket, { id, samples: String(text).length });
  tell(socket, { id, end: true });
};

describe('lines on a shared socket', () => {
  it('that wait for the same opening share it, and others find another', async () => {
    const waiting: (() => void)[] = [];
    const { server, say } = await open(
      (socket, request, nth) => {
        waiting.push(() => void echo(socket, request, nth));
        if (waiting.length >= 7) for (const go of waiting.splice(0, 7)) go();
        if (nth >= 7) void echo(socket, request, nth);
      },
      { places: 5 },
    );
    const texts = ['a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff', 'ggggggg'];
    const lines = await Promise.all(texts.map((text) => say(text)));
    expect(lines.map(({ samples }) => samples.length)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(server.handshakes).toHaveLength(2);
    expect((await say('x')).samples).toHaveLength(1);
    expect(server.handshakes).toHaveLength(2);
  });

  it('leave their place when the service is done with them, cancelled or not', async () => {
    const sockets = new Map<unknown, WebSocket>();
    const { server, say } = await open(
      (socket, request, nth) => {
        if (request.text === 'held') sockets.set(request.id, socket);
        else void echo(socket, request, nth);
      },
      { places: 1, kept: 2 },
    );
    const cancel = new AbortController();
    const held = say('held', cancel.signal);
    await expect.poll(() => sockets.size).toBe(1);
    cancel.abort();
    expect((await held).error).toMatchObject({ code: 'aborted' });
    // Its place is taken yet, so the next line has a socket of its own, which is kept beside the first.
    expect((await say('next')).samples).toHaveLength(4);
    expect(server.handshakes).toHaveLength(2);
    const [[id, socket]] = [...sockets] as [[unknown, WebSocket]];
    tell(socket, { id, samples: 99 });
    tell(socket, { id, end: true });
    await new Promise((resolve) => setTimeout(resolve, 30));
    const both = await Promise.all([say('one'), say('two')]);
    expect(both.map(({ samples }) => samples.length)).toEqual([3, 3]);
    expect(server.handshakes).toHaveLength(2);
  });

  it('do not keep a socket whose places are all taken by what nobody hears', async () => {
    const { server, say } = await open(
      (socket, request, nth) => {
        if (request.text !== 'held') void echo(socket, request, nth);
      },
      { places: 1 },
    );
    const cancel = new AbortController();
    const held = say('held', cancel.signal);
    await expect.poll(() => server.requests.length).toBe(1);
    cancel.abort();
    expect((await held).error).toMatchObject({ code: 'aborted' });
    for (const text of ['one', 'two', 'three']) expect((await say(text)).samples).toHaveLength(text.length);
    expect(server.handshakes).toHaveLength(2);
    await expect.poll(() => server.open.size).toBe(1);
  });

  it('go on while another stalls, and the next one takes another socket', async () => {
    let release = () => {};
    const { server, say } = await open(
      (socket, request, nth) => {
        if (request.text === 'stalls') return tell(socket, { id: request.id, samples: 1 });
        if (request.text !== 'long') return echo(socket, request, nth);
        const speak = setInterval(() => tell(socket, { id: request.id, samples: 2 }), 40);
        release = () => {
          clearInterval(speak);
          tell(socket, { id: request.id, end: true });
        };
      },
      { stall: 0.25 },
    );
    const long = say('long');
    expect((await say('stalls')).error).toMatchObject({ code: 'stalled' });
    expect((await say('other')).samples).toHaveLength(5);
    expect(server.handshakes).toHaveLength(2);
    release();
    expect(await long).toMatchObject({ error: undefined });
    await expect.poll(() => server.open.size).toBe(1);
  });

  it('are all told what names none of them, and nobody follows', async () => {
    let asked = 0;
    const { server, say } = await open((socket, request, nth) => {
      if (request.cancel || ++asked === 1) return;
      if (asked === 2) tell(socket, { oops: 'Out of order.' });
      else void echo(socket, request, nth);
    });
    const lines = await Promise.all([say('one'), say('two')]);
    for (const { error } of lines) expect(error).toMatchObject({ code: 'refused', reason: 'Out of order.' });
    expect((await say('three')).samples).toHaveLength(5);
    expect(server.handshakes).toHaveLength(2);
  });

  it('that found their socket closed are asked for again, those that opened it fail', async () => {
    let asked = 0;
    const { server, say } = await open((socket, request, nth) => {
      if (++asked < 3) {
        if (asked === 2) socket.terminate();
      } else void echo(socket, request, nth);
    });
    const [first, second] = await Promise.all([say('one'), say('two')]);
    expect(first.error).toMatchObject({ code: 'closed-early' });
    expect(second).toMatchObject({ error: undefined, samples: [0, 0, 0] });
    expect(server.handshakes).toHaveLength(2);
  });

  it('keep what waits for a slow reader within bounds, and only that line ends', async () => {
    const { keeper, server, say } = await open((socket, request, nth) => {
      if (request.text !== undefined) return echo(socket, request, nth);
      const message = `${JSON.stringify({ id: request.id, samples: 1 })}|${'x'.repeat(900_000)}`;
      for (let sent = 0; sent < 80; sent++) socket.send(message);
    });
    const { line } = await keeper.take(new AbortController().signal);
    line.send(JSON.stringify({ id: line.context }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await say('other')).samples).toHaveLength(5);
    await expect(
      (async () => {
        for (;;) await line.receive(5);
      })(),
    ).rejects.toMatchObject({ code: 'protocol' });
    line.leave();
    keeper.giveBack(line);
    expect(server.handshakes).toHaveLength(1);
  });
});

describe('a socket that is being opened', () => {
  it('is given up when nobody waits for it any more', async () => {
    const { server, say } = await open(echo, { handshake: (nth) => (nth === 0 ? 'hang' : 101) });
    const [one, two] = [new AbortController(), new AbortController()];
    const lines = [say('one', one.signal), say('two', two.signal)];
    await expect.poll(() => server.handshakes.length).toBe(1);
    one.abort();
    expect((await lines[0]!).error).toMatchObject({ code: 'aborted' });
    two.abort();
    expect((await lines[1]!).error).toMatchObject({ code: 'aborted' });
    expect((await say('three')).samples).toHaveLength(5);
    expect(server.handshakes).toHaveLength(2);
  });

  it('that fails fails for all who wait, and the next try waits a little', async () => {
    const { server, say } = await open(echo, { handshake: (nth) => (nth === 0 ? 503 : 101) });
    const lines = await Promise.all([say('one'), say('two')]);
    for (const { error } of lines) expect(error).toMatchObject({ code: 'refused', refusal: 'busy' });
    expect(server.handshakes).toHaveLength(1);
    expect((await say('three')).samples).toHaveLength(5);
  });

  it('is closed by dispose, as are all others', async () => {
    const { keeper, server, say } = await open((socket, request, nth) => {
      if (request.text !== 'held') void echo(socket, request, nth);
    });
    keeper.prepare();
    keeper.prepare();
    await expect.poll(() => server.handshakes.length).toBe(1);
    const held = say('held');
    await expect.poll(() => server.requests.length).toBe(1);
    expect(keeper.speaking).toBe(true);
    keeper.dispose();
    expect((await held).error).toMatchObject({ code: 'aborted' });
    expect((await say('late')).error).toMatchObject({ code: 'aborted' });
    expect(keeper.speaking).toBe(false);
    await expect.poll(() => server.open.size).toBe(0);
  });
});
