/** Starts the project's own programs as child processes, as a user would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Where the tests keep the compiled program, as deep as the package's own. */
export const BUILT = join(root, 'dist-test');

/** The compiled `parley`. */
export function builtProgram(): string {
  return join(BUILT, 'cli/main.js');
}

/** A program that told where it listens. */
export interface Listening {
  readonly url: string;
  /** Ends it the hard way, as a crash would. */
  kill(): void;
}

/** One that runs in a process of its own. */
export interface Started extends Listening {
  /** Asks it to end, as whoever runs it would. */
  end(): void;
  /** All that it has printed. */
  output(): string;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

/** How Node runs a file: what is not compiled yet, or leads to what is not, is as it starts. */
function commandOf(file: string, args: readonly string[]): string[] {
  return file.startsWith(BUILT) ? [file, ...args] : ['--import', 'tsx', resolve(root, file), ...args];
}

/** What a program of ours sees of the environment: all but the tests' own switch, which no user sets. */
function environment(): NodeJS.ProcessEnv {
  const { PARLEY_LONG, ...rest } = process.env;
  return rest;
}

/** Runs a file and resolves once it prints a line with a URL. */
export function startListening(file: string, ...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, commandOf(file, args), {
    cwd: root,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return new Promise((resolve, reject) => {
    let output = '';
    const onText = (text: string) => {
      output += text;
      const url = /listening on (\S+)\n/.exec(output)?.[1];
      if (url)
        resolve({ url, kill: () => kill(child), end: () => child.kill(), output: () => output, ended });
    };
    child.stdout.setEncoding('utf8').on('data', onText);
    child.stderr.setEncoding('utf8').on('data', onText);
    child.on('error', reject);
    child.on('exit', (code) =>
      reject(new Error(`${file} ended with ${code} before it listened:\n${output}`)),
    );
  });
}

function kill(child: ChildProcess): void {
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
}

/** `parley serve`; port 0 takes any free one. */
export function startGateway(port = 0): Promise<Listening> {
  return startListening(builtProgram(), 'serve', '--port', String(port));
}

/** What a finished program left behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `parley …` to its end. */
export function parley(...args: string[]): Promise<Ended> {
  return runToEnd(builtProgram(), ...args);
}

/** Runs a file to its end. */
export function runToEnd(file: string, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, commandOf(file, args), { cwd: root, env: environment() });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
