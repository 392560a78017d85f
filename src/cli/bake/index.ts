import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseJson } from '../../pcm/track-file.ts';
import { InputError } from '../../speech/errors.ts';
import { type ListedLine, readLineList, strayFields } from '../../speech/line-list.ts';
import type { VoiceSource } from '../../speech/source.ts';
import { poolVoices } from '../../voices/pool/pool.ts';
import { lineOf, PartlyError, UnreadableError } from '../exit.ts';
import { DEFAULT_LANG } from '../finished-track.ts';
import { lexiconOption } from '../lexicon-option.ts';
import { markupNotes } from '../markup-notes.ts';
import { numberOption } from '../numbers.ts';
import { defaultVoiceOf, openSource, type SourceSettings } from '../sources/index.ts';
import { type SpokenOptions, spokenNumbers } from '../spoken-options.ts';
import { stoppable } from '../stoppable.ts';
import { type BakeLine, bakeLines } from './bake-line.ts';
import { type BakeEvents, bakeInto } from './bake-run.ts';
import { BakedFolder } from './baked-folder.ts';
import { whileLocked } from './folder-lock.ts';

/** Options of `parley bake`, as written. */
export interface BakeOptions extends SpokenOptions {
  readonly jobs: string;
  readonly prune?: boolean;
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

/** Longest wait of a line for its turn at the service, seconds: a studio has time. */
const TURN_SECONDS = 600;

/**
 * `parley bake`: speaks a list of lines into a folder of tracks with a manifest, those that have changed. Lines that fail
 * leave the others, and fail the command in the end with {@link PartlyError}. Throws {@link UnreadableError} for a file
 * that is no list of lines, and for a manifest that is none; `UsageError`, before anything is asked for, for a folder that
 * cannot be written to, or that another run writes to.
 */
export async function bake(file: string, options: BakeOptions): Promise<void> {
  const { speed = 1, rate, timeout } = spokenNumbers(options);
  const jobs = numberOption('--jobs', options.jobs, { min: 1, max: 64, whole: true });
  const { source: name, url, lang = DEFAULT_LANG } = options;
  const voiceIn = (of: string) => options.voice ?? defaultVoiceOf(name, url, of);
  voiceIn(lang); // An unknown source is told before any file is read.
  const lexicon = await lexiconOption(options.lexicon);
  const settings = { source: name, voiceIn, lang, speed, rate, lexicon };
  const lines = bakeLines(await readList(file), settings, tellTwins);
  const run = async (signal: AbortSignal) => {
    const folder = await BakedFolder.open(
      options.out,
      lines.map(({ id }) => id),
    );
    const { changed, kept, own } = await compare(folder, lines, options.all ?? false);
    tellPlan(changed, kept.length, own, options.dryRun ? 'would be spoken' : 'to speak');
    await tidy(folder, lines, options);
    if (options.dryRun) return;
    for (const { id, emotion } of kept) folder.describe(id, emotion);
    if (changed.length === 0) return await folder.save();
    const source = openPatient(name, { url, urlOption: '--url', timeout, lexicon }, jobs);
    try {
      await speak(folder, changed, source, jobs, signal);
    } finally {
      source.dispose();
    }
  };
  await stoppable((signal) => (options.dryRun ? run(signal) : whileLocked(options.out, () => run(signal))));
}

/** The lines of a file; what their writer may not have meant is told. */
async function readList(file: string): Promise<ListedLine[]> {
  try {
    const value = parseJson(await readFile(file, 'utf8'), file);
    const lines = readLineList(value, basename(file));
    const strays = strayFields(value);
    if (strays !== '') tell(`${basename(file)}: fields that mean nothing here: ${strays}.`);
    for (const { text, place } of lines) for (const note of markupNotes(text)) tell(`${place}: ${note}`);
    return lines;
  } catch (error) {
    const { message } = error as Error;
    throw new UnreadableError(
      error instanceof InputError ? message : `cannot read ${file}: ${message}`,
      error,
    );
  }
}

function tellTwins({ place, emotion }: BakeLine, earlier: BakeLine): void {
  const [now, before] = [emotion, earlier.emotion].map((name) => name && `"${name}"`);
  const had = before ? `whose emotion was ${before}` : 'which had no emotion';
  tell(
    `${place}: the same line as ${earlier.place}, ${had}: now ${now ?? 'none'}; give each an id to keep both.`,
  );
}

/** Which lines are to be spoken, which are there as they should be, and which are somebody's own tracks. */
async function compare(folder: BakedFolder, lines: readonly BakeLine[], all: boolean) {
  const [changed, kept, own]: [BakeLine[], BakeLine[], BakeLine[]] = [[], [], []];
  for (const line of lines) {
    const there = folder.find(line.id);
    if (there && !there.bakedFrom) own.push(line);
    else if (!all && there?.bakedFrom === line.bakedFrom && (await folder.isWhole(there))) kept.push(line);
    else changed.push(line);
  }
  return { changed, kept, own };
}

function tellPlan(changed: readonly BakeLine[], kept: number, own: readonly BakeLine[], verb: string): void {
  const length = changed.reduce((sum, { order }) => sum + order.text.length, 0);
  tell(`${count(changed.length)} ${verb} (${length} characters), ${kept} unchanged`);
  for (const { id } of own) tell(`${id}: left as it is, bake did not make it`);
}

/** Tells, or removes, tracks that bake has made of lines that are no longer in the list. */
async function tidy(folder: BakedFolder, lines: readonly BakeLine[], options: BakeOptions): Promise<void> {
  const listed = new Set(lines.map(({ id }) => id));
  for (const id of folder.ids) {
    if (listed.has(id) || !folder.find(id)?.bakedFrom) continue;
    if (options.prune && !options.dryRun) await folder.remove(id);
    const fate = options.dryRun ? 'would be removed' : 'removed';
    tell(`${id}: no longer in the list, ${options.prune ? fate : '--prune removes it'}`);
  }
}

/** A source that puts lines back while the account is busy. Some have such a pool of their own, which knows the account. */
function openPatient(name: string, settings: SourceSettings, jobs: number): VoiceSource {
  let pooled = false;
  const onPool = () => {
    pooled = true;
  };
  const source = openSource(name, { ...settings, turnSeconds: TURN_SECONDS, onPool });
  if (pooled) return source;
  return poolVoices({ services: [{ source, units: jobs }], maxWaitSeconds: TURN_SECONDS });
}

async function speak(
  folder: BakedFolder,
  lines: readonly BakeLine[],
  source: VoiceSource,
  jobs: number,
  signal: AbortSignal,
) {
  let done = 0;
  const step = (line: string, words: string) => tell(`${++done}/${lines.length} ${line}: ${words}`);
  const events: BakeEvents = {
    onSpoken: (line, seconds) => step(line.id, `${seconds.toFixed(2)} s`),
    onFailed: (line, error) => step(`${line.id} (${line.place})`, `failed. ${error.message}`),
  };
  const { spoken, failures, left } = await bakeInto(folder, lines, source, jobs, events, signal);
  const [first] = failures;
  if (!first) return;
  const untried = left > 0 ? ` ${left} more were not tried.` : '';
  const refused = failures.some(({ refusal }) => refusal === 'request');
  const change = refused ? ' Change what was refused.' : '';
  const message = `${failures.length} of ${count(lines.length)} failed, ${spoken} are done.${untried} The first: ${first.message}${change} Run it again to go on.`;
  throw new PartlyError(message, first);
}

function tell(words: string): void {
  console.error(lineOf(words));
}

function count(lines: number): string {
  return lines === 1 ? '1 line' : `${lines} lines`;
}
