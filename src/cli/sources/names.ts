/** Names that `--source` takes; apart from the sources, so that `parley` knows them before it loads any. */
export const SOURCE_NAMES = [
  'local',
  'espeak',
  'lokutor',
  'lightning',
  'gateway',
  'pcm',
  'headtts',
  'azure',
  'deepgram',
  'elevenlabs',
  'gemini',
  'inworld',
  'openai',
  'cartesia',
  'polly',
] as const;
