import { type EmotionTables, resolveFeeling } from '../pose/emotion.ts';
import { InputError } from '../speech/errors.ts';
import type { Track } from '../speech/track.ts';
import type { Heard } from './heard.ts';
import type { Line } from './line.ts';
import { LineMaker, type LineSettings, type Prepared, type Sayable, speechOf } from './line-maker.ts';
import { LineQueue } from './line-queue.ts';
import type { OpenPlayer, StopOptions } from './line-types.ts';
import type { NpcOptions, SayOptions, WhileSpeaking } from './npc-options.ts';
import type { LineFeeling } from './puppet.ts';
import type { SpokenLine } from './spoken-line.ts';

/** What a speaker shares with others. */
export interface SpeakerSettings {
  readonly lineSettings: LineSettings;
  /** Emotions of the game's own. */
  readonly emotions: EmotionTables;
}

/** What one character says: lines, one after the other, each with what is felt meanwhile. */
export class Speaker {
  /** Lines that have an emotion of their own. */
  readonly feelings = new WeakMap<Line, LineFeeling>();

  readonly #options: NpcOptions;
  readonly #emotions: EmotionTables;
  readonly #lines: LineMaker;
  readonly #queue: LineQueue;

  constructor(options: NpcOptions, { lineSettings, emotions }: SpeakerSettings, openPlayer: OpenPlayer) {
    this.#options = options;
    this.#emotions = emotions;
    this.#lines = new LineMaker(lineSettings);
    this.#queue = new LineQueue(openPlayer);
  }

  /** The line whose turn it is. */
  get line(): SpokenLine | undefined {
    return this.#queue.current;
  }

  /** As `TalkingNpc.say`. */
  say(what: Sayable, options: SayOptions): SpokenLine {
    const { emotion } = options;
    const feeling =
      emotion === undefined ? undefined : resolveFeeling('say({ emotion })', emotion, this.#emotions);
    const { whileSpeaking = this.#options.whileSpeaking ?? 'enqueue' } = options;
    checkPolicy(whileSpeaking);
    const dropped = whileSpeaking === 'drop' && this.#queue.busy;
    const line = this.#lines.lineOf(what, this.#withDefaults(options), !dropped);
    if (emotion !== undefined && feeling) this.feelings.set(line, { choice: emotion, ...feeling });
    if (whileSpeaking === 'interrupt') {
      void this.stop();
      void line.fetch(); // While the old line fades, the new one is already on its way.
    }
    if (dropped) void line.stop();
    else this.#queue.add(line);
    return line;
  }

  /** As `TalkingNpc.prepare`. */
  prepare(text: string, options: SayOptions): Prepared {
    return this.#lines.prepare(text, this.#withDefaults(options));
  }

  /** What `TalkingNpc.continue` says: the rest of a line that was stopped, as it was said. */
  remainderOf(line: Line, where: string): { readonly what: string | Track; readonly options: SayOptions } {
    const { rest, state, request, rate, keeps } = line;
    if (rest === undefined) throw new InputError(where, 'a line that was stopped', `one that is ${state}`);
    const emotion = this.feelings.get(line)?.choice;
    const feeling = emotion === undefined ? {} : { emotion };
    return { what: rest, options: { ...speechOf(request), rate, keep: keeps, ...feeling } };
  }

  /** As `TalkingNpc.stop`. */
  async stop(options: StopOptions = {}): Promise<Heard | undefined> {
    const dropped = this.#queue.clear();
    const first = this.#queue.current ?? dropped.shift();
    for (const line of dropped) void line.stop();
    return first?.stop(options);
  }

  /** Gives up what is prepared. */
  clear(): void {
    this.#lines.clear();
  }

  /** Called once a frame: fetches ahead. */
  update(): void {
    this.#queue.update();
  }

  #withDefaults(options: SayOptions): SayOptions {
    const { voice, lang, speed } = this.#options;
    return { ...options, ...speechOf({ voice, lang, speed }), ...speechOf(options) };
  }
}

function checkPolicy(policy: WhileSpeaking): void {
  if (policy === 'enqueue' || policy === 'interrupt' || policy === 'drop') return;
  throw new InputError('say({ whileSpeaking })', 'enqueue, interrupt or drop', String(policy));
}
