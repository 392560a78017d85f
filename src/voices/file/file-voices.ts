import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SpeechRequest, SpokenReply, VoiceSource } from '../../speech/source.ts';
import { trackParts } from '../../speech/track-parts.ts';
import { TrackIndex } from '../tracks/track-index.ts';
import { type LoadRecordingOptions, loadRecordingAsync, type Recording } from './recording.ts';
import { BY_SOUND, WITH_TEXT } from './time-recording.ts';

/** What {@link fileVoices} can be told. */
export interface FileVoicesOptions extends Omit<LoadRecordingOptions, 'signal'> {
  /** Speaks the lines of which there is no recording. Default: they are refused. */
  readonly fallback?: VoiceSource;
}

/**
 * A voice source of recordings: one is found by its text, and by voice and language where the request names them, then
 * loaded, and given a mouth. For many lines, tracks are faster: they bring theirs (`trackVoices`).
 * The source owns what it is given: `dispose` ends the fallback too.
 */
export function fileVoices(
  recordings: readonly (Recording & { readonly text: string })[],
  { fallback, ...options }: FileVoicesOptions = {},
): VoiceSource {
  const index = new TrackIndex(
    recordings.map((recording) => ({
      recording,
      text: recording.text,
      voice: recording.voice ?? '',
      lang: recording.lang ?? 'en',
    })),
  );
  const disposed = new AbortController();

  async function* speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    const either = AbortSignal.any([signal, disposed.signal]);
    if (either.aborted) throw SpeechError.aborted();
    const found = index.find(request);
    if (found) yield* partsOf(found.recording, { ...options, signal: either });
    else if (fallback) yield* fallback.speak(request, either);
    else throw SpeechError.refused('files', 'there is no recording of this text, and no fallback.');
  }

  return {
    name: 'file',
    home: fallback?.home ?? 'both',
    timing: WITH_TEXT,
    speak,
    prepare: () => fallback?.prepare?.(),
    dispose: () => {
      disposed.abort();
      fallback?.dispose();
    },
  };
}

/**
 * A recording that is said as soon as it is loaded: `npc.say(spokenFile({ audio: '/lines/halt.ogg', text: 'Halt!' }))`.
 * Said once; for more, keep the track of `loadRecordingAsync`.
 */
export function spokenFile(
  recording: Recording,
  options: Omit<LoadRecordingOptions, 'signal'> = {},
): SpokenReply {
  const { text = '' } = recording;
  return {
    text,
    timing: text === '' ? BY_SOUND : WITH_TEXT,
    parts: (signal = new AbortController().signal) => partsOf(recording, { ...options, signal }),
  };
}

async function* partsOf(
  recording: Recording,
  options: LoadRecordingOptions & { readonly signal: AbortSignal },
): AsyncGenerator<SpeechPart, void, void> {
  const track = await loadRecordingAsync(recording, options);
  yield* trackParts(track, { signal: options.signal });
}
