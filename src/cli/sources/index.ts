import { markedVoices } from '../../speech/marked-voices.ts';
import type { VoiceSource } from '../../speech/source.ts';
import { UsageError } from '../exit.ts';
import { azure } from './azure.ts';
import { cartesia } from './cartesia.ts';
import { deepgram } from './deepgram.ts';
import { elevenlabs } from './elevenlabs.ts';
import { gateway } from './gateway.ts';
import { gemini } from './gemini.ts';
import { headtts } from './headtts.ts';
import { inworld } from './inworld.ts';
import { demandKey, withKeyHint } from './key-hint.ts';
import { lightning } from './lightning.ts';
import { espeak, local } from './local.ts';
import { lokutor } from './lokutor.ts';
import { SOURCE_NAMES } from './names.ts';
import { openai } from './openai.ts';
import { pcm } from './pcm.ts';
import { polly } from './polly.ts';
import type { SourceEntry, SourceSettings } from './source-entry.ts';

export type { SourceSettings } from './source-entry.ts';

const SOURCES: Readonly<Record<(typeof SOURCE_NAMES)[number], SourceEntry>> = {
  local,
  espeak,
  lokutor,
  lightning,
  gateway,
  pcm,
  headtts,
  azure,
  deepgram,
  elevenlabs,
  gemini,
  inworld,
  openai,
  cartesia,
  polly,
};

/**
 * Opens a voice source by its name. Throws {@link UsageError} for an unknown one, for an address it has no use for, and for
 * a service at its own address without its key.
 */
export function openSource(name: string, settings: SourceSettings): VoiceSource {
  const entry = entryOf(name);
  const { open, readsMarkup = false } = entry;
  demandKey(name, entry, settings);
  const source = withKeyHint(open(settings), entry, settings);
  return readsMarkup ? source : markedVoices(source, { lexicon: settings.lexicon });
}

/** The voice in which a source speaks when none is asked for. Throws {@link UsageError} for an unknown source. */
export function defaultVoiceOf(name: string, url: string | undefined, lang?: string): string {
  return entryOf(name).voiceAt(url, lang);
}

function entryOf(name: string): SourceEntry {
  const entry = Object.hasOwn(SOURCES, name) ? SOURCES[name as keyof typeof SOURCES] : undefined;
  if (!entry)
    throw new UsageError(`there is no source "${name}"; the sources are ${SOURCE_NAMES.join(', ')}.`);
  return entry;
}
