import { decodeTrack, parseJson } from '../../pcm/track-file.ts';
import { InputError, SpeechError } from '../../speech/errors.ts';
import { type ManifestLine, parseManifest, type TrackManifest } from '../../speech/manifest.ts';
import type { Track } from '../../speech/track.ts';
import { checkFile, type FetchOptions, fetchFile, shownUrl } from './fetch-file.ts';

/** How tracks are loaded. */
export interface LoadTracksOptions extends FetchOptions {
  /** Ends the loading of the manifest. */
  readonly signal?: AbortSignal;
  /** Sound that is kept once loaded, bytes; the tracks unused for longest are dropped first. Default 16 MiB. */
  readonly keepBytes?: number;
}

/** Default of `keepBytes`: six minutes of speech at 24 kHz. */
const KEEP_BYTES = 16 * 1024 * 1024;

/** A track on its way, for everybody who waits for it. */
interface Loading {
  readonly track: Promise<Track>;
  readonly abort: AbortController;
  waiting: number;
}

/** The tracks of a manifest: known at once, loaded when they are asked for, kept within a bound. */
export class TrackLibrary {
  /** What the manifest says, in its order. */
  readonly lines: readonly ManifestLine[];

  readonly #url: string;
  readonly #options: LoadTracksOptions;
  readonly #byId: ReadonlyMap<string, ManifestLine>;
  readonly #loading = new Map<string, Loading>();
  /** In the order in which they were last used. */
  readonly #kept = new Map<string, Track>();
  #keptBytes = 0;
  #disposed = false;

  /** Use {@link loadTracksAsync}. */
  constructor(manifest: TrackManifest, url: string, options: LoadTracksOptions) {
    this.lines = manifest.lines;
    this.#byId = new Map(manifest.lines.map((line) => [line.id, line]));
    this.#url = url;
    this.#options = options;
  }

  /** Bytes of sound that are kept now. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /**
   * Loads a track, or gives the one that is kept.
   * Rejects with `InputError` for an unknown id, a disposed library and files that are no track, and with
   * {@link SpeechError} for files that cannot be fetched, and `aborted`, when `signal` aborts.
   */
  async loadAsync(id: string, { signal }: { signal?: AbortSignal } = {}): Promise<Track> {
    const line = this.#byId.get(id);
    if (this.#disposed) throw new InputError(`Track "${id}"`, 'a library in use', 'a disposed one');
    if (!line) throw new InputError(`Track "${id}"`, 'an id of the manifest', 'one that it does not have');
    if (signal?.aborted) throw SpeechError.aborted();
    const kept = this.#kept.get(id);
    if (kept) {
      this.#kept.delete(id);
      this.#kept.set(id, kept);
      return kept;
    }
    const loading = this.#loading.get(id) ?? this.#begin(line);
    return join(loading, signal);
  }

  /** Ends what is loading and lets go of what is kept. May be called twice. */
  dispose(): void {
    this.#disposed = true;
    for (const { abort } of this.#loading.values()) abort.abort();
    this.#kept.clear();
    this.#keptBytes = 0;
  }

  #begin(line: ManifestLine): Loading {
    const abort = new AbortController();
    const track = this.#fetch(line, abort.signal);
    const loading = { track, abort, waiting: 0 };
    this.#loading.set(line.id, loading);
    const done = () => {
      if (this.#loading.get(line.id) === loading) this.#loading.delete(line.id);
    };
    abort.signal.addEventListener('abort', done); // Who comes after an abort begins anew.
    track
      .then(
        (loaded) => this.#keep(line.id, loaded),
        () => {},
      )
      .then(done); // Who waits hears of a failure.
    return loading;
  }

  async #fetch(line: ManifestLine, signal: AbortSignal): Promise<Track> {
    const read = async (path: string, bytes: number, hash: string | undefined) => {
      const url = new URL(path.split('/').map(encodeURIComponent).join('/'), this.#url).href;
      const file = await fetchFile(url, signal, this.#options);
      await checkFile(file.bytes, shownUrl(url), bytes, hash);
      return { ...file, name: shownUrl(url) };
    };
    const [json, wav] = await Promise.all([
      read(line.json, line.jsonBytes, line.jsonHash),
      read(line.wav, line.wavBytes, line.wavHash),
    ]);
    const files = { json: new TextDecoder().decode(json.bytes), wav: wav.bytes };
    return decodeTrack(files, { json: json.name, wav: wav.name });
  }

  #keep(id: string, track: Track): void {
    if (this.#disposed) return;
    const { keepBytes = KEEP_BYTES } = this.#options;
    this.#kept.set(id, track);
    this.#keptBytes += track.samples.byteLength;
    for (const [oldest, { samples }] of this.#kept) {
      if (this.#keptBytes <= keepBytes) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= samples.byteLength;
    }
  }
}

/** Waits for a track; when nobody waits any more, its loading ends. */
async function join(loading: Loading, signal: AbortSignal | undefined): Promise<Track> {
  loading.waiting++;
  let leave: () => void = () => {};
  const left = new Promise<never>((_, reject) => {
    leave = () => {
      loading.waiting--;
      if (loading.waiting === 0) loading.abort.abort();
      reject(SpeechError.aborted());
    };
    signal?.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([loading.track, left]);
  } finally {
    signal?.removeEventListener('abort', leave);
  }
}

/**
 * Loads the manifest of finished tracks; their sound follows when a line needs it.
 * Rejects with `InputError`, which names the place, for anything but a manifest, and with {@link SpeechError} when it
 * cannot be fetched: `connect-failed`, `refused`, `connect-timeout`, `aborted`.
 */
export async function loadTracksAsync(
  manifestUrl: string | URL,
  options: LoadTracksOptions = {},
): Promise<TrackLibrary> {
  const signal = options.signal ?? new AbortController().signal;
  const { bytes, url } = await fetchFile(absolute(String(manifestUrl)), signal, options);
  const name = shownUrl(url);
  const manifest = parseManifest(parseJson(new TextDecoder().decode(bytes), name), name);
  return new TrackLibrary(manifest, url, options);
}

function absolute(url: string): string {
  const base = globalThis.document?.baseURI;
  if (!URL.canParse(url, base)) throw new InputError('loadTracksAsync()', 'the address of a manifest', url);
  return new URL(url, base).href;
}
