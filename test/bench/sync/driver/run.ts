import { type Listening, startListening } from '../../../kit/children.ts';
import type { ScriptedServer } from '../../../kit/scripted-server.ts';
import { analyse, type Findings, referencesOf } from '../analysis/analyse.ts';
import { plantDelay, plantDrift } from '../analysis/planted.ts';
import type { CodedLine } from '../coded/coded-line.ts';
import type { Recording } from '../recording.ts';
import { BenchSite } from './bench-site.ts';
import { type Network, urlThrough } from './networks.ts';
import { startPacedAsync } from './paced-server.ts';

/** A face that is 100 ms early, and one that loses 0.2 %: what every analysis must find in a copy of its data. */
export const PLANTED_MS = -100;
export const PLANTED_DRIFT = 0.002;

/** A median frame longer than this spoils a run, milliseconds. */
export const SLOWEST_FRAME_MS = 20;
/** A device that drops out more often than this in a run is not healthy. */
export const MOST_DROPOUTS = 3;
/** How often a spoiled run is made again. */
const REPEATS = 2;

/** One network at one rate. */
export interface Run {
  readonly network: Network;
  /** Rate of the audio that is sent, Hz. */
  readonly rate: number;
  /** Seconds of it. */
  readonly seconds: number;
  /** How often it was made again because frames took too long or the device dropped out. */
  readonly repeats: number;
  readonly findings: Findings;
  /** What was found where the face was made 100 ms early. */
  readonly delayed: Findings;
  /** What was found where it was made to lose time. */
  readonly drifting: Findings;
  readonly recording: Recording;
  readonly lines: readonly CodedLine[];
}

/** A speech service and the networks before it. */
interface Service {
  readonly server: ScriptedServer;
  readonly proxy: Listening;
}

/** The page and its speech services. Close it when done. */
export class Bench {
  readonly #site: BenchSite;
  readonly #services: ReadonlyMap<number, Service>;
  readonly #lines: readonly CodedLine[];

  private constructor(site: BenchSite, services: ReadonlyMap<number, Service>, lines: readonly CodedLine[]) {
    this.#site = site;
    this.#services = services;
    this.#lines = lines;
  }

  /** `lines` of all runs; those of one rate have different texts. */
  static async openAsync(lines: readonly CodedLine[]): Promise<Bench> {
    const services = new Map<number, Service>();
    for (const rate of new Set(lines.map(({ sampleRate }) => sampleRate))) {
      const server = await startPacedAsync(lines.filter(({ sampleRate }) => sampleRate === rate));
      services.set(rate, { server, proxy: await startListening('test/kit/fault-proxy.ts', server.url) });
    }
    return new Bench(await BenchSite.openAsync(), services, lines);
  }

  get browserVersion(): string {
    return this.#site.browserVersion;
  }

  /**
   * Says all lines of one rate through a network, and judges what was heard and seen; up to `mostRepeats` times more
   * where the machine was not fit for it.
   */
  async runAsync(network: Network, rate: number, mostRepeats = REPEATS): Promise<Run> {
    const lines = this.#lines.filter((line) => line.sampleRate === rate);
    const texts = lines.map(({ text }) => text);
    const url = urlThrough(this.#services.get(rate)!.proxy.url, network);
    let best: { recording: Recording; findings: Findings } | undefined;
    let repeats = -1;
    let references: readonly Float32Array[] | undefined;
    do {
      repeats++;
      const recording = await this.#site.recordAsync(url, rate, texts);
      references ??= referencesOf(lines, recording.sampleRate);
      const findings = analyse(recording, lines, references);
      if (!best || spoiltness(findings) < spoiltness(best.findings)) best = { recording, findings };
    } while (spoiltness(best.findings) > 0 && repeats < mostRepeats);
    return {
      network,
      rate,
      seconds: lines.reduce((sum, { samples }) => sum + samples.length / rate, 0),
      repeats,
      ...best,
      delayed: analyse(plantDelay(best.recording, -PLANTED_MS), lines, references),
      drifting: analyse(plantDrift(best.recording, PLANTED_DRIFT), lines, references),
      lines,
    };
  }

  async close(): Promise<void> {
    for (const { proxy } of this.#services.values()) proxy.kill();
    await Promise.all([
      this.#site.close(),
      ...[...this.#services.values()].map(({ server }) => server.close()),
    ]);
  }
}

/** 0 where the machine was fit for the run; more the less it was. */
function spoiltness({ medianFrameMs, dropouts }: Findings): number {
  return Math.max(0, medianFrameMs - SLOWEST_FRAME_MS) + Math.max(0, dropouts.length - MOST_DROPOUTS);
}
