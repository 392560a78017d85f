/**
 * Google's Gemini Live API (`BidiGenerateContent`) as its documents have it: JSON in binary frames, a setup that is answered,
 * turns that are read aloud or answered with the replies it is given; it hears by loudness. Query of the address: `text=1`
 * JSON in text frames, `order=early|late` transcripts before all sound, or after the turn, `odd=1` tears samples apart,
 * `rate=HZ` sound at another rate, `end=none` turns never end, `pace=MS` between two pieces of sound, `die=N` the
 * connection breaks after N pieces, `go=N` it is announced to end after N turns, and ends 0.2 s later.
 */
import type { IncomingMessage } from 'node:http';
import { type RawData, WebSocket } from 'ws';
import { type Fields, fields, objectIn } from './frames.ts';
import { LoudEar } from './loud-ear.ts';
import { type ServedPort, servePort } from './service-port.ts';
import { bytesOfSamples, pace, piecesOfBytes, sayable, speech, standInFor } from './speech.ts';

export interface GeminiEmulatorOptions {
  /** The key that is let in. Default: any. */
  readonly key?: string;
  /** Ephemeral tokens that are let in, once each. Default: none. */
  readonly tokens?: readonly string[];
  /** What the model answers in a conversation, one after another. Default: what it was told. */
  readonly replies?: readonly string[];
}

export interface GeminiEmulator extends ServedPort {
  readonly handshakes: URL[];
  /** All that visitors sent, in order. */
  readonly asked: Fields[];
}

const PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const HEARS = 16_000;
const PIECE_SECONDS = 0.1;
const VOICES = /^(Kore|Puck|Charon|Aoede|Fenrir|Leda|Orus|Zephyr|Callirrhoe|Enceladus)$/;

/** The voice of this machine that speaks for one of the service's. */
export const voiceOfModel = standInFor;

export async function serveGemini(options: GeminiEmulatorOptions = {}): Promise<GeminiEmulator> {
  const handshakes: URL[] = [];
  const asked: Fields[] = [];
  const tokens = new Set(options.tokens);
  const world = { replies: [...(options.replies ?? [])], handles: new Set<string>(), asked };
  const admit = (_: IncomingMessage, url: URL) => {
    handshakes.push(url);
    const constrained = url.pathname === `${PATH}Constrained`;
    if (url.pathname !== PATH && !constrained)
      return { status: 404, body: { error: { code: 404, message: 'Not Found' } } };
    return undefined;
  };
  const port = await servePort({
    admit,
    carry(socket, url) {
      const token = url.searchParams.get('access_token');
      const key = url.searchParams.get('key');
      const good = token
        ? tokens.delete(token)
        : key !== null && (options.key === undefined || key === options.key);
      // Keys are judged after the handshake.
      if (good) new Visitor(socket, url.searchParams, world);
      else
        socket.close(
          1008,
          `API key not valid. Please pass a valid API key, not ${key ?? token}.`.slice(0, 120),
        );
    },
  });
  return { ...port, url: port.url + PATH, handshakes, asked };
}

interface World {
  readonly replies: string[];
  /** Names by which conversations are gone on with. */
  readonly handles: Set<string>;
  readonly asked: Fields[];
}

class Visitor {
  readonly #socket: WebSocket;
  readonly #query: URLSearchParams;
  readonly #world: World;
  readonly #ear = new LoudEar(HEARS);
  #voice = 'Kore';
  #ready = false;
  #transcribes = { input: false, output: false };
  #resumes = false;
  #turns = 0;
  #pieces = 0;
  /** Counts what was interrupted. */
  #generation = 0;
  #speaking = false;

  constructor(socket: WebSocket, query: URLSearchParams, world: World) {
    this.#socket = socket;
    this.#query = query;
    this.#world = world;
    socket.on('message', (data: RawData) => {
      const message = objectIn(String(data));
      if (message) world.asked.push(message);
      this.#take(message ?? {});
    });
  }

  #take(message: Fields): void {
    if (!this.#ready) this.#setUp(message.setup);
    else if (message.clientContent) this.#hearText(fields(message.clientContent));
    else if (message.realtimeInput) this.#hear(fields(message.realtimeInput));
    else if (message.toolResponse) this.#answer('The tool has spoken.');
    else this.#socket.close(1007, 'Request contains an invalid argument.');
  }

