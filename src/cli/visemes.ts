import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { PoseCurve } from '../lipsync/pose-curve.ts';
import { joinCues } from '../lipsync/timing/cue-pieces.ts';
import { draftTrackAsync } from '../lipsync/timing/draft-track.ts';
import { wordsOfText } from '../lipsync/timing/g2p/words.ts';
import { loadReader, loadSoundModel } from '../lipsync/timing/learned.ts';
import { TimingMaker } from '../lipsync/timing/timing-maker.ts';
import { decodeAnyWav, maybeWav, type Wav } from '../pcm/wav.ts';
import { InputError } from '../speech/errors.ts';
import { ledBack } from '../speech/lead-back.ts';
import type { Lexicon } from '../speech/lexicon.ts';
import { parseMarkup } from '../speech/markup.ts';
import { spokenText } from '../speech/spoken-text.ts';
import { type Track, toLineJson } from '../speech/track.ts';
import { trackOf } from '../speech/track-of.ts';
import { VISEME_COUNT, VISEMES } from '../speech/viseme.ts';
import { lineOf, UnreadableError, UsageError } from './exit.ts';
import { lexiconOption } from './lexicon-option.ts';
import { markupNotes } from './markup-notes.ts';
import { numberOption } from './numbers.ts';
import { writeTogether } from './write-together.ts';

/** Options of `parley visemes`, as written. */
export interface VisemesOptions {
  readonly out: string;
  readonly text?: string;
  readonly lang?: string;
  readonly frames?: string;
  readonly lexicon?: string;
}

/** Below this confidence a text is hardly that of the sound: docs/timing.md has how often that is wrong. */
const HARDLY = 0.7;

/** A file is there as a whole, so that every decision may wait for what follows. */
const LOOK_AHEAD_SECONDS = 1;

/**
 * `parley visemes`: derives cues from a recording, and from its text where that is given; from a text alone where there is
 * no recording yet. Throws {@link UnreadableError} for a file that is no WAV of PCM, floats or G.711 with sound in it.
 */
export async function visemes(file: string | undefined, options: VisemesOptions): Promise<void> {
  const { text = '', lang = 'en', out } = options;
  const fps = numberOption('--frames', options.frames, { min: 1, max: 1000 });
  const lexicon = await lexiconOption(options.lexicon);
  for (const note of markupNotes(text)) console.error(lineOf(note));
  if (file === undefined && text.trim() === '')
    throw new UsageError('expected a .wav, or the text of one that is still to be spoken (--text).');
  const track = await (file === undefined
    ? draftTrackAsync(text, { lang, lexicon })
    : timed(await read(file), text, lang, lexicon));
  const frames = fps === undefined ? {} : { frames: framesOf(track, fps) };
  const json = `${JSON.stringify({ ...toLineJson(track), ...frames }, undefined, 1)}\n`;
  await writeTogether(dirname(out), [[basename(out), json]]);
}

async function timed(
  { samples, sampleRate }: Wav,
  text: string,
  lang: string,
  lexicon: Lexicon | undefined,
): Promise<Track> {
  const spoken = spokenText(parseMarkup(text), { lang, lexicon });
  const read = spoken.text.trim() === '' ? undefined : await loadReader(lang);
  const maker = new TimingMaker(await loadSoundModel(), {
    sampleRate,
    text: spoken.text,
    lang,
    read,
    lexicon,
    lookAheadSeconds: LOOK_AHEAD_SECONDS,
  });
  const cues = joinCues([...maker.push(samples), ...maker.end()]);
  const asked = read ? wordsOfText(spoken.text, lexicon, lang).length : 0;
  if (asked > 0 && maker.timing.confidence < HARDLY) {
    const heard = `${maker.words.length} of ${asked} words`;
    console.error(
      lineOf(`the text hardly fits the sound (${maker.timing.confidence}): ${heard} were heard.`),
    );
  }
  const found = ledBack({ cues, words: maker.words }, text, spoken);
  return trackOf({ text, lang, samples, sampleRate, ...found, timing: maker.timing });
}

async function read(file: string): Promise<Wav> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new UnreadableError(`cannot read ${file}: ${(error as Error).message}`, error);
  }
  try {
    const wav = decodeAnyWav(bytes, basename(file));
    if (wav.samples.length === 0) throw new InputError(basename(file), 'one sample or more', 'none');
    if (wav.sampleRate < 8_000 || wav.sampleRate > 48_000) {
      throw new InputError(
        basename(file),
        'a rate of 8000 to 48000 Hz',
        `${wav.sampleRate}; convert it to 48000 Hz first`,
      );
    }
    return wav;
  } catch (error) {
    if (error instanceof InputError) {
      const hint = maybeWav(bytes) ? '' : ' Convert it to WAV first.';
      throw new UnreadableError(`${error.message}${hint}`, error);
    }
    throw error;
  }
}

/** The pose curve of a track, `fps` times a second from its start on. */
function framesOf(track: Track, fps: number): { fps: number; names: readonly string[]; weights: number[][] } {
  const curve = new PoseCurve();
  curve.addCues(track.cues);
  curve.addSound(track.samples, track.sampleRate);
  curve.end(track.duration);
  const row = new Float32Array(VISEME_COUNT);
  const weights = Array.from({ length: Math.ceil(track.duration * fps) }, (_, frame) => {
    curve.sample(frame / fps, row);
    return Array.from(row, (weight) => Math.round(weight * 10_000) / 10_000);
  });
  return { fps, names: VISEMES, weights };
}
