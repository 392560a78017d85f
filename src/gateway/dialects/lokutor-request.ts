import * as v from 'valibot';
import type { SpeechRequest } from '../../speech/source.ts';
import { boundedText, numberIn, type Reading, readWire, wholeIn } from './wire-json.ts';

/** Newer clients name the English voices en_f1 to en_m5. */
const PREFIXED_VOICE = /^en_([fm][1-5])$/i;

const EXAMPLE = '{"text":"Hello."}';

/** Fields and defaults as the service documents them; each message says what was expected. */
const wireRequest = v.object({
  text: v.pipe(
    boundedText,
    v.check((text) => text.trim() !== '', 'something to say'),
  ),
  voice: v.optional(v.string('a string'), 'M1'),
  lang: v.optional(v.string('a string')),
  /** Some clients say it so. */
  language: v.optional(v.string('a string'), 'en'),
  speed: v.optional(numberIn(0.5, 2), 1.05),
  /** Synthesis steps as the service's own clients bound them. Taken and checked, but local voices have none. */
  steps: v.optional(wholeIn(1, 50), 5),
  version: v.optional(v.string('a string'), 'versa-1.0'),
  visemes: v.optional(v.boolean('true or false'), false),
});

/** A request as the Lokutor protocol has it, its defaults filled in. */
export interface LokutorRequest {
  readonly speech: Required<Omit<SpeechRequest, 'priority' | 'onLift'>>;
  /** Whether the client wants letters with times. */
  readonly visemes: boolean;
}

/** Reads the one text message that asks for a line. Never throws. */
export function readLokutorRequest(message: string): Reading<LokutorRequest> {
  const { request, problem } = readWire(message, wireRequest, EXAMPLE);
  if (problem !== undefined) return { problem };
  const { text, voice, language, lang = language, speed, visemes } = request;
  const name = PREFIXED_VOICE.exec(voice)?.[1]?.toUpperCase() ?? voice;
  return { request: { speech: { text, voice: name, lang, speed }, visemes } };
}
