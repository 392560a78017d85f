import { SpeechError } from '../../speech/errors.ts';
import { markedVoices } from '../../speech/marked-voices.ts';
import { parseMarkup } from '../../speech/markup.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SourceTiming, SpeechRequest, VoiceSource } from '../../speech/source.ts';
import { spokenText } from '../../speech/spoken-text.ts';
import type { Track } from '../../speech/track.ts';
import { trackParts } from '../../speech/track-parts.ts';
import { TrackIndex } from './track-index.ts';
import { TrackLibrary } from './track-library.ts';

/** What {@link trackVoices} can be told. */
export interface TrackVoicesOptions {
  /** Speaks the lines of which there is no track. Default: they are refused. */
  readonly fallback?: VoiceSource;
}

/**
 * A voice source of finished tracks: a line is found by its text, and by voice and language where the request names
 * them. Its sound comes at once, or as soon as its files are loaded. A text with mark-up is looked for as it was written,
 * then by its plain words. A line of which there is no track goes to `fallback`, else it is refused.
 * The source owns what it is given: `dispose` ends the library and the fallback too.
 */
export function trackVoices(
  tracks: readonly Track[] | TrackLibrary,
  { fallback }: TrackVoicesOptions = {},
): VoiceSource {
  const find = tracks instanceof TrackLibrary ? findInLibrary(tracks) : findInList(tracks);
  const disposed = new AbortController();
  const marked = fallback && markedVoices(fallback);
  const timing = fallback ? weaker(timingOf(tracks), fallback.timing) : timingOf(tracks);

  async function* fromTrack(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart> {
    const load = find(request);
    if (!load) throw SpeechError.refused('tracks', `there is none of ${named(request)}, and no fallback.`);
    yield* trackParts(await load(signal), { signal });
  }

  const plainWords = markedVoices({ name: 'tracks', home: 'both', timing, speak: fromTrack, dispose() {} });

  async function* speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    const either = AbortSignal.any([signal, disposed.signal]);
    if (either.aborted) throw SpeechError.aborted();
    if (find(request)) yield* fromTrack(request, either);
    else if (find(withoutMarkup(request))) yield* plainWords.speak(request, either);
    else if (marked) yield* marked.speak(request, either);
    else yield* fromTrack(request, either); // Which says what there is none of.
  }

  return {
    name: 'tracks',
    home: fallback?.home ?? 'both',
    timing,
    readsMarkup: true,
    speak,
    prepare: () => fallback?.prepare?.(),
    dispose: () => {
      disposed.abort();
      if (tracks instanceof TrackLibrary) tracks.dispose();
      fallback?.dispose();
    },
  };
}

/** What loads the track of a request; undefined where there is none. */
type Find = (request: SpeechRequest) => ((signal: AbortSignal) => Promise<Track> | Track) | undefined;

function findInList(tracks: readonly Track[]): Find {
  const index = new TrackIndex(tracks);
  return (request) => {
    const track = index.find(request);
    return track && (() => track);
  };
}

function findInLibrary(library: TrackLibrary): Find {
  const index = new TrackIndex(library.lines);
  return (request) => {
    const line = index.find(request);
    return line && ((signal) => library.loadAsync(line.id, { signal }));
  };
}

/** A request by the words that `markedVoices` makes of its text. */
function withoutMarkup(request: SpeechRequest): SpeechRequest {
  const { text } = spokenText(parseMarkup(request.text), { lang: request.lang, commas: true });
  return { ...request, text };
}

/** What the times of all tracks are worth at least. */
function timingOf(tracks: readonly Track[] | TrackLibrary): SourceTiming {
  const timings =
    tracks instanceof TrackLibrary
      ? tracks.lines.map(({ timing, confidence }) => ({ origin: timing, confidence }))
      : tracks.map(({ timing }) => timing);
  return timings.reduce(weaker, { origin: 'service', confidence: 1 });
}

function weaker(a: SourceTiming, b: SourceTiming): SourceTiming {
  return b.confidence < a.confidence ? b : a;
}

function named({ text, voice, lang }: SpeechRequest): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return [
    JSON.stringify(short),
    ...(voice === undefined ? [] : [`in the voice "${voice}"`]),
    ...(lang === undefined ? [] : [`in the language "${lang}"`]),
  ].join(' ');
}