  #setUp(value: unknown): void {
    const setup = fields(value);
    const config = fields(setup.generationConfig);
    const voice =
      fields(fields(fields(config.speechConfig).voiceConfig).prebuiltVoiceConfig).voiceName ?? 'Kore';
    const model = String(setup.model);
    if (value === undefined) this.#socket.close(1007, 'setup must be the first message and only the first');
    else if (!model.startsWith('models/gemini')) {
      this.#socket.close(1008, `${model} is not found for API version v1beta, or is not supported.`);
    } else if (String(config.responseModalities) !== 'AUDIO')
      this.#socket.close(1007, 'Only AUDIO is spoken here.');
    else if (!VOICES.test(String(voice)))
      this.#socket.close(1007, `Requested voice api_name '${voice}' is not available.`);
    else if (!this.#goesOn(fields(setup.sessionResumption).handle)) {
      this.#socket.close(1008, 'BidiGenerateContent session not found');
    } else {
      this.#ready = true;
      this.#voice = String(voice);
      this.#resumes = setup.sessionResumption !== undefined;
      this.#transcribes = {
        input: Boolean(setup.inputAudioTranscription),
        output: Boolean(setup.outputAudioTranscription),
      };
      this.#tell({ setupComplete: {} });
    }
  }

  #goesOn(handle: unknown): boolean {
    return handle === undefined || this.#world.handles.delete(String(handle));
  }

  #hearText({ turns, turnComplete }: Fields): void {
    const last = fields(Array.isArray(turns) ? turns.at(-1) : undefined);
    const text = (Array.isArray(last.parts) ? last.parts : [])
      .map((part) => String(fields(part).text ?? ''))
      .join('');
    this.#interrupt();
    if (turnComplete === true) this.#answer(this.#world.replies.shift() ?? text);
  }

  #hear({ audio }: Fields): void {
    const { mimeType, data } = fields(audio);
    if (mimeType !== `audio/pcm;rate=${HEARS}` || typeof data !== 'string') {
      this.#socket.close(1007, 'Request contains an invalid argument.');
      return;
    }
    for (const what of this.#ear.hear(Buffer.from(data, 'base64'))) {
      if (what === 'begins') this.#interrupt();
      else {
        const text = ` ${this.#ear.loud} loud samples`;
        this.#ear.reset();
        if (this.#transcribes.input) this.#tell({ serverContent: { inputTranscription: { text } } });
        this.#answer(this.#world.replies.shift() ?? 'I heard you.');
      }
    }
  }

  #interrupt(): void {
    this.#generation++;
    if (!this.#speaking) return;
    this.#speaking = false;
    this.#tell({ serverContent: { interrupted: true } });
    this.#tell({ serverContent: { turnComplete: true } });
  }

  #answer(text: string): void {
    this.#speaking = true;
    this.#speak(text, this.#generation).catch(() => this.#socket.terminate());
  }

  async #speak(text: string, generation: number): Promise<void> {
    const query = this.#query;
    const rate = Number(query.get('rate') ?? 24_000);
    const stale = () => generation !== this.#generation || this.#socket.readyState !== WebSocket.OPEN;
    const order = query.get('order');
    const words = this.#transcribes.output ? (text.match(/\s*\S+/g) ?? []) : [];
    const transcribe = (count: number) => {
      for (const word of words.splice(0, count))
        this.#tell({ serverContent: { outputTranscription: { text: word } } });
    };
    if (order === 'early') transcribe(Number.POSITIVE_INFINITY);
    const voice = voiceOfModel(this.#voice);
    const samples = sayable(text) ? (await speech(text, voice, rate)).samples : new Int16Array();
    const mimeType = `audio/pcm;rate=${rate}`;
    for (const piece of piecesOfBytes(bytesOfSamples(samples), PIECE_SECONDS * rate * 2, query.has('odd'))) {
      if (stale()) return;
      const parts = [{ inlineData: { mimeType, data: piece.toString('base64') } }];
      this.#tell({ serverContent: { modelTurn: { role: 'model', parts } } });
      if (++this.#pieces === Number(query.get('die'))) return this.#socket.terminate();
      if (order !== 'late') transcribe(1);
      await pace(Number(query.get('pace') ?? 0));
    }
    if (stale() || query.get('end') === 'none') return;
    if (order !== 'late') transcribe(Number.POSITIVE_INFINITY);
    this.#tell({ serverContent: { generationComplete: true } });
    transcribe(Number.POSITIVE_INFINITY);
    if (this.#transcribes.output) this.#tell({ serverContent: { outputTranscription: { finished: true } } });
    await pace(40); // It waits until it has been heard.
    if (stale()) return;
    this.#speaking = false;
    this.#tell({ serverContent: { turnComplete: true }, usageMetadata: { totalTokenCount: 7 } });
    this.#afterTurn();
  }

  #afterTurn(): void {
    if (this.#resumes) {
      const newHandle = `handle-${this.#world.handles.size}-${Math.random()}`;
      this.#world.handles.add(newHandle);
      this.#tell({ sessionResumptionUpdate: { newHandle, resumable: true } });
    }
    if (++this.#turns !== Number(this.#query.get('go'))) return;
    this.#tell({ goAway: { timeLeft: '0.2s' } });
    setTimeout(() => this.#socket.close(1011, 'Deadline expired before operation could complete.'), 200);
  }

  #tell(message: unknown): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const text = JSON.stringify(message);
    this.#socket.send(this.#query.has('text') ? text : Buffer.from(text));
  }
}
