import { setTimeout as sleep } from 'node:timers/promises';
import type { SpeechRequest, VoiceSource } from '../../speech/source.ts';
import type { Timeouts } from '../session/socket-line.ts';
import { ConformanceError, demand, shown } from './conformance-error.ts';
import { FaultProxy } from './fault-proxy.ts';
import { type Reading, readLine, type SpokenLine } from './spoken-line.ts';
import type { Subject, Texts } from './subject.ts';
import { TEXTS } from './texts.ts';

/** Time-outs where a line shall come: a busy machine may pause for a while. */
export const PATIENT: Required<Timeouts> = { connect: 5, firstAudio: 15, stall: 10 };

/** A time-out that a check waits for, where nobody says: longer than a busy machine pauses, seconds. */
const SHORT = 0.6;

/** Time within which what must happen soon has happened, seconds: far more than it takes on a machine with nothing to do. */
export const SOON = 1.5;

/** How a source is opened for a check. */
export interface Opening {
  readonly timeouts?: Partial<Timeouts>;
  readonly sampleRate?: number | undefined;
  /** A piece of query for the service. */
  readonly variant?: string | undefined;
}

/** What one check works with: the service, the proxy before it, and the sources that it opens. */
export class Bench {
  readonly subject: Subject;
  readonly texts: Texts;
  readonly proxy: FaultProxy;
  readonly #opened: VoiceSource[] = [];
  readonly #references: References;

  private constructor(subject: Subject, references: References, proxy: FaultProxy) {
    this.subject = subject;
    this.texts = { ...TEXTS, ...subject.texts };
    this.proxy = proxy;
    this.#references = references;
  }

  /** Runs `use` on a bench of its own, and clears it away. */
  static async run(
    subject: Subject,
    references: References,
    use: (bench: Bench) => Promise<void>,
  ): Promise<void> {
    const served = await subject.serve();
    try {
      const proxy = await FaultProxy.listen(served.url);
      const bench = new Bench(subject, references, proxy);
      try {
        await use(bench);
      } finally {
        for (const source of bench.#opened) source.dispose();
        await proxy.close();
      }
    } finally {
      await served.close?.();
    }
  }

  /** Opens the adapter on the proxy. */
  open({ timeouts, sampleRate, variant }: Opening = {}): VoiceSource {
    const url = new URL(this.proxy.url);
    if (variant) url.search += `${url.search ? '&' : '?'}${variant}`;
    return this.openAt(url.href, { timeouts: { ...PATIENT, ...timeouts }, sampleRate });
  }

  /** Opens the adapter elsewhere. */
  openAt(url: string, { timeouts = {}, sampleRate }: Opening = {}): VoiceSource {
    const source = this.subject.open(url, { timeouts: { ...PATIENT, ...timeouts }, sampleRate });
    this.#opened.push(source);
    return source;
  }

  /** A time-out where a check waits for one, seconds. */
  get short(): number {
    return this.subject.waitSeconds ?? SHORT;
  }

  request(text: string): SpeechRequest {
    return { ...this.subject.request, text };
  }

  /** Speaks a text; whatever happens is in the answer, unless it hangs. */
  say(
    source: VoiceSource,
    text: string,
    reading: Reading & { signal?: AbortSignal } = {},
  ): Promise<SpokenLine> {
    const { signal = new AbortController().signal } = reading;
    return readLine(source.speak(this.request(text), signal), reading);
  }

  /** A line as it is when nothing goes wrong, spoken once for all checks. To be asked for before faults are set. */
  reference(text: string): Promise<Reference> {
    return this.#references.of(text, async () => {
      this.proxy.behave({});
      const source = this.open();
      const { answers } = this.proxy.record;
      const before = answers.length;
      const line = await this.say(source, text);
      source.dispose();
      if (line.failed) {
        throw new ConformanceError(
          `the adapter to speak ${JSON.stringify(text)} when nothing goes wrong`,
          shown(line.error),
          'Mend this first: other checks are held against this line.',
          { cause: line.error },
        );
      }
      return { ...line, messages: answers.length - before };
    });
  }

  /** Demands that a line is the same sound as {@link reference} gave. */
  async demandWhole(line: SpokenLine, text: string, cure: string): Promise<void> {
    const { samples } = await this.reference(text);
    demand(!line.failed, `the whole line ${JSON.stringify(text)}`, shown(line.error), cure);
    demand(
      line.samples.length === samples.length,
      `${samples.length} samples, as without any fault`,
      `${line.samples.length}`,
      cure,
    );
    const wrong = samples.findIndex((sample, index) => sample !== line.samples[index]);
    demand(
      wrong < 0,
      'the same samples as without any fault',
      `another one at ${wrong} of ${samples.length}`,
      cure,
    );
  }

  /** Waits until `holds`, at most {@link SOON}; tells whether it does. */
  async soon(holds: () => boolean): Promise<boolean> {
    for (const until = performance.now() + SOON * 1000; performance.now() < until; await sleep(5)) {
      if (holds()) return true;
    }
    return holds();
  }
}

/** A line with nothing wrong, and what it took. */
export interface Reference extends SpokenLine {
  /** Messages of the service. */
  readonly messages: number;
}

/** Lines that all checks of a subject are held against. */
export class References {
  readonly #lines = new Map<string, Promise<Reference>>();

  of(text: string, speak: () => Promise<Reference>): Promise<Reference> {
    let line = this.#lines.get(text);
    if (!line) {
      line = speak();
      this.#lines.set(text, line);
      line.catch(() => this.#lines.delete(text));
    }
    return line;
  }
}
