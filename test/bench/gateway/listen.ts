/** All who listen, in one process beside the server. */
import { Listener } from './listener.ts';
import { answer, sharedMs } from './part.ts';
import { type Emitted, PIECE_SAMPLES, pieceAt } from './stream.ts';
import { quantile } from './table.ts';

export interface Crowd {
  readonly port: number;
  readonly count: number;
  readonly codec: 'pcm' | 'opus';
  /** Undefined where nothing is asked for, and all get the same. */
  readonly text: string | undefined;
}

const truth = new Map<number, Buffer>();

function isTrue(position: number, payload: Buffer): boolean {
  const nth = position / PIECE_SAMPLES;
  if (!Number.isInteger(nth)) return false;
  let piece = truth.get(nth);
  if (!piece) {
    piece = Buffer.from(pieceAt(nth).buffer);
    truth.set(nth, piece);
  }
  return piece.equals(payload);
}

let crowd: Listener[] = [];
let codec: Crowd['codec'] = 'pcm';
let ended: Promise<unknown> = Promise.resolve();

answer({
  /** Connects all, some at a time. */
  async gather({ port, count, codec: asked }: Crowd) {
    codec = asked;
    crowd = [];
    const check = asked === 'pcm' ? isTrue : () => true;
    while (crowd.length < count) {
      const more = Array.from(
        { length: Math.min(100, count - crowd.length) },
        () => new Listener(port, check),
      );
      await Promise.all(
        more.map((each) => {
          const welcome = each.next('welcome');
          each.tell({ type: 'hello', codecs: [...new Set([asked, 'pcm'])] });
          return welcome;
        }),
      );
      crowd.push(...more);
    }
  },

  /** All ask for the same line; it begins when the source is told. */
  async say({ text }: Crowd) {
    ended = Promise.all(
      crowd.map(async (each) => {
        const begin = text === undefined ? undefined : each.next('begin');
        const end = each.next('end');
        if (text !== undefined) each.tell({ type: 'say', line: 1, text, credit: 16_000_000 });
        await begin;
        await end;
      }),
    );
    ended.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
  },

  /** What was heard, once all have heard the end. */
  async hear(emitted: readonly Emitted[]) {
    await ended;
    const scale = codec === 'opus' ? 48_000 / 44_100 : 1;
    const late: number[] = [];
    const first: number[] = [];
    let wrong = 0;
    for (const { heard, wrong: some } of crowd) {
      wrong += some;
      let piece = 0;
      let position = 0;
      for (const [nth, { position: at, bytes, atMs }] of heard.entries()) {
        if (at !== position) wrong++;
        position = codec === 'pcm' ? at + bytes / 2 : (heard[nth + 1]?.position ?? at);
        // It can be sent once its last sample is there.
        const last = codec === 'pcm' ? position : position / scale;
        while (piece < emitted.length - 1 && emitted[piece]!.endSample < last) piece++;
        // The last bundles are filled up with silence at the end.
        if (codec === 'pcm' || nth < heard.length - 3) late.push(atMs - emitted[piece]!.atMs);
        if (nth === 0) first.push(late.at(-1)!);
      }
      if (codec === 'pcm' && position !== emitted.at(-1)!.endSample) wrong++;
    }
    for (const each of crowd) each.leave();
    crowd = [];
    const at = (share: number) => quantile(late, share);
    return { p50: at(0.5), p99: at(0.99), first: quantile(first, 0.5), wrong };
  },

  /** Time from asking for a line to its first sound, ms: of lines that are new, then of the same once more. */
  async first({ port, count }: Crowd) {
    const one = new Listener(port, () => true);
    const welcome = one.next('welcome');
    one.tell({ type: 'hello', codecs: ['pcm'] });
    await welcome;
    const times: { cold: number[]; cached: number[] } = { cold: [], cached: [] };
    for (const [round, list] of [times.cold, times.cached].entries()) {
      for (let nth = 0; nth < count; nth++) {
        const sound = one.nextSound();
        const end = one.next('end');
        const asked = sharedMs();
        one.tell({ type: 'say', line: 1 + nth + round * count, text: `line ${nth}`, credit: 1_000_000 });
        await sound;
        list.push(sharedMs() - asked);
        await end;
        one.tell({ type: 'done', line: 1 + nth + round * count });
      }
    }
    one.leave();
    return times;
  },

  cpu: () => process.cpuUsage(),
});
