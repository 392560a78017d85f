import { SpeechError } from '../../speech/errors.ts';
import type { ManifestLine } from '../../speech/manifest.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SpeechRequest, VoiceSource } from '../../speech/source.ts';
import { collectTrack, type Track } from '../../speech/track.ts';
import { trackParts } from '../../speech/track-parts.ts';
import { LeaderGoneError, type LineStreams, type LineWriter } from '../stores/store.ts';
import type { Line } from './line.ts';
import type { Refund } from './line-request.ts';
import type { LineTier, LineTiers } from './line-tiers.ts';

/** What is to be made. */
export interface LineOrder {
  readonly line: Line;
  /** Undefined where it may only be found: then nothing is spoken. */
  readonly request: SpeechRequest | undefined;
  /** The track of the baked folder that fits. */
  readonly baked: ManifestLine | undefined;
}

/** Makes lines: from what is kept, from another gateway that makes it, or by the source, for other gateways too. */
export class LineMaker {
  readonly #source: VoiceSource;
  readonly #tiers: LineTiers;
  readonly #streams: LineStreams;
  readonly #onTier: (tier: LineTier) => void;

  constructor(source: VoiceSource, tiers: LineTiers, streams: LineStreams, onTier: (tier: LineTier) => void) {
    this.#source = source;
    this.#tiers = tiers;
    this.#streams = streams;
    this.#onTier = onTier;
  }

  /** The parts of a line, `end` last. Goes on after it for those who shall find the line later. */
  async *make(order: LineOrder): AsyncGenerator<SpeechPart, void, void> {
    const { line, request, baked } = order;
    const found = await this.#tiers.find(line.key, baked);
    if (found) {
      yield* this.#replay(line, found.track, found.tier);
      return;
    }
    for (;;) {
      if (line.abort.signal.aborted) throw SpeechError.aborted();
      const writer = request && (await this.#streams.lead(line.key));
      if (writer) {
        yield* this.#lead(line, request, writer);
        return;
      }
      if (!request && !(await this.#streams.has(line.key))) throw SpeechError.closedEarly('the line');
      if (yield* this.#follow(line)) {
        if (request) await this.#tiers.keep(line.key, await trackOf(line, request.text), false);
        return;
      }
    }
  }

  async *#replay(line: Line, track: Track, tier: LineTier): AsyncGenerator<SpeechPart, void, void> {
    this.#onTier(tier);
    line.begin('hit', track);
    yield* trackParts(track, { signal: line.abort.signal, shared: true });
  }

  /** Speaks it, and tells other gateways. */
  async *#lead(
    line: Line,
    request: SpeechRequest,
    writer: LineWriter,
  ): AsyncGenerator<SpeechPart, void, void> {
    const unlift = writer.onLift((priority) => line.lift(priority));
    const { signal } = line.abort;
    let refund: Refund | undefined;
    try {
      // It may have become whole elsewhere since it was looked for.
      const shared = await this.#tiers.findShared(line.key);
      if (shared) {
        yield* this.#replay(line, shared, 'cluster');
        await writer.fail(SpeechError.aborted()); // Who followed looks again, and finds it.
        return;
      }
      const { voice = '', lang = '' } = request;
      const { priority, onLift } = line;
      line.writer = writer;
      try {
        refund = await line.collect([...request.text].length);
      } catch (error) {
        await writer.fail(SpeechError.aborted()); // Those of other gateways may have means of their own.
        throw error;
      }
      if (signal.aborted) {
        await refund?.();
        throw SpeechError.aborted();
      }
      let told = false;
      for await (const part of this.#source.speak({ ...request, priority, onLift }, signal)) {
        const own = ownPart(part);
        if (!told) {
          told = true;
          const { timing } = this.#source;
          line.begin('fresh', { voice, lang, timing });
          writer.write({ type: 'head', voice, lang, timing });
        }
        writer.write(own);
        yield own;
      }
      if (line.log.state !== 'whole') throw SpeechError.closedEarly(this.#source.name);
      await this.#tiers.keep(line.key, await trackOf(line, request.text), true);
      await writer.finish();
    } catch (error) {
      await writer.fail(speechErrorOf(error, this.#source.name));
      throw error;
    } finally {
      // Whoever cancels has paid: else a ticket could have a service speak without end, and hear none of it.
      if (line.log.samples === 0 && !signal.aborted) await refund?.();
      // Of a line that grew too long nothing more is asked, and this is where it ends.
      await writer.fail(SpeechError.aborted());
      unlift();
    }
  }

  /** Reads it from the gateway that makes it; gives false where that one went away before any sound. */
  async *#follow(line: Line): AsyncGenerator<SpeechPart, boolean, void> {
    this.#streams.lift(line.key, line.priority);
    const unlift = line.onLift((priority) => this.#streams.lift(line.key, priority));
    const early: SpeechPart[] = []; // Until there is sound another may have to speak it from the beginning.
    try {
      for await (const piece of this.#streams.follow(line.key, line.abort.signal)) {
        if (piece.type === 'head') line.begin('joined', piece);
        else if (line.log.samples === 0 && piece.type !== 'audio' && piece.type !== 'end') early.push(piece);
        else {
          yield* early.splice(0);
          yield piece;
        }
      }
      return true;
    } catch (error) {
      const left = error instanceof SpeechError && error.code === 'aborted' && !line.abort.signal.aborted;
      if (!(left || error instanceof LeaderGoneError)) throw error;
      if (line.log.samples > 0) throw SpeechError.closedEarly('the gateway that spoke the line', error);
      return false;
    } finally {
      unlift();
    }
  }
}

/** A line that is whole as a track. */
export function trackOf({ log }: Line, text: string): Promise<Track> {
  async function* parts() {
    yield* log.parts;
  }
  return log.head.then(({ voice, lang, timing, confidence }) =>
    collectTrack(parts(), { text, voice, lang }, { origin: timing, confidence }),
  );
}

/** What a client may be told of a fault. */
export function speechErrorOf(error: unknown, where: string): SpeechError {
  return error instanceof SpeechError ? error : SpeechError.serviceFailed(where, 'a fault of the gateway.');
}

/** Samples in memory of their own: a piece of a larger block would keep all of it as long as the line is kept. */
function ownPart(part: SpeechPart): SpeechPart {
  if (part.type !== 'audio' || part.samples.byteLength === part.samples.buffer.byteLength) return part;
  return { ...part, samples: part.samples.slice() };
}
