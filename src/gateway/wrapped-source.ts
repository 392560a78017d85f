import type { VoiceSource } from '../speech/source.ts';

/** A source that speaks otherwise, and is the same in all else. It disposes of nothing: the source stays its owner's. */
export function wrappedSource(source: VoiceSource, speak: VoiceSource['speak']): VoiceSource {
  const { name, timing, home, traits, lookAheadSeconds, readsMarkup } = source;
  return {
    name,
    timing,
    home,
    ...(traits && { traits }),
    ...(lookAheadSeconds !== undefined && { lookAheadSeconds }),
    ...(readsMarkup !== undefined && { readsMarkup }),
    speak,
    prepare: () => source.prepare?.(),
    dispose: () => {},
  };
}
