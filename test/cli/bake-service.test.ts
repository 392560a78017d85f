/** `parley bake` while others write, and through services that refuse, break off and hang. */
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtProgram, parley } from '../kit/children.ts';
import { rampBytes, type Script } from '../kit/scripted-server.ts';
import { bake, baked, folder, here, KEY, list, out, scripted } from './bake-kit.ts';

describe('the folder of parley bake', () => {
  const counted = async (script: Script) => {
    const server = await scripted(script);
    return [server, ['--source', 'lokutor', '--url', server.url]] as const;
  };
  const speaks: Script = (socket) => {
    socket.send(rampBytes(4_410));
    socket.send('EOS');
  };

  it("is one run's at a time: a second is refused and loses nothing of the first", async () => {
    const held: (() => void)[] = [];
    const [server, options] = await counted((...args) => void held.push(() => speaks(...args)));
    const first = bake(['One.', 'Two.'], ...options);
    while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const second = await bake(['Three.'], ...here);
    expect([second.code, second.stderr]).toEqual([
      2,
      expect.stringMatching(/^parley: another parley bake \(process \d+\) is writing to .*out; wait for it/),
    ]);
    while (held.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const speak of held) speak();
    expect((await first).code).toBe(0);
    expect(await baked()).toHaveLength(2);
    expect(server.requests).toHaveLength(2);
    expect((await bake(['Three.'], ...here)).code).toBe(0);
    expect(await baked()).toHaveLength(3);
  }, 60_000);

  it.each(['/proc/self', '/proc/none', '/proc/none/deeper'])(
    'is tried before anything is asked for: %s',
    async (out) => {
      const [server, options] = await counted(speaks);
      const ended = await parley('bake', await list(['One.', 'Two.']), '--out', out, ...options);
      expect(ended.stderr.trim().split('\n').at(-1)).toMatch(/^parley: cannot write to \/proc\/\w+/);
      expect(ended.code).toBe(2);
      expect(server.requests).toEqual([]);
    },
    20_000,
  );
});

