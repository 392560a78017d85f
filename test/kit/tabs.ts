/**
 * A Chromium as a person has it: tabs are hidden while another one is in front, and pages may make no sound before a
 * gesture. Playwright keeps every page of its own visible, and what it evaluates counts as a gesture, so this browser is
 * spoken to by the DevTools protocol alone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs';
import { DevTools } from './devtools.ts';

/** How the player may touch the page. */
export type Gesture = 'click' | 'key' | 'tap';

/** How a tab is opened. */
export interface TabOptions {
  /** Runs in the page before anything else does. */
  readonly before?: string;
  /** What the page is told of the browser. */
  readonly userAgent?: string;
}

/** How the browser is opened. */
export interface TabsOptions {
  /** Whether pages may make sound at once, without a gesture. Default true. */
  readonly mayPlay?: boolean;
  readonly flags?: readonly string[];
}

/** Time that a browser may take to start on a busy machine, and to end, seconds. */
const START_SECONDS = 40;
const END_SECONDS = 10;

export class Tabs {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #devtools: DevTools;

  private constructor(process: ChildProcess, profile: string, devtools: DevTools) {
    this.#process = process;
    this.#profile = profile;
    this.#devtools = devtools;
  }

  static async open({ mayPlay = true, flags = [] }: TabsOptions = {}): Promise<Tabs> {
    const profile = await mkdtemp(join(tmpdir(), 'parley-tabs-'));
    const process = spawn(
      findChromium() ?? chromium.executablePath(),
      [
        ...CHROMIUM_ARGS.filter((flag) => mayPlay || !flag.startsWith('--autoplay-policy')),
        ...(mayPlay ? [] : ['--autoplay-policy=document-user-activation-required']),
        '--headless=new',
        '--mute-audio', // Without a sound card Chromium would look for one at every context.
        '--no-sandbox',
        '--no-default-browser-check',
        '--remote-debugging-port=0',
        `--user-data-dir=${profile}`,
        ...flags,
        'about:blank',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    try {
      const devtools = await DevTools.open(await addressOf(process));
      await devtools.send('Target.setDiscoverTargets', { discover: true }); // Tells of crashes.
      return new Tabs(process, profile, devtools);
    } catch (error) {
      await end(process, profile);
      throw error;
    }
  }

  /** Opens a tab in front. */
  async tab(url: string, { before, userAgent }: TabOptions = {}): Promise<Tab> {
    const { targetId } = await this.#devtools.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.#devtools.send('Target.attachToTarget', { targetId, flatten: true });
    const tab = new Tab(this.#devtools, String(targetId), String(sessionId));
    await tab.send('Page.enable');
    if (before) await tab.send('Page.addScriptToEvaluateOnNewDocument', { source: before });
    if (userAgent) await tab.send('Emulation.setUserAgentOverride', { userAgent });
    const { errorText } = await tab.send('Page.navigate', { url }, 60);
    if (errorText) throw new Error(`${url}: ${errorText}`);
    return tab;
  }

  async close(): Promise<void> {
    await this.#devtools.send('Browser.close', {}, undefined, END_SECONDS).catch(() => {}); // It may hang up first.
    this.#devtools.close();
    await end(this.#process, this.#profile);
  }
}

/** A tab of {@link Tabs}. */
export class Tab {
  readonly #devtools: DevTools;
  readonly #targetId: string;
  readonly #sessionId: string;

  /** Use {@link Tabs.tab}. */
  constructor(devtools: DevTools, targetId: string, sessionId: string) {
    this.#devtools = devtools;
    this.#targetId = targetId;
    this.#sessionId = sessionId;
  }

  send(method: string, params: object = {}, seconds?: number): Promise<Record<string, unknown>> {
    return this.#devtools.send(method, params, this.#sessionId, seconds);
  }

  /** Tells the events of this tab, until it is ended by what is returned. */
  listen(listener: (event: string, params: object) => void): () => void {
    return this.#devtools.listen((event, sessionId, params) => {
      if (sessionId === this.#sessionId) listener(event, params);
    });
  }

  /** Puts the tab in front of all others. */
  async show(): Promise<void> {
    await this.#devtools.send('Target.activateTarget', { targetId: this.#targetId });
  }

  /** The value of an expression in the page, once its promise has settled; a thrown error is thrown here. No gesture. */
  async evaluate<T>(expression: string, seconds = 20): Promise<T> {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', options, seconds);
    if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return (result as { value: T }).value;
  }

  /** What the player does: a real one to the page, in its upper left corner. */
  async gesture(kind: Gesture): Promise<void> {
    const at = { x: 20, y: 20 };
    if (kind === 'click') {
      for (const type of ['mousePressed', 'mouseReleased'])
        await this.send('Input.dispatchMouseEvent', { type, ...at, button: 'left', clickCount: 1 });
    } else if (kind === 'tap') {
      await this.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
      await this.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    } else {
      for (const type of ['keyDown', 'keyUp'])
        await this.send('Input.dispatchKeyEvent', { type, key: 'a', code: 'KeyA', text: 'a' });
    }
  }

  async close(): Promise<void> {
    await this.#devtools.send('Target.closeTarget', { targetId: this.#targetId });
  }
}

/** The address at which the browser takes DevTools connections: it prints a line of it. */
function addressOf(process: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (reason: string) => {
      clearTimeout(timer);
      reject(new Error(`Chromium ${reason}: ${said.slice(-2000)}`));
    };
    const timer = setTimeout(() => fail(`did not start within ${START_SECONDS} s`), START_SECONDS * 1000);
    process.once('error', ({ message }) => fail(message));
    process.once('exit', (code) => fail(`ended with ${code}`));
    process.stderr?.on('data', (data) => {
      said += data;
      const [, address] = /DevTools listening on (ws:\S+)\n/.exec(said) ?? []; // Whole, with its end of line.
      if (!address) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}

async function end(process: ChildProcess, profile: string): Promise<void> {
  if (process.exitCode === null && process.signalCode === null) {
    const ended = new Promise((resolve) => process.once('exit', resolve));
    const timer = setTimeout(() => process.kill('SIGKILL'), END_SECONDS * 1000);
    process.kill();
    await ended;
    clearTimeout(timer);
  }
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
