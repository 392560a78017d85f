import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { Timeouts } from '../session/socket-line.ts';
import { SoundLine } from '../sound-line.ts';
import { PollyAnswers } from './polly-answers.ts';
import type { LoadedPolly } from './polly-client.ts';
import { pollyError } from './polly-error.ts';
import { cuesOf, lastCue, wordsOf } from './polly-line.ts';
import { type PollyMark, readPollyMarks } from './polly-marks.ts';
import type { PollyAsk } from './polly-request.ts';

/** How lines are asked for. */
export interface PollyManner {
  /** The address, for messages. */
  readonly where: string;
  readonly timeouts: Required<Timeouts>;
  /** Hz. */
  readonly sampleRate: number;
  /** Whether the service tells times. */
  readonly marked: boolean;
}

/**
 * Speaks one piece of a line, whose times and places count from its own beginning, as what follows `before` samples of the
 * line. Returns how many samples it has; gives no `end`.
 */
export async function* speakPiece(
  ask: PollyAsk,
  before: number,
  { client, Ask, quote }: LoadedPolly,
  { where, timeouts, sampleRate, marked }: PollyManner,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart, number, void> {
  const answers = new PollyAnswers(where, timeouts, signal, before > 0);
  try {
    const sending = { abortSignal: answers.signal };
    const asked = (
      more: { OutputFormat: 'pcm' } | { OutputFormat: 'json'; SpeechMarkTypes: ('word' | 'viseme')[] },
    ) => client.send(new Ask({ ...ask.input, VoiceId: ask.input.VoiceId as 'Joanna', ...more }), sending);
    const [sound, told] = await Promise.all([
      answers.stream(asked({ OutputFormat: 'pcm' })),
      marked ? answers.text(asked({ OutputFormat: 'json', SpeechMarkTypes: ['word', 'viseme'] })) : '',
    ]);
    const marks = readMarks(told, where, quote);
    const begin = before / sampleRate;
    const inLine = <Timed extends { readonly start: number; readonly end: number }>(
      timed: readonly Timed[],
    ) => timed.map((each) => ({ ...each, start: begin + each.start, end: begin + each.end }));
    const words = wordsOf(marks, ask).map((word) => ({
      ...word,
      from: ask.from + word.from,
      to: ask.from + word.to,
    }));
    const cues = cuesOf(marks);
    if (words.length > 0) yield { type: 'words', words: inLine(words) };
    if (cues.length > 0) yield { type: 'cues', cues: inLine(cues) };
    const line = new SoundLine(sampleRate);
    for await (const bytes of answers.pieces(sound)) yield* line.audio(bytes);
    const rest = lastCue(marks, line.seconds);
    if (rest.length > 0) yield { type: 'cues', cues: inLine(rest) };
    return Math.round(line.seconds * sampleRate);
  } catch (error) {
    throw answers.reason ?? pollyError(error, where, quote);
  } finally {
    answers.close();
  }
}

function readMarks(text: string, where: string, quote: (words: string) => string): PollyMark[] {
  try {
    return readPollyMarks(text);
  } catch (error) {
    throw SpeechError.protocol(
      where,
      'speech marks, one JSON object in a row',
      quote((error as Error).message),
    );
  }
}
