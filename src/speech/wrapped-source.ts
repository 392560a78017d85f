import { lookAheadOf, type VoiceSource } from './source.ts';

/**
 * A source that speaks otherwise, and is the same in all else, also in what it learns meanwhile of its service. `dispose`
 * ends the source too, by default.
 */
export function wrappedSource(
  source: VoiceSource,
  speak: VoiceSource['speak'],
  dispose: () => void = () => source.dispose(),
): VoiceSource {
  const { name, home } = source;
  return {
    name,
    home,
    get timing() {
      return source.timing;
    },
    get traits() {
      return source.traits;
    },
    get lookAheadSeconds() {
      return lookAheadOf(source);
    },
    get readsMarkup() {
      return source.readsMarkup ?? false;
    },
    speak,
    prepare: () => source.prepare?.(),
    dispose,
  };
}
