import type { Cue } from '../../src/speech/cue.ts';
import type { Track } from '../../src/speech/track.ts';

declare module 'vitest/browser' {
  interface BrowserCommands {
    serve: (port?: number) => Promise<string>;
    breakable: (upstream: string) => Promise<string>;
    emulate: (name: 'elevenlabs' | 'cartesia' | 'azure', tokens: string[]) => Promise<string>;
    kill: (url: string) => Promise<void>;
    bake: (lines: unknown) => Promise<string>;
    say: (text: string, options: string[]) => Promise<{ line: Track; pcm: string }>;
    timedCues: (pcm: string, sampleRate: number, text: string) => Promise<Cue[]>;
  }
}
