import { decodeAnyWav, maybeWav, type Wav } from '../../pcm/wav.ts';
import { InputError } from '../../speech/errors.ts';

/** Rate at which a page decodes what is no WAV, Hz. */
const DECODED_RATE = 48_000;

/** Rates that lines have, Hz. */
const LOWEST_RATE = 8_000;
const HIGHEST_RATE = 48_000;

/**
 * The sound of a file, mixed to one channel: WAV anywhere, and in a page whatever its browser decodes (MP3, AAC, Ogg,
 * WebM, FLAC), at 48,000 Hz. Throws {@link InputError}, which calls the file `name`, for what cannot be decoded.
 */
export async function decodeSound(file: Uint8Array<ArrayBuffer>, name: string): Promise<Wav> {
  if (file.length === 0) throw new InputError(name, 'a sound file', 'nothing');
  if (!maybeWav(file)) return decodeInPage(file, name);
  try {
    const wav = decodeAnyWav(file, name);
    if (wav.sampleRate >= LOWEST_RATE && wav.sampleRate <= HIGHEST_RATE) return full(wav, name);
    throw new InputError(name, `a rate of ${LOWEST_RATE} to ${HIGHEST_RATE} Hz`, `${wav.sampleRate}`);
  } catch (error) {
    if (inPage()) return decodeInPage(file, name);
    throw error;
  }
}

/** The sound of a decoded buffer, mixed to one channel; at another rate where its own is none of a line. */
export async function soundOfBuffer(buffer: AudioBuffer, name: string): Promise<Wav> {
  const { sampleRate } = buffer;
  const fits = sampleRate >= LOWEST_RATE && sampleRate <= HIGHEST_RATE && Number.isInteger(sampleRate);
  return full(mixed(fits ? buffer : await atLineRate(buffer)), name);
}

function inPage(): boolean {
  return typeof OfflineAudioContext !== 'undefined';
}

async function decodeInPage(file: Uint8Array<ArrayBuffer>, name: string): Promise<Wav> {
  if (!inPage()) throw new InputError(name, 'a WAV file (others are decoded in pages alone)', 'another');
  const context = new OfflineAudioContext(1, 1, DECODED_RATE);
  let buffer: AudioBuffer;
  try {
    buffer = await context.decodeAudioData(file.slice().buffer); // It takes the buffer away.
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(name, 'a sound file that this browser can decode', `another (${reason})`);
  }
  return full(mixed(buffer), name);
}

async function atLineRate(buffer: AudioBuffer): Promise<AudioBuffer> {
  const frames = Math.max(1, Math.ceil(buffer.duration * DECODED_RATE));
  const context = new OfflineAudioContext(1, frames, DECODED_RATE);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.start();
  return context.startRendering();
}

function mixed(buffer: AudioBuffer): Wav {
  const { sampleRate, numberOfChannels, length } = buffer;
  const channels = Array.from({ length: numberOfChannels }, (_, at) => buffer.getChannelData(at));
  const samples = new Int16Array(length);
  for (let at = 0; at < length; at++) {
    let sum = 0;
    for (const channel of channels) sum += channel[at]!;
    samples[at] = Math.max(-32_768, Math.min(32_767, Math.round((sum / numberOfChannels) * 32_768)));
  }
  return { samples, sampleRate };
}

function full(wav: Wav, name: string): Wav {
  if (wav.samples.length === 0) throw new InputError(name, 'one sample or more', 'none');
  return wav;
}
