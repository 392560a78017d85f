import type { LineTimes } from '../cutscene/line-times.ts';
import { estimateTimes } from '../cutscene/line-times.ts';
import type { SayBeat, Script } from '../cutscene/script.ts';
import type { SpokenBeat, Timeline } from '../cutscene/timeline.ts';
import { draftTrackAsync } from '../lipsync/timing/draft-track.ts';
import type { VoiceSource } from '../speech/source.ts';
import { collectTrack, type Track } from '../speech/track.ts';
import { trackOf } from '../speech/track-of.ts';

/** Lines that are fetched ahead of the playhead, and at once. */
const AHEAD = 6;
const AT_ONCE = 2;

/** Samples a second of the silence of a line that nobody could speak. */
const SILENT_RATE = 8_000;

/** What is known of a line of the script. */
interface Slot {
  readonly tracks: Map<string, Track>;
  readonly fetching: Set<string>;
}

/** How the voice of a character is asked for, where the script does not say it. */
export interface Manner {
  readonly voice?: string | undefined;
  readonly lang?: string | undefined;
  readonly speed?: number | undefined;
}

/** The lines of a scene as tracks, fetched ahead of the playhead. */
export class LineTracks {
  readonly #script: Script;
  readonly #source: VoiceSource;
  readonly #mannerOf: (who: string) => Manner;
  readonly #onTrack: () => void;
  readonly #onFailure: (error: unknown, text: string) => void;
  readonly #slots = new Map<string, Slot>();
  readonly #abort = new AbortController();
  #running = 0;

  /**
   * `onTrack` fires when a line is known whole; `onFailure` when the source could not speak one: it is then shown in
   * silence, with a mouth of its text, so that the scene goes on.
   */
  constructor(
    script: Script,
    source: VoiceSource,
    mannerOf: (who: string) => Manner,
    on: { track: () => void; failure: (error: unknown, text: string) => void },
  ) {
    this.#script = script;
    this.#source = source;
    this.#mannerOf = mannerOf;
    this.#onTrack = on.track;
    this.#onFailure = on.failure;
  }

  /** When a line is spoken, once all who say it are known; for the time line. */
  readonly timesOf = (id: string, beat: SayBeat): LineTimes | undefined => {
    const speakers = [beat.by].flat();
    const tracks = speakers.map((who) => this.#slots.get(id)?.tracks.get(who));
    if (!tracks.every((track) => track !== undefined)) return undefined;
    return {
      duration: Math.max(...tracks.map(({ duration }) => duration)),
      words: tracks[0]!.words,
      estimated: false,
    };
  };

  trackOf(id: string, who: string): Track | undefined {
    return this.#slots.get(id)?.tracks.get(who);
  }

  /** Fetches what comes next, the nearest first. Cheap where there is nothing to fetch. */
  fetchAhead({ lines }: Timeline, seconds: number): void {
    let ahead = 0;
    for (let index = 0; index < lines.length && ahead < AHEAD && this.#running < AT_ONCE; index++) {
      const line = lines[index]!;
      if (line.end < seconds) continue;
      ahead++;
      if (line.times.estimated) this.#fetch(line);
    }
  }

  dispose(): void {
    this.#abort.abort();
  }

  #fetch({ id, beat }: SpokenBeat): void {
    const slot = this.#slotOf(id);
    for (const who of [beat.by].flat()) {
      if (slot.fetching.has(who) || this.#running >= AT_ONCE) continue;
      slot.fetching.add(who);
      this.#running++;
      void this.#speak(beat.say, who).then((track) => {
        this.#running--;
        if (this.#abort.signal.aborted) return;
        slot.tracks.set(who, track);
        this.#onTrack();
      });
    }
  }

  #slotOf(id: string): Slot {
    const there = this.#slots.get(id);
    if (there) return there;
    const slot = { tracks: new Map(), fetching: new Set<string>() };
    this.#slots.set(id, slot);
    return slot;
  }

  /** Never rejects: a line that cannot be spoken is shown. */
  async #speak(text: string, who: string): Promise<Track> {
    const manner = { ...this.#mannerOf(who), ...this.#script.cast[who] };
    const { voice = '', lang = 'en' } = manner;
    try {
      const parts = this.#source.speak({ text, ...manner }, this.#abort.signal);
      return await collectTrack(parts, { text, voice, lang }, this.#source.timing);
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#onFailure(error, text);
      return draftTrackAsync(text, { lang, voice }).catch(() => silentTrack(text, voice, lang));
    }
  }
}

/** For languages that nobody reads here: as long as it would take. */
function silentTrack(text: string, voice: string, lang: string): Track {
  const samples = new Int16Array(Math.ceil(estimateTimes(text).duration * SILENT_RATE));
  return trackOf({ text, voice, lang, samples, sampleRate: SILENT_RATE });
}
