import { SpeechError } from '../../speech/errors.ts';

/** The service's words for voices of the kind it has given up. */
const STANDARD_VOICE = /standard voices/i;

/** The same failure, with what to do about it where the service knows the voice no more, or not here. */
export function withAzureCure(error: SpeechError, where: string): SpeechError {
  const { reason, refusal } = error;
  if (reason === undefined) return error;
  const told = reason.replace(/[.;\s]*$/, '.');
  if (STANDARD_VOICE.test(reason)) {
    const cure = 'Ask for a neural voice, such as en-US-AvaMultilingualNeural.';
    return SpeechError.refused(where, `${told} ${cure}`, 'retired');
  }
  if (refusal === 'request' && /unsupported voice/i.test(reason)) {
    const cure = 'Check its name, and whether the region has it.';
    return SpeechError.refused(where, `${told} ${cure}`, 'request');
  }
  return error;
}
