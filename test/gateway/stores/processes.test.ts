import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRedisStore } from '../../../src/gateway/stores/redis-store.ts';
import { startRedis } from '../../kit/redis.ts';
import { rampBytes, startScripted } from '../../kit/scripted-server.ts';
import { atEnd, sleep, until } from '../lines/desk-kit.ts';

const UNITS = 3;
const PROCESSES = 4;
const LINES = 15;

const chunk = JSON.stringify({
  status: 'chunk',
  request_id: 'r',
  data: { audio: rampBytes(240).toString('base64') },
});

/** A service that counts who is spoken to at once, and takes its time. */
async function strictService() {
  const seen = { active: new Set<string>(), most: 0, refused: 0, texts: [] as string[] };
  const server = await startScripted(
    async (socket, request) => {
      if (seen.active.size >= UNITS) {
        seen.refused++;
        socket.send('{"status":"error","error":{"message":"Concurrency limit exceeded","code":"429"}}');
        return;
      }
      const own = String(request.text);
      seen.active.add(own);
      seen.most = Math.max(seen.most, seen.active.size);
      seen.texts.push(own);
      for (let sent = 0; sent < 4; sent++) {
        socket.send(chunk);
        await sleep(20);
      }
      seen.active.delete(own);
      socket.send('{"status":"complete"}');
    },
    { path: '/waves/v1/tts/live' },
  );
  atEnd(() => server.close());
  return { url: server.url, seen };
}

interface Started {
  readonly child: ChildProcess;
  readonly lines: { text: string; samples: number }[];
  readonly said: () => string;
}

function start(redis: string, upstream: string, name: string): Started {
  const file = join(import.meta.dirname, '../../kit/line-process.ts');
  const args = ['--import', 'tsx', file, redis, upstream, String(UNITS), String(LINES), name];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  atEnd(() => child.kill('SIGKILL'));
  const lines: { text: string; samples: number }[] = [];
  let said = '';
  let rest = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    const whole = (rest + text).split('\n');
    rest = whole.pop()!;
    for (const line of whole) if (line.startsWith('{')) lines.push(JSON.parse(line));
  });
  return { child, lines, said: () => said };
}

describe('four gateways with one account', () => {
  it('never ask for more at a time than it has, also when one of them is killed, and lose nothing else', async () => {
    const redis = await startRedis();
    atEnd(() => redis.close());
    const { url, seen } = await strictService();
    const started = Array.from({ length: PROCESSES }, (_, at) => start(redis.url, url, `p${at}`));
    const [victim, ...others] = started;
    const ends = others.map(({ child }) => once(child, 'exit'));
    await until(() => victim!.lines.length > 0 && seen.texts.length > 10);
    victim!.child.kill('SIGKILL');
    for (const [at, [code]] of (await Promise.all(ends)).entries()) {
      expect(code, others[at]!.said()).toBe(0);
      expect(others[at]!.lines).toHaveLength(LINES);
      for (const { samples } of others[at]!.lines) expect(samples).toBe(960);
    }
    expect(seen.most).toBe(UNITS);
    expect(seen.refused).toBe(0);
    const spoken = others.flatMap(({ lines }) => lines.map(({ text }) => text));
    expect(spoken.filter((text) => seen.texts.filter((other) => other === text).length !== 1)).toEqual([]);
    // What the killed one had comes free by itself.
    const store = await openRedisStore({ url: redis.url });
    atEnd(() => store.close());
    let taken = 0;
    await until(async () => {
      if (await store.leases.take('shared', UNITS, 60)) taken++;
      else await sleep(200);
      return taken === UNITS;
    });
  }, 60_000);
});
