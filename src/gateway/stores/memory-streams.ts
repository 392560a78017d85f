import { SpeechError } from '../../speech/errors.ts';
import { LeaderGoneError, type LinePiece, type LineStreams, type LineWriter } from './store.ts';

/** A line under way. */
interface Stream {
  readonly pieces: LinePiece[];
  readonly readers: Set<() => void>;
  readonly lifts: Set<(priority: number) => void>;
  state: 'open' | 'whole' | SpeechError;
}

/** Lines under way in one process. One that is whole is gone for all but those who read it: its makers keep it. */
export function memoryStreams(): LineStreams {
  const streams = new Map<string, Stream>();

  return {
    async lead(key) {
      if (streams.has(key)) return undefined;
      const stream: Stream = { pieces: [], readers: new Set(), lifts: new Set(), state: 'open' };
      streams.set(key, stream);
      return writerOf(stream, () => streams.delete(key));
    },

    async *follow(key, signal) {
      const stream = streams.get(key);
      if (!stream) throw new LeaderGoneError();
      yield* read(stream, signal);
    },

    has: async (key) => streams.has(key),

    lift(key, priority) {
      for (const listener of streams.get(key)?.lifts ?? []) listener(priority);
    },
  };
}

function writerOf(stream: Stream, forget: () => void): LineWriter {
  const end = async (state: 'whole' | SpeechError) => {
    if (stream.state !== 'open') return;
    forget();
    stream.state = state;
    wake(stream);
  };
  return {
    write(piece) {
      stream.pieces.push(piece);
      wake(stream);
    },
    finish: () => end('whole'),
    fail: end,
    readers: async () => stream.readers.size,
    onLift(listener) {
      stream.lifts.add(listener);
      return () => stream.lifts.delete(listener);
    },
  };
}

function wake({ readers }: Stream): void {
  for (const reader of [...readers]) reader();
}

async function* read(stream: Stream, signal: AbortSignal): AsyncGenerator<LinePiece, void, void> {
  let woken = () => {};
  const reader = () => woken();
  stream.readers.add(reader);
  signal.addEventListener('abort', reader);
  try {
    for (let at = 0; ; at++) {
      while (at >= stream.pieces.length) {
        if (signal.aborted) throw SpeechError.aborted();
        if (stream.state instanceof SpeechError) throw stream.state;
        if (stream.state === 'whole') return;
        await new Promise<void>((resolve) => {
          woken = resolve;
        });
      }
      yield stream.pieces[at]!;
    }
  } finally {
    stream.readers.delete(reader);
    signal.removeEventListener('abort', reader);
  }
}
