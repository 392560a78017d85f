#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { DEFAULT_PORT } from '../gateway/default-port.ts';
import type { BakeOptions } from './bake/index.ts';
import { EXIT, exitCodeOf, lineOf, UsageError } from './exit.ts';
import type { FaceOptions } from './face.ts';
import type { ServeOptions } from './serve-config.ts';
import { SOURCE_NAMES } from './sources/names.ts';
import type { SpokenOptions } from './spoken-options.ts';
import type { VisemesOptions } from './visemes.ts';

// Each command is loaded when it is called: all of them together take half a second of a core.

const sources = SOURCE_NAMES.join(', ');

/** This file lies equally deep in a checkout and in the package. */
const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

const program = new Command('parley')
  .version(version)
  .description('Voices for Babylon.js characters: a speech gateway and tools.')
  .exitOverride()
  .configureOutput({
    outputError: (message) => console.error(lineOf(withHint(message.replace(/^error: /, '')))),
  });

program
  .command('serve')
  .description('run the speech gateway')
  .option('--port <port>', `port to listen on; 0 takes any free one (default: ${DEFAULT_PORT})`)
  .option('--config <file>', 'configuration (JSON); PARLEY_… variables and options count more')
  .option('--host <host>', 'address to listen on (default: 127.0.0.1)')
  .option('--source <name>', `where speech comes from: ${sources} (default: local)`)
  .option('--upstream <url>', 'address of the service behind the gateway')
  .option('--lexicon <file>', 'how words are said (JSON)')
  .option('--units <number>', 'concurrency units of the emulated Lightning account (default: 1)')
  .option('--variant <name=choice>', 'a form of the emulated services; may be repeated', collect, [])
  .option(
    '--dialect-keys <file>',
    "the gateway's own keys, for programs of other machines: name and key a line",
  )
  .option('--origins <list>', 'pages that may speak, by exact origin, with commas between')
  .option('--trust-proxy', 'a proxy stands before the gateway and tells X-Forwarded-For')
  .option('--redis <url>', 'share units, lines, tickets and budgets with all gateways of this Redis')
  .option('--redis-cache <url>', 'another Redis, in which gateways keep whole lines')
  .option('--elected', 'of all gateways, the one that may use a unit while Redis is away')
  .option('--cache <folder>', 'keep lines in this folder, for one gateway alone')
  .option('--baked <folder>', 'speak the lines that "parley bake" put there from there')
  .action(async (options: ServeOptions) => (await import('./serve.ts')).serve(options));

program
  .command('say')
  .description('speak a text into line.wav and line.json')
  .argument('<text>', 'what to say')
  .requiredOption('--source <name>', `where speech comes from: ${sources}`)
  .requiredOption('--out <folder>', 'folder for line.wav and line.json')
  .option('--url <url>', 'address of the service')
  .option('--voice <name>', 'voice of the source')
  .option('--lang <code>', 'language code')
  .option('--speed <factor>', 'rate of speaking, 0.5 to 2')
  .option('--rate <hz>', 'sample rate of line.wav, 8000 to 48000')
  .option('--timeout <seconds>', 'longest wait for the service')
  .option('--lexicon <file>', 'how words are said (JSON)')
  .action(async (text: string, options: SpokenOptions) => (await import('./say.ts')).say(text, options));

program
  .command('bake')
  .description('speak a list of lines into a folder of tracks, those that have changed')
  .argument('<file>', 'list of lines (JSON)')
  .requiredOption('--source <name>', `where speech comes from: ${sources}`)
  .requiredOption('--out <folder>', 'folder of the tracks and their manifest.json')
  .option('--url <url>', 'address of the service')
  .option('--voice <name>', 'voice of lines that name none')
  .option('--lang <code>', 'language of lines that name none')
  .option('--speed <factor>', 'rate of speaking of lines that name none, 0.5 to 2')
  .option('--rate <hz>', 'sample rate of the tracks, 8000 to 48000')
  .option('--timeout <seconds>', 'longest wait for the service')
  .option('--lexicon <file>', 'how words are said (JSON)')
  .option('--jobs <number>', 'lines at a time, 1 to 64', '2')
  .option('--all', 'speak unchanged lines anew too')
  .option('--prune', 'remove tracks of lines that are no longer in the list')
  .option('--dry-run', 'tell what would be done, and do nothing')
  .action(async (file: string, options: BakeOptions) =>
    (await import('./bake/index.ts')).bake(file, options),
  );

program
  .command('face')
  .description('tell what the face of a character can do, and what it lacks')
  .argument('<file>', 'a .glb, .vrm or .gltf')
  .option('--json', 'print the report as JSON')
  .option('--map <file>', 'a face map that says which target is which')
  .option('--write-map <file>', 'write what was found as a face map')
  .action(async (file: string, options: FaceOptions) => (await import('./face.ts')).face(file, options));

program
  .command('visemes')
  .description('derive mouth shapes from a recording, from its text, or from both')
  .argument('[file]', 'a .wav; without one, the text is timed at a usual pace')
  .requiredOption('--out <file>', 'JSON file to write')
  .option('--text <text>', 'what is said in it')
  .option('--lang <code>', 'language of the text', 'en')
  .option('--frames <fps>', 'also write the mouth at so many frames a second')
  .option('--lexicon <file>', 'how words are said (JSON)')
  .action(async (file: string | undefined, options: VisemesOptions) =>
    (await import('./visemes.ts')).visemes(file, options),
  );

for (const command of program.commands) command.copyInheritedSettings(program);

try {
  if (process.argv.length <= 2)
    throw new UsageError('expected a command, serve, say, bake, face or visemes; see parley --help.');
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage; // It has printed its own line.
  } else {
    console.error(lineOf(error));
    process.exitCode = exitCodeOf(error);
  }
}

function collect(value: string, values: readonly string[]): string[] {
  return [...values, value];
}

/** Whoever says "-5 degrees" meant a text and no option. */
function withHint(message: string): string {
  const text = /^unknown option '(-[^-].*|.*\s.*)'/.test(message);
  return text ? `${message.trim()}; a text that begins with a hyphen comes last, after --.` : message;
}
