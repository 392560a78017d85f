import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join, normalize } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Profile } from 'wlipsync';
import { CHROMIUM_ARGS, findChromium } from '../../../../../scripts/chromium.mjs';
import type { Cue } from '../../../../../src/speech/cue.ts';
import type { Viseme } from '../../../../../src/speech/viseme.ts';
import type { SpokenLine } from '../../corpus/utterance.ts';
import type { Way } from '../ways.ts';
import type { Shown } from './peers-page.ts';
import { WLIPSYNC_NAMES, wlipsyncProfile } from './wlipsync-profile.ts';

const FPS = 60;
/** Below this weight a mouth is at rest. */
const REST = 0.1;
const HEADAUDIO = dirname(createRequire(import.meta.url).resolve('@met4citizen/headaudio/package.json'));

/** Packages for pages that find the mouth in the sound, run by a real Chromium on the same lines, each line once for all. */
export class Peers {
  readonly #server: Server;
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #profile: Profile;
  readonly #shown = new Map<SpokenLine, Promise<Shown>>();

  private constructor(server: Server, browser: Browser, page: Page, profile: Profile) {
    this.#server = server;
    this.#browser = browser;
    this.#page = page;
    this.#profile = profile;
  }

  static async open(): Promise<Peers> {
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, 'peers-page.ts')],
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2022',
    });
    const server = await serve(outputFiles[0]!.text);
    const executablePath = findChromium();
    const browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      chromiumSandbox: false,
      args: CHROMIUM_ARGS,
    });
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'hear' in globalThis);
    return new Peers(server, browser, page, await wlipsyncProfile());
  }

  /** Each as a way of timing. */
  get ways(): Way[] {
    const ownName = (name: string): Viseme => name.replace('viseme_', '') as Viseme;
    return [
      this.#way('wawa-lipsync', 'wawa', ownName),
      this.#way('wlipsync', 'wlipsync', (name) => WLIPSYNC_NAMES[name]!),
      this.#way('@met4citizen/headaudio', 'headaudio', ownName),
    ];
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }

  #way(name: string, key: keyof Shown, visemeOf: (name: string) => Viseme): Way {
    return {
      name,
      live: true,
      suits: () => true,
      cues: async (line) => cuesOf((await this.#hear(line))[key], visemeOf),
    };
  }

  #hear(line: SpokenLine): Promise<Shown> {
    let shown = this.#shown.get(line);
    if (!shown) {
      const { samples } = line;
      const base64 = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64');
      shown = this.#page.evaluate(([pcm, rate, profile]) => globalThis.hear(pcm, rate, profile), [
        base64,
        line.sampleRate,
        this.#profile,
      ] as const);
      this.#shown.set(line, shown);
    }
    return shown;
  }
}

/** The strongest shape of each frame, from the moment that it is read until the next. */
function cuesOf(frames: readonly Record<string, number>[], visemeOf: (name: string) => Viseme): Cue[] {
  const cues: Cue[] = [];
  for (const [frame, weights] of frames.entries()) {
    let [strongest, weight] = ['', REST];
    for (const [name, value] of Object.entries(weights))
      if (value > weight) [strongest, weight] = [name, value];
    const viseme = strongest === '' ? 'sil' : visemeOf(strongest);
    const last = cues.at(-1);
    const end = (frame + 1) / FPS;
    if (last?.viseme === viseme) cues[cues.length - 1] = { ...last, end };
    else cues.push({ viseme, start: frame / FPS, end, weight });
  }
  return cues;
}

async function serve(script: string): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url!, 'http://page').pathname);
    if (path === '/') {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><script type="module" src="/page.js"></script>');
    } else if (path === '/page.js') {
      response.setHeader('Content-Type', 'text/javascript');
      response.end(script);
    } else if (path.startsWith('/headaudio/')) {
      if (path.endsWith('.mjs')) response.setHeader('Content-Type', 'text/javascript');
      response.end(await readFile(join(HEADAUDIO, path.slice('/headaudio'.length))));
    } else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
