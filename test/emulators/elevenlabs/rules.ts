/** What ElevenLabs takes and says. */
export const PCM = /^pcm_(8000|16000|22050|24000|44100)$/;
export const PATH = /^(.*)\/v1\/text-to-speech\/([^/]+)\/(multi-stream-input|stream-input)$/;
export const MOST_CONTEXTS = 5;
export const LONGEST_IDLE = 180;
/** Text that must be there before speech is made, characters: of the first chunk, of the second and so on. */
export const SCHEDULE = [120, 160, 250, 290];
/** Characters of one message. */
export const CHUNK = 17;

/** The service's voices that clients here use, and the local ones that stand for them. */
const VOICES: Readonly<Record<string, string>> = {
  JBFqnCBsd6RMkjVDRZzb: 'M1',
  EXAVITQu4vr4xnSDxMaL: 'F1',
  onwK4e9ZLuTAKqWW03F9: 'M2',
  cgSgspJ2msm6clMCkdW9: 'F2',
  Xb7hH8MSUJpSbSDYk0k2: 'F3',
  XrExE9yKIg1WjnnlVkGX: 'F4',
  pFZP5JQG7iQjIQuC4Bku: 'F5',
  nPczCjzI2devNBz1zQrb: 'M3',
  TX3LPaxmHKxFdv7VOQHJ: 'M4',
  IKne3meq5aSn9XLyUdCD: 'M5',
};

/** The local voice for a name; a local one's own name is good, too. */
export function localVoice(name: string): string | undefined {
  return /^[FM][1-5]$/.test(name) ? name : VOICES[name];
}

/** How the service words what it refuses. */
export const REASONS: Readonly<Record<string, string>> = {
  max_active_conversations:
    'Maximum simultaneous contexts per WebSocket connection exceeded (5). Please close an existing context before opening a new one.',
  invalid_input_message:
    'Could not parse input message, make sure it is a json and follows the schema outlined in protocol.',
  invalid_api_key: 'Invalid API key',
  voice_id_does_not_exist: 'A voice with the voice_id does not exist.',
  unsupported_model: 'This model is not available here.',
  quota_exceeded: 'This request exceeds your quota. You have 0 credits remaining.',
  too_many_concurrent_requests: 'Too many concurrent requests. Your current subscription allows 5.',
  internal_server_error: 'An internal error has occurred.',
};
