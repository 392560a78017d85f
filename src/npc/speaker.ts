import { LiveTracks } from '../playback/live-tracks.ts';
import { type EmotionTables, resolveFeeling } from '../pose/emotion.ts';
import { resolveEffort } from '../speech/effort.ts';
import { InputError } from '../speech/errors.ts';
import { UNTIMED_LOOK_AHEAD } from '../speech/source.ts';
import type { Track } from '../speech/track.ts';
import { Following } from './following.ts';
import type { Heard } from './heard.ts';
import type { Line } from './line.ts';
import { LineMaker, type LineSettings, type Prepared, type Sayable, speechOf } from './line-maker.ts';
import { LineQueue } from './line-queue.ts';
import type { OpenLivePlayer, OpenPlayer, StopOptions } from './line-types.ts';
import { LiveLine } from './live-line.ts';
import type { LiveSayOptions, NpcOptions, SayOptions, WhileSpeaking } from './npc-options.ts';
import type { LineFeeling } from './puppet.ts';
import type { TurnLine } from './turn-line.ts';

/** Shortest delay in which a shape can be told from its sound, and the longest that still is a talk, seconds. */
const LEAST_LOOK_AHEAD = 0.1;
const MOST_LOOK_AHEAD = 0.5;

/** What a speaker shares with others. */
export interface SpeakerSettings {
  readonly lineSettings: LineSettings;
  /** Emotions of the game's own. */
  readonly emotions: EmotionTables;
}

/** Those among whom a character speaks. */
export interface Stage {
  /** Whether nobody hears it now. */
  readonly unheard: boolean;
  /** Waits until a line may begin, or is over; none where it need not. */
  turnOf(line: TurnLine, priority: number): Promise<void> | undefined;
}

/** What one character says: lines, one after the other, each with what is felt meanwhile. */
export class Speaker {
  /** Lines that have an emotion of their own. */
  readonly feelings = new WeakMap<Line, LineFeeling>();

  /** Decibels of lines that have an effort of their own. */
  readonly efforts = new WeakMap<Line, number>();

  readonly #options: NpcOptions;
  readonly #emotions: EmotionTables;
  readonly #lines: LineMaker;
  readonly #queue: LineQueue;
  readonly #openLivePlayer: OpenLivePlayer;
  readonly #stage: Stage | undefined;

  constructor(
    options: NpcOptions,
    { lineSettings, emotions }: SpeakerSettings,
    openPlayer: OpenPlayer,
    openLivePlayer: OpenLivePlayer,
    stage?: Stage,
  ) {
    this.#options = options;
    this.#openLivePlayer = openLivePlayer;
    this.#stage = stage;
    this.#emotions = emotions;
    this.#lines = new LineMaker(lineSettings);
    this.#queue = new LineQueue(openPlayer, (line) => stage?.turnOf(line, line.priority));
  }

  /** The line whose turn it is. */
  get line(): TurnLine | undefined {
    return this.#queue.current;
  }

  /** Whether it has something to say, and may not yet. */
  get waiting(): boolean {
    return this.#queue.waits;
  }

  /** Lines that wait for their turn. */
  get linesWaiting(): number {
    return this.#queue.linesWaiting;
  }

  /** As `TalkingNpc.say`. */
  say(what: Sayable, options: SayOptions): TurnLine {
    const settings = this.#withDefaults(options);
    // One that passes unheard may be joined in its midst.
    const kept = this.#stage?.unheard ? { ...settings, keep: true } : settings;
    const following = options.after && new Following(options.after);
    return this.#take(options, (dropped) => {
      const line = this.#lines.lineOf(what, kept, !dropped);
      if (following) line.follow(following);
      return line;
    });
  }

  /** As `TalkingNpc.speakFrom`. */
  speakFrom(source: MediaStream | MediaStreamTrack, options: LiveSayOptions): TurnLine {
    const { lookAheadSeconds = UNTIMED_LOOK_AHEAD } = options;
    if (!(lookAheadSeconds >= LEAST_LOOK_AHEAD && lookAheadSeconds <= MOST_LOOK_AHEAD)) {
      const expected = `${LEAST_LOOK_AHEAD} to ${MOST_LOOK_AHEAD} seconds`;
      throw new InputError('speakFrom({ lookAheadSeconds })', expected, String(lookAheadSeconds));
    }
    const tracks = new LiveTracks(source, 'speakFrom(source)');
    const saidAtMs = performance.now();
    const openPlayer = this.#openLivePlayer;
    return this.#take(options, () => new LiveLine({ tracks, lookAheadSeconds, saidAtMs, openPlayer }));
  }

  /** As `TalkingNpc.prepare`. */
  prepare(text: string, options: SayOptions): Prepared {
    return this.#lines.prepare(text, this.#withDefaults(options));
  }

  /** What `TalkingNpc.continue` says: the rest of a line that was stopped, as it was said. */
  remainderOf(line: Line, where: string): { readonly what: string | Track; readonly options: SayOptions } {
    const { rest, state, request, rate, keeps, priority, to } = line;
    if (rest === undefined) throw new InputError(where, 'a line that was stopped', `one that is ${state}`);
    const emotion = this.feelings.get(line)?.choice;
    const feeling = emotion === undefined ? {} : { emotion };
    const effort = this.efforts.get(line);
    return {
      what: rest,
      options: {
        ...speechOf(request),
        rate,
        keep: keeps,
        ...feeling,
        ...(effort !== undefined && { effort }),
        ...(priority !== 0 && { priority }),
        ...(to && { to }),
      },
    };
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

  /** Makes a line, and lets it wait for its turn. */
  #take(
    {
      emotion,
      effort,
      priority = 0,
      to,
      whileSpeaking = this.#options.whileSpeaking ?? 'enqueue',
    }: LiveSayOptions,
    lineOf: (dropped: boolean) => TurnLine,
  ): TurnLine {
    const feeling =
      emotion === undefined ? undefined : resolveFeeling('say({ emotion })', emotion, this.#emotions);
    const decibels = effort === undefined ? undefined : resolveEffort('say({ effort })', effort);
    checkPolicy(whileSpeaking);
    if (!Number.isFinite(priority)) throw new InputError('say({ priority })', 'a number', String(priority));
    if (to !== undefined && to !== 'player' && typeof to !== 'object') {
      throw new InputError('say({ to })', "'player' or an NPC", String(to));
    }
    const dropped = whileSpeaking === 'drop' && this.#queue.busy;
    const line = lineOf(dropped);
    if (emotion !== undefined && feeling) this.feelings.set(line, { choice: emotion, ...feeling });
    if (decibels !== undefined) this.efforts.set(line, decibels);
    line.priority = priority;
    line.to = to;
    if (whileSpeaking === 'interrupt') {
      void this.stop();
      void line.fetch(); // While the old line fades, the new one is already on its way.
    }
    if (dropped) void line.stop();
    else this.#queue.add(line);
    return line;
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
