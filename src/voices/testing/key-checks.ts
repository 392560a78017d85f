import { inspect } from 'node:util';
import { InputError } from '../../speech/errors.ts';
import type { Bench } from './bench.ts';
import { ConformanceError, demand, shown } from './conformance-error.ts';
import type { Definition } from './definition.ts';
import type { Faults } from './fault-proxy.ts';

const SCRUB =
  'Take the key out of every word that is passed on: of the service, of the platform, of the address. Keep it out of causes, too.';

/** That nobody ever sees the key. */
export const KEY_CHECKS: readonly Definition[] = [
  {
    name: 'the key is in no error and on no console',
    seconds: 60,
    when: ({ key }) => key !== undefined,
    async run(bench) {
      const key = bench.subject.key!;
      const heard = await hearConsole(async () => {
        for (const [when, fail] of failures(bench, key)) demandSecret(await fail(), when, key);
      });
      const leak = leakIn(heard, key);
      demand(
        leak === undefined,
        'a console without the key',
        String(leak),
        'Write nothing to the console, least of all addresses and headers.',
      );
    },
  },
  {
    name: 'a page that holds a key is refused, and told of the gateway',
    when: ({ key }) => key !== undefined,
    async run(bench) {
      const error = await inPage(() => {
        const line = bench.open().speak(bench.request(bench.texts.short), new AbortController().signal);
        return line[Symbol.asyncIterator]().next();
      });
      demand(
        error instanceof InputError && /gateway/i.test(error.message),
        'an InputError that names the gateway',
        error ? shown(error) : 'a line',
        'A key in a page is everyone’s: where there is a document, refuse it, and tell of `parley serve`.',
      );
      demandSecret(error, 'in a page', bench.subject.key!);
    },
  },
];

/** Everything that can go wrong with a key nearby; each gives the error. */
function failures(bench: Bench, key: string): [string, () => Promise<unknown>][] {
  const speak = (faults: Faults) => async () => {
    bench.proxy.behave(faults);
    const timeouts = { connect: bench.short, firstAudio: bench.short, stall: bench.short };
    return (await bench.say(bench.open({ timeouts }), bench.texts.short)).error;
  };
  const words = `no such key: ${key}`;
  const guess = JSON.stringify({ type: 'error', status: 'error', error: { message: words }, message: words });
  const told = bench.subject.errorMessage?.(words) ?? guess;
  return [
    ['a refusal that repeats it', speak({ refuse: { status: 401, body: told } })],
    [
      'a plain refusal that repeats it',
      speak({ refuse: { status: 403, body: `The key ${key} is not known.` } }),
    ],
    ['an error message that repeats it', speak({ inject: { after: 0, data: told } })],
    ['garbage that repeats it', speak({ inject: { after: 0, data: `?${key}?` } })],
    [
      'a close that repeats it',
      speak({ pass: 1, next: 'close', closeWith: { code: 1008, reason: `bad ${key}`.slice(0, 120) } }),
    ],
    ['a connection that breaks', speak({ pass: 1, next: 'cut' })],
    ['a service that never answers', speak({ pass: 0 })],
    ['a handshake that is never answered', speak({ hang: true })],
    [
      'an address that is none',
      async () => {
        try {
          const url = new URL(bench.proxy.url);
          url.protocol = 'ftp:';
          const source = bench.openAt(`ftp${bench.proxy.url.slice(bench.proxy.url.indexOf(':'))}`);
          return (await bench.say(source, bench.texts.short)).error;
        } catch (error) {
          if (error instanceof ConformanceError) throw error;
          return error;
        }
      },
    ],
  ];
}

/** Demands that an error holds the key nowhere: message, stack, causes, JSON, fields. */
function demandSecret(error: unknown, when: string, key: string): void {
  const places: [string, string][] = [
    ['what it prints as', inspect(error, { depth: 8, getters: true, maxStringLength: null })],
    ['its text', String(error)],
    ['its JSON', json(error)],
  ];
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    places.push(['its stack or a cause’s', `${cause.message} ${cause.stack}`]);
  for (const [where, text] of places) {
    const leak = leakIn(text, key);
    demand(leak === undefined, `no key in the error of ${when}`, `it in ${where}: ${leak}`, SCRUB);
  }
}

/** The key in any form in which it travels, with what stands around it; the key itself is not shown. */
function leakIn(text: string, key: string): string | undefined {
  const forms = [
    key,
    encodeURIComponent(key),
    JSON.stringify(key).slice(1, -1),
    Buffer.from(key).toString('base64'),
  ];
  for (const form of forms) {
    const at = text.indexOf(form);
    if (at >= 0)
      return `${text.slice(Math.max(0, at - 60), at)}<KEY>${text.slice(at + form.length, at + form.length + 20)}`;
  }
  return undefined;
}

function json(error: unknown): string {
  try {
    return JSON.stringify(error, Object.getOwnPropertyNames(error ?? {})) ?? '';
  } catch {
    return ''; // What cannot be written as JSON leaks nothing by it.
  }
}

const { console: written } = globalThis;
const WAYS = ['debug', 'dir', 'error', 'group', 'info', 'log', 'table', 'trace', 'warn'] as const;

/** Who listens to the console; the console is its own again when nobody does. */
const listeners = new Set<(line: string) => void>();
let restore = () => {};

/** What is written to the console and to the streams behind it meanwhile; it is written all the same. */
async function hearConsole(act: () => Promise<void>): Promise<string> {
  const heard: string[] = [];
  const listener = (line: string) => heard.push(line);
  if (listeners.size === 0) restore = tapConsole();
  listeners.add(listener);
  try {
    await act();
  } finally {
    listeners.delete(listener);
    if (listeners.size === 0) restore();
  }
  return heard.join('\n');
}

function tapConsole(): () => void {
  const own = WAYS.map((way) => [way, written[way]] as const);
  for (const [way, write] of own) {
    written[way] = (...words: unknown[]) => {
      const line = words.map((word) => inspect(word, { depth: 8 })).join(' ');
      for (const listener of listeners) listener(line);
      Reflect.apply(write, written, words);
    };
  }
  const streams = [process.stdout, process.stderr].map((stream) => [stream, stream.write] as const);
  for (const [stream, write] of streams) {
    stream.write = (...words: unknown[]) => {
      const [line] = words;
      for (const listener of listeners)
        listener(typeof line === 'string' ? line : Buffer.from(line as Uint8Array).toString());
      return Reflect.apply(write, stream, words);
    };
  }
  return () => {
    for (const [way, write] of own) written[way] = write;
    for (const [stream, write] of streams) stream.write = write;
  };
}

/** What `act` throws, now or later, where there is a document; there is one only until it has been called. */
async function inPage(act: () => Promise<unknown>): Promise<unknown> {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'document');
  Object.defineProperty(globalThis, 'document', { value: {}, configurable: true });
  let acted: Promise<unknown>;
  try {
    acted = act();
  } catch (error) {
    return error;
  } finally {
    if (own) Object.defineProperty(globalThis, 'document', own);
    else Reflect.deleteProperty(globalThis, 'document');
  }
  return acted.then(
    () => undefined,
    (error: unknown) => error,
  );
}