describe('parley bake through a service', () => {
  const speaks: Script = (socket) => {
    socket.send(rampBytes(4_410));
    socket.send('EOS');
  };
  const from = (url: string) => ['--source', 'lokutor', '--url', url];

  it('leaves a line that is refused, ends with 3, and asks for that one alone the next time', async () => {
    let refusing = true;
    const server = await scripted((socket, request, nth) => {
      if (refusing && request.text === 'Bad.') socket.send(`ERR: ${KEY} may not use this voice`);
      else speaks(socket, request, nth);
    });
    const url = `${server.url}?api_key=${KEY}`;
    const lines = [
      { id: 'a', text: 'Good.' },
      { id: 'b', text: 'Bad.' },
      { id: 'c', text: 'Better.' },
    ];
    const ended = await bake(lines, ...from(url), '--jobs', '1');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toMatch(
      /^parley: 2\/3 b \(lines\.json, \[1\]\): failed\. .*may not use this voice/m,
    );
    expect(ended.stderr).toMatch(/^parley: 1 of 3 lines failed, 2 are done\. .* Run it again to go on\.\n$/m);
    expect(ended.stderr).not.toContain(KEY);
    expect((await baked()).map(({ id }) => id)).toEqual(['a', 'c']);
    refusing = false;
    const before = server.requests.length;
    expect((await bake(lines, ...from(url))).code).toBe(0);
    expect(server.requests.slice(before).map(({ text }) => text)).toEqual(['Bad.']);
    expect((await baked()).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  }, 60_000);

  it('keeps the earlier track of a line that breaks off, and ends with 4', async () => {
    let broken = false;
    const server = await scripted((socket, request, nth) => {
      if (!broken) return speaks(socket, request, nth);
      socket.send(rampBytes(441));
      socket.terminate();
    });
    await bake([{ id: 'a', text: 'One.' }], ...from(server.url));
    broken = true;
    const ended = await bake([{ id: 'a', text: 'Two.' }], ...from(server.url));
    expect(ended.code).toBe(4);
    expect(await baked()).toMatchObject([{ id: 'a', text: 'One.' }]);
  }, 60_000);

  it('does not go on asking with a wrong key, nor where nobody answers', async () => {
    const closed = await scripted(speaks, { handshake: () => 401 });
    const lines = Array.from({ length: 20 }, (_, index) => `Line ${index}.`);
    const refused = await bake(lines, ...from(closed.url), '--jobs', '1');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/1 of 20 lines failed, 0 are done\. 19 more were not tried\./);
    expect(closed.handshakes).toHaveLength(1);
    const nobody = await bake(lines, ...from('ws://127.0.0.1:9/ws'), '--jobs', '2');
    expect(nobody.code).toBe(4);
    expect(nobody.stderr).toMatch(/were not tried\. The first: Could not connect/);
    expect(await readdir(folder)).toEqual(['lines.json']);
  }, 60_000);

  it('speaks as many at a time as it is told, and as the account has units', async () => {
    let [active, most] = [0, 0];
    const slowly: Script = async (socket, request, nth) => {
      most = Math.max(most, ++active);
      await new Promise((resolve) => setTimeout(resolve, 60));
      active--;
      speaks(socket, request, nth);
    };
    const lokutor = await scripted(slowly);
    const lines = Array.from({ length: 12 }, (_, index) => `Line ${index}.`);
    expect((await bake(lines, ...from(lokutor.url), '--jobs', '4')).code).toBe(0);
    expect(most).toBe(4);
    most = 0;
    process.env.SMALLEST_API_KEY = KEY;
    process.env.SMALLEST_UNITS = '2';
    const chunk = { status: 'chunk', data: { audio: rampBytes(4_000).toString('base64') } };
    const lightning = await scripted(
      (socket, request, nth) =>
        slowly(
          {
            send: (data: unknown) =>
              socket.send(data === 'EOS' ? '{"status":"complete"}' : JSON.stringify(chunk)),
          } as never,
          request,
          nth,
        ),
      { path: '/waves/v1/tts/live' },
    );
    const options = ['--source', 'lightning', '--url', lightning.url, '--jobs', '6', '--all'];
    expect((await bake(lines, ...options)).code).toBe(0);
    expect(most).toBe(2);
    expect(await baked()).toHaveLength(12);
  }, 60_000);

  it.each(['SIGKILL', 'SIGINT'] as const)(
    'ended by %s, takes up where it stopped',
    async (signal) => {
      const hung: (() => void)[] = [];
      let slow = true;
      const server = await scripted((socket, request, nth) => {
        if (slow && nth >= 4) hung.push(() => socket.terminate());
        else if (slow) setTimeout(() => speaks(socket, request, nth), 400);
        else speaks(socket, request, nth);
      });
      const lines = Array.from({ length: 8 }, (_, index) => ({ id: `${index}`, text: `Line ${index}.` }));
      const args = ['bake', await list(lines), '--out', out, ...from(server.url), '--jobs', '1'];
      const child = spawn(process.execPath, [builtProgram(), ...args], {
        cwd: join(import.meta.dirname, '../..'),
        stdio: 'ignore',
      });
      const ended = new Promise((resolve) => child.on('close', (code, by) => resolve(by ?? code)));
      while (hung.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill(signal);
      expect(await ended).toBe(signal);
      expect((await readdir(out)).includes('.parley-bake.lock')).toBe(signal === 'SIGKILL');
      slow = false;
      const before = server.requests.length;
      expect((await bake(lines, ...from(server.url))).code).toBe(0);
      const asked = server.requests.length - before;
      // A crash may cost the lines of the last second, of which there are two or three.
      expect(asked).toBeGreaterThanOrEqual(4);
      expect(asked).toBeLessThanOrEqual(signal === 'SIGINT' ? 4 : 7);
      expect(await baked()).toHaveLength(8);
    },
    60_000,
  );
});
