import { InputError } from '../../speech/errors.ts';
import type { SpeechRequest } from '../../speech/source.ts';

/** Where the service listens. It has others for regions, such as `wss://api.eu.residency.elevenlabs.io`. */
export const ELEVENLABS_URL = 'wss://api.elevenlabs.io';

/** Rates at which the service sends samples, Hz; 44,100 takes a larger plan. */
export const ELEVENLABS_RATES = [24_000, 16_000, 22_050, 44_100, 8_000] as const;

/** The model of lowest latency. */
export const ELEVENLABS_MODEL = 'eleven_flash_v2_5';

/** The voice of the service's own examples. */
export const ELEVENLABS_VOICE = 'JBFqnCBsd6RMkjVDRZzb';

/** Voices of the service that stand for the ten by which clients of a gateway ask: women for F, men for M. */
export const ELEVENLABS_STAND_INS: Readonly<Record<string, string>> = {
  F1: 'EXAVITQu4vr4xnSDxMaL', // Sarah
  F2: 'cgSgspJ2msm6clMCkdW9', // Jessica
  F3: 'Xb7hH8MSUJpSbSDYk0k2', // Alice
  F4: 'XrExE9yKIg1WjnnlVkGX', // Matilda
  F5: 'pFZP5JQG7iQjIQuC4Bku', // Lily
  M1: ELEVENLABS_VOICE,
  M2: 'onwK4e9ZLuTAKqWW03F9', // Daniel
  M3: 'nPczCjzI2devNBz1zQrb', // Brian
  M4: 'TX3LPaxmHKxFdv7VOQHJ', // Liam
  M5: 'IKne3meq5aSn9XLyUdCD', // Charlie
};

/** Seconds after which the service closes a socket to which nobody writes; it takes 180 at most. */
export const IDLE_SECONDS = 180;

/** Lines that the service takes on one socket at a time. */
export const CONTEXTS = 5;

/** Slowest and fastest rate of speaking. */
const SPEED = [0.7, 1.2] as const;

/** How a voice speaks; what is left out is as the service has it. */
export interface ElevenLabsVoiceSettings {
  /** How steady it is, 0 to 1. */
  readonly stability?: number;
  /** How near it is to its recording, 0 to 1. */
  readonly similarityBoost?: number;
  /** How far its style is exaggerated, 0 to 1. */
  readonly style?: number;
  readonly useSpeakerBoost?: boolean;
}

/** What the service's options add to a request. */
export interface ElevenLabsVoiceOptions {
  /** Default: `eleven_flash_v2_5`. */
  readonly model?: string | undefined;
  readonly voiceSettings?: ElevenLabsVoiceSettings | undefined;
}

/** Whether many lines share a socket: all models but the third can. */
export function sharesSocket(model: string): boolean {
  return !/^eleven_v3/.test(model);
}

/** The address at which a voice speaks a language; what stands in the query of `url` stays. */
export function elevenLabsAddress(
  url: string,
  { voice = ELEVENLABS_VOICE, lang }: Pick<SpeechRequest, 'voice' | 'lang'>,
  model: string,
  sampleRate: number,
): string {
  if (!URL.canParse(url)) return url; // Endpoint tells what is wrong with it.
  const address = new URL(url);
  const path = sharesSocket(model) ? 'multi-stream-input' : 'stream-input';
  const base = address.pathname.replace(/\/$/, '');
  address.pathname = `${base}/v1/text-to-speech/${encodeURIComponent(voice)}/${path}`;
  const fields = {
    model_id: model,
    output_format: `pcm_${sampleRate}`,
    language_code: lang?.split('-')[0]?.toLowerCase(),
    inactivity_timeout: String(IDLE_SECONDS),
    sync_alignment: 'true',
  };
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && !address.searchParams.has(name)) address.searchParams.set(name, value);
  }
  return address.href;
}

/** What asks for a line, and what cancels it. */
export interface ElevenLabsAsks {
  readonly asks: readonly string[];
  readonly cancels: readonly string[];
}

/**
 * The messages of a line. The service wants a space to begin with, and one after the text. `flush` makes it speak at
 * once instead of waiting for more; closing the context after that lets it finish, and makes it say when it has.
 * Throws {@link InputError} for a rate of speaking that the service does not have.
 */
export function elevenLabsAsks(
  { text, speed }: SpeechRequest,
  { voiceSettings = {} }: ElevenLabsVoiceOptions,
  key: string | undefined,
  context?: string,
): ElevenLabsAsks {
  const [slowest, fastest] = SPEED;
  if (speed !== undefined && !(speed >= slowest && speed <= fastest)) {
    throw new InputError('speed', `a number from ${slowest} to ${fastest} for ElevenLabs`, String(speed));
  }
  const settings = {
    stability: voiceSettings.stability,
    similarity_boost: voiceSettings.similarityBoost,
    style: voiceSettings.style,
    use_speaker_boost: voiceSettings.useSpeakerBoost,
    speed: speed === 1 ? undefined : speed, // The voice's own.
  };
  const told = Object.values(settings).some((value) => value !== undefined);
  const close = context === undefined ? { text: '' } : { context_id: context, close_context: true };
  const messages = [
    { text: ' ', context_id: context, voice_settings: told ? settings : undefined, xi_api_key: key },
    { text: `${text} `, context_id: context, flush: true },
    close,
  ];
  return {
    asks: messages.map((message) => JSON.stringify(message)),
    cancels: context === undefined ? [] : [JSON.stringify(close)],
  };
}
