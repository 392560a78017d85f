import { InputError } from '../../speech/errors.ts';
import type { SpeechRequest } from '../../speech/source.ts';
import { textPieces } from '../text-pieces.ts';

/** Where the service listens. */
export const CARTESIA_URL = 'wss://api.cartesia.ai/tts/websocket';

/** Rates at which the service sends samples, Hz. */
export const CARTESIA_RATES = [24_000, 8_000, 16_000, 22_050, 44_100, 48_000] as const;

/** The first of the models that the service's client names. */
export const CARTESIA_MODEL = 'sonic-3.5';

/** The voice of that client's examples. */
export const CARTESIA_VOICE = 'e07c00bc-4134-4eae-9ea4-1a55fb45746b';

/** Voices of the service that stand for the ten by which clients of a gateway ask: women for F, men for M. */
export const CARTESIA_STAND_INS: Readonly<Record<string, string>> = {
  F1: CARTESIA_VOICE, // Brooke
  F2: 'f786b574-daa5-4673-aa0c-cbe3e8534c02', // Katie
  F3: '6ccbfb76-1fc6-48f7-b71d-91ac6298247b', // Tessa
  F4: 'cbaf8084-f009-4838-a096-07ee2e6612b1', // Maya
  F5: 'cc00e582-ed66-4004-8336-0175b85c85f6', // Dana
  M1: '228fca29-3a0a-435c-8728-5cb483251068', // Kiefer
  M2: 'c961b81c-a935-4c17-bfb3-ba2239de8c2f', // Kyle
  M3: '0834f3df-e650-4766-a20c-5a93a43aa6e3', // Leo
  M4: '6776173b-fd72-460d-89b3-d85812ee518d', // Jace
  M5: 'f4a3a8e4-694c-4c45-9ca0-27caf97901b5', // Gavin
};

/** The form of the protocol that is spoken: the one of that client. */
export const CARTESIA_VERSION = '2026-08-14';

/** Seconds after which the service closes a socket on which nothing happens. */
export const IDLE_SECONDS = 300;

/** Slowest and fastest rate of speaking. */
const SPEED = [0.6, 1.5] as const;

/**
 * Longest text of one message, UTF-16 units. A line that is cancelled is spoken to the end of the message that is being
 * spoken, so long ones go in pieces of a few clauses.
 */
const LONGEST_PIECE = 240;

/** What the service's options add to a request. */
export interface CartesiaVoiceOptions {
  /** Default: `sonic-3.5`. */
  readonly model?: string | undefined;
  /** How the voice feels, by the service's names, such as `calm` or `angry`. Default: as the voice has it. */
  readonly emotion?: string | undefined;
  /** Loudness, 0.5 to 2. Default: the service's own, 1. */
  readonly volume?: number | undefined;
  /**
   * Ask for the times of sounds. False for models and languages that tell none: then the source says that it tells
   * words alone, so that `timedVoices` finds the mouth in the sound. Default: true.
   */
  readonly phonemes?: boolean | undefined;
  /** A list of pronunciations kept with the service, by its id. Default: none. */
  readonly pronunciationDict?: string | undefined;
}

/** What asks for a line, and what cancels it. */
export interface CartesiaAsks {
  readonly asks: readonly string[];
  readonly cancels: readonly string[];
  /** Whether sounds are asked for. Default: true. */
  readonly phonemes?: boolean | undefined;
}

/**
 * The messages of a line, all but the last with the word that more follows, and the one that cancels it. Throws
 * {@link InputError} for a rate of speaking that the service does not have.
 */
export function cartesiaAsks(
  { text, voice = CARTESIA_VOICE, lang, speed }: SpeechRequest,
  { model = CARTESIA_MODEL, emotion, volume, phonemes = true, pronunciationDict }: CartesiaVoiceOptions,
  sampleRate: number,
  context: string,
): CartesiaAsks {
  const [slowest, fastest] = SPEED;
  if (speed !== undefined && !(speed >= slowest && speed <= fastest)) {
    throw new InputError('speed', `a number from ${slowest} to ${fastest} for Cartesia`, String(speed));
  }
  const manner = { speed, emotion, volume };
  const told = Object.values(manner).some((value) => value !== undefined);
  const fields = {
    model_id: model,
    voice: { mode: 'id', id: voice },
    language: lang?.split('-')[0]?.toLowerCase(),
    context_id: context,
    output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: sampleRate },
    generation_config: told ? manner : undefined,
    pronunciation_dict_id: pronunciationDict,
    add_timestamps: true,
    add_phoneme_timestamps: phonemes,
  };
  const pieces = textPieces(text, LONGEST_PIECE, lang);
  return {
    asks: pieces.map((transcript, nth) =>
      JSON.stringify({ ...fields, transcript, continue: nth < pieces.length - 1 }),
    ),
    cancels: [JSON.stringify({ context_id: context, cancel: true })],
    phonemes,
  };
}
