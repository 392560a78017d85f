import * as v from 'valibot';
import { boundedText, numberIn, type Reading, readWire, wholeIn } from './wire-json.ts';

/** The two dialects of Lightning: that of `lightning-v2`, and that of `lightning-v3.1` and `tts/live`. */
export type LightningVersion = 'v2' | 'v3.1';

/** Forms of sound that can be asked for. The service also has mp3, which is not made here. */
export type SoundFormat = 'pcm' | 'wav' | 'ulaw' | 'alaw';

/** One message of a client: a piece of text and what is to happen with what is buffered. */
export interface LightningRequest {
  readonly text: string;
  readonly voice: string;
  /** Undefined where the service would choose. */
  readonly lang: string | undefined;
  readonly speed: number;
  /** Samples a second. */
  readonly sampleRate: number;
  readonly format: SoundFormat;
  /** More text follows: what is not enough yet is kept. */
  readonly more: boolean;
  /** What is kept is to be spoken now. */
  readonly flush: boolean;
  /** Longest time that text is kept while nothing follows, ms; 0 sets no limit. */
  readonly longestWaitMs: number;
  /** From the last sound to `complete`, ms. */
  readonly completeAfterMs: number;
  readonly words: boolean;
  /** The client's own names for session and request, given back. */
  readonly sessionName: string | undefined;
  readonly requestName: string | undefined;
}

const EXAMPLE = '{"voice_id":"F1","text":"Hello."}';
const RATES = [8_000, 16_000, 24_000, 44_100] as const;

const flag = v.optional(v.boolean('true or false'), false);
const name = v.optional(
  v.pipe(
    v.string('a string'),
    v.regex(/^[A-Za-z0-9_.-]{1,128}$/, 'up to 128 letters, digits, dots, hyphens and underscores'),
  ),
);
const rate = v.picklist(RATES, `one of ${RATES.join(', ')}`);

/** Fields of both versions, with the defaults of the service. */
const shared = {
  /** Some clients leave it out of the blank text that keeps a connection alive. */
  voice_id: v.optional(v.string('a string'), ''),
  text: boundedText,
  max_buffer_flush_ms: v.optional(wholeIn(0, 1_000), 0),
  continue: flag,
  flush: flag,
  complete_backoff_ms: v.optional(numberIn(0, 10_000), 4_000),
};

const v2 = v.object({
  ...shared,
  language: v.optional(v.string('a string'), 'en'),
  sample_rate: v.optional(rate, 24_000),
  speed: v.optional(numberIn(0.1, 5), 1),
  consistency: v.optional(numberIn(0, 1), 0.5),
  similarity: v.optional(numberIn(0, 1), 0),
  enhancement: v.optional(wholeIn(0, 2), 1),
  add_wav_header: flag,
});

const v31 = v.object({
  ...shared,
  model: v.optional(
    v.picklist(['lightning_v3.1', 'lightning_v3.1_pro'], 'lightning_v3.1 or lightning_v3.1_pro'),
  ),
  language: v.optional(v.string('a string'), 'auto'),
  sample_rate: v.optional(rate, 44_100),
  speed: v.optional(numberIn(0.5, 2), 1),
  output_format: v.optional(
    v.picklist(['pcm', 'wav', 'ulaw', 'alaw'], 'pcm, wav, ulaw or alaw (mp3 is not made here)'),
    'pcm',
  ),
  word_timestamps: flag,
  session_id: name,
  request_id: name,
});

/** Reads a message of a client. Never throws. */
export function readLightningRequest(message: string, version: LightningVersion): Reading<LightningRequest> {
  const reading = version === 'v2' ? readV2(message) : readV31(message);
  const { voice, text } = reading.request ?? { voice: '', text: '' };
  if (voice !== '' || text.trim() === '') return reading;
  return { problem: 'voice_id: expected a string, got nothing' };
}

function readV2(message: string): Reading<LightningRequest> {
  const { request, problem } = readWire(message, v2, EXAMPLE);
  if (problem !== undefined) return { problem };
  const format = request.add_wav_header ? 'wav' : 'pcm';
  return {
    request: { ...common(request), format, words: false, sessionName: undefined, requestName: undefined },
  };
}

function readV31(message: string): Reading<LightningRequest> {
  const { request, problem } = readWire(message, v31, EXAMPLE);
  if (problem !== undefined) return { problem };
  return {
    request: {
      ...common(request),
      format: request.output_format,
      words: request.word_timestamps,
      sessionName: request.session_id,
      requestName: request.request_id,
    },
  };
}

function common(wire: v.InferOutput<typeof v2> | v.InferOutput<typeof v31>) {
  return {
    text: wire.text,
    voice: wire.voice_id,
    lang: wire.language === 'auto' ? undefined : wire.language,
    speed: wire.speed,
    sampleRate: wire.sample_rate,
    more: wire.continue,
    flush: wire.flush,
    longestWaitMs: wire.max_buffer_flush_ms,
    completeAfterMs: wire.complete_backoff_ms,
  };
}
