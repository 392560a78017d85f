/**
 * Amazon Polly's SynthesizeSpeech as its documents have it: `POST /v1/speech`, signed; sound in PCM, or speech marks as
 * rows of JSON; errors by name in a header. HTTP/2, as the vendor's client asks. Speaks by Flite. Variants stand before the path, as the vendor's client keeps no
 * query: `http://127.0.0.1:PORT/odd=1&order=late`.
 *
 * `odd=1` sound in pieces of odd length · `order=late` marks long after the sound · `end=none` the sound never ends ·
 * `end=cut` it breaks off · `end=drop` so does the connection · `refuse=NAME` answers with that error · `marks=garbage` · `places=letters` marks count letters
 */
import { once } from 'node:events';
import { createServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { bytesOfSamples, endSpeech, piecesOfBytes, sayable, speech, standInFor } from './speech.ts';

export interface PollyEmulator {
  readonly url: string;
  /** Bodies of all requests that were understood. */
  readonly requests: Record<string, unknown>[];
  /** Connections whose client left before the answer was whole. */
  readonly left: number;
  /** From the so many-th line on, counted by their sound, requests are answered with an error; 0: none are. */
  refuseFrom(line: number, type: string): void;
  close(): Promise<void>;
}

/** The one account that there is. */
export const ACCESS_KEY = 'AKIACANARY7F3A000000';

const MARKS = new Set(['sentence', 'ssml', 'viseme', 'word']);
const ENGINES = new Set(['standard', 'neural', 'long-form', 'generative']);
const VOICES = new Set([
  'Joanna',
  'Matthew',
  'Amy',
  'Ruth',
  'Salli',
  'Kendra',
  'Stephen',
  'Joey',
  'Gregory',
  'Brian',
]);
const STATUSES: Readonly<Record<string, number>> = {
  ServiceFailureException: 500,
  UnrecognizedClientException: 403,
  AccessDeniedException: 403,
  ServiceUnavailableException: 503,
};

class Refusal extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** Sounds in ARPAbet by the viseme that the service's page for American English has for them. */
const VISEMES = new Map(
  Object.entries({
    ...{
      p: 'p b m em',
      t: 't d n dx nx en',
      l: 'l el',
      S: 'sh zh ch jh',
      T: 'th dh',
      f: 'f v',
      k: 'k g ng hh',
    },
    ...{ i: 'iy ih ix y', r: 'r', s: 's z', u: 'uw uh w wh', '@': 'ax axr', a: 'ae aa ay aw', e: 'ey' },
    ...{ E: 'eh er ah', o: 'ow', O: 'ao oy', sil: 'pau' },
  }).flatMap(([viseme, phones]) => phones.split(' ').map((phone) => [phone, viseme] as const)),
);

/** A text as it is to be spoken: runs of words with the bytes at which they begin, and silence between. */
interface Script {
  readonly runs: readonly { readonly text: string; readonly byte: readonly number[] }[];
  /** Seconds before each run but the first, and after the last. */
  readonly pauses: readonly number[];
  readonly speed: number;
}

/** What is said of a text, with its times. */
export async function polly(script: Script, voice: string, rate: number) {
  const spoken: Awaited<ReturnType<typeof speech>>[] = [];
  for (const { text } of script.runs)
    spoken.push(sayable(text) ? await speech(text, standInFor(voice), rate, script.speed) : nothing(rate));
  const silences = script.pauses.map((seconds) => new Int16Array(Math.round(seconds * rate)));
  const pieces = spoken.flatMap(({ samples }, run) => [samples, silences[run] ?? new Int16Array(0)]);
  const samples = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  const marks: { time: number; type: string; start?: number; end?: number; value: string }[] = [];
  let at = 0;
  for (const [run, { words, phones, samples: made }] of spoken.entries()) {
    const ms = (seconds: number) => Math.round((at / rate + seconds) * 1000);
    const { byte, text } = script.runs[run]!;
    for (const { from, to, start } of words)
      marks.push({
        time: ms(start),
        type: 'word',
        start: byte[from]!,
        end: byte[to]!,
        value: text.slice(from, to),
      });
    for (const { id, start } of phones)
      marks.push({ time: ms(start), type: 'viseme', value: VISEMES.get(id)! });
    samples.set(made, at);
    at += made.length + (silences[run]?.length ?? 0);
  }
  const last = marks.findLast(({ type }) => type === 'viseme');
  if (last && last.value !== 'sil')
    marks.push({ time: Math.round((samples.length / rate) * 1000), type: 'viseme', value: 'sil' });
  return { samples, marks: marks.sort((a, b) => a.time - b.time) };
}

function nothing(sampleRate: number): Awaited<ReturnType<typeof speech>> {
  return { samples: new Int16Array(0), sampleRate, words: [], phones: [] };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads a text or SSML as strictly as the service does: tags that an engine lacks are errors. */
export function readScript(source: string, type: string, engine: string): Script {
  const runs: { text: string; byte: number[] }[] = [];
  const pauses: number[] = [];
  let run: { text: string; byte: number[] } = { text: '', byte: [] };
  const open: string[] = [];
  let speed = 1;
  let byte = 0;
  const put = (letters: string, length: number) => {
    for (const letter of letters) for (let i = 0; i < letter.length; i++) run.byte.push(byte);
    run.text += letters;
    byte += length;
  };
  const cut = (seconds: number) => {
    run.byte.push(byte);
    runs.push(run);
    pauses.push(seconds);
    run = { text: '', byte: [] };
  };
  const bad = (why: string) => new Refusal('InvalidSsmlException', `Invalid SSML request: ${why}`);
  if (type !== 'ssml') for (const letter of source) put(letter, Buffer.byteLength(letter));
  else {
    if (!/^<speak[\s>][\s\S]*<\/speak>$/.test(source)) throw bad('no speak element');
    for (const [piece, slash, name, rest = '', entity] of source.matchAll(
      /<(\/?)([a-z:-]+)([^<>]*)>|&([a-z]+);|[^<&]|[<&]/gsu,
    )) {
      if (entity !== undefined || name === undefined) {
        const letter = entity === undefined ? piece : ENTITIES[entity];
        if (letter === undefined || piece === '<' || piece === '&') throw bad(`unescaped ${piece}`);
        put(letter, Buffer.byteLength(piece));
        continue;
      }
      byte += Buffer.byteLength(piece);
      if (slash) {
        if (open.pop() !== name) throw bad(`</${name}>`);
      } else if (name === 'break') {
        const [, ms] = /^ time="(\d+)ms"\/$/.exec(rest) ?? [];
        if (ms === undefined || Number(ms) > 10_000) throw bad('break');
        cut(Number(ms) / 1000);
      } else {
        if (!/^(speak|emphasis|phoneme|prosody)$/.test(name)) throw bad(`unknown tag ${name}`);
        if (name === 'emphasis' && engine !== 'standard')
          throw bad('emphasis is not supported by this voice');
        if (name === 'phoneme' && !/^ alphabet="ipa" ph="[^"]+"$/.test(rest)) throw bad('phoneme');
        const rate = Number(/^ rate="(\d+)%"$/.exec(rest)?.[1] ?? Number.NaN);
        if (name === 'prosody' && !(rate >= 20 && rate <= 200)) throw bad('prosody');
        if (name === 'prosody') speed = rate / 100;
        open.push(name);
      }
    }
    if (open.length > 0) throw bad(`<${open[0]}> is not closed`);
  }
  run.byte.push(byte);
  runs.push(run);
  return { runs, pauses, speed };
}

/** A request as the service checks it. */
function check(body: Record<string, unknown>): {
  script: Script;
  voice: string;
  rate: number;
  marks?: Set<string>;
} {
  const { Engine: engine = 'standard', OutputFormat: format, SampleRate: rate = '16000', Text: text } = body;
  const { TextType: type = 'text', VoiceId: voice, SpeechMarkTypes: types } = body;
  const invalid = (why: string) => new Refusal('ValidationException', why);
  const known =
    'Engine LanguageCode LexiconNames OutputFormat SampleRate SpeechMarkTypes Text TextType VoiceId'.split(
      ' ',
    );
  for (const name of Object.keys(body)) if (!known.includes(name)) throw invalid(`unknown field ${name}`);
  if (typeof text !== 'string' || text === '') throw invalid('Text must not be empty');
  if (typeof voice !== 'string' || !VOICES.has(voice))
    throw invalid(`Value '${voice}' at 'voiceId' failed to satisfy constraint`);
  if (typeof engine !== 'string' || !ENGINES.has(engine)) throw invalid(`Value '${engine}' at 'engine'`);
  if (type !== 'text' && type !== 'ssml') throw invalid(`Value '${type}' at 'textType'`);
  // Tags do not count for the 3,000, but for the 6,000.
  const billed = type === 'ssml' ? text.replace(/<[^>]*>/g, '') : text;
  if (text.length > 6_000 || billed.length > 3_000)
    throw new Refusal('TextLengthExceededException', 'Maximum text length has been exceeded');
  if (format === 'json') {
    if (engine === 'generative') throw invalid('Speech marks are not supported for this engine.');
    if (!Array.isArray(types) || types.length === 0 || !types.every((kind) => MARKS.has(kind)))
      throw invalid('SpeechMarkTypes');
    if (types.includes('ssml') && type !== 'ssml')
      throw new Refusal('SsmlMarksNotSupportedForTextTypeException', 'SSML speech marks need SSML');
  } else {
    if (format !== 'pcm') throw invalid(`Value '${format}' at 'outputFormat'`);
    if (types !== undefined)
      throw new Refusal('MarksNotSupportedForFormatException', 'Speech marks need json');
    if (rate !== '8000' && rate !== '16000')
      throw new Refusal('InvalidSampleRateException', `The sample rate ${rate} is not valid`);
  }
  const script = readScript(text, type, engine);
  return {
    script,
    voice,
    rate: Number(rate),
    ...(format === 'json' && { marks: new Set(types as string[]) }),
  };
}

/** Signature Version 4, as far as one who does not know the secret can judge it. */
function checkSigned({ headers }: Http2ServerRequest): void {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/[a-z0-9-]+\/polly\/aws4_request, SignedHeaders=([a-z0-9:;-]+), Signature=[0-9a-f]{64}$/;
  const [, key, signed = ''] = form.exec(headers.authorization ?? '') ?? [];
  if (
    key === undefined ||
    !/(^|;)(host|:authority)(;|$)/.test(signed) ||
    !/^\d{8}T\d{6}Z$/.test(String(headers['x-amz-date']))
  )
    throw new Refusal('MissingAuthenticationTokenException', 'Missing Authentication Token');
  if (key !== ACCESS_KEY)
    throw new Refusal(
      'UnrecognizedClientException',
      `The security token ${key} included in the request is invalid.`,
    );
}

/** Serves it on a free port. */
export async function servePolly(): Promise<PollyEmulator> {
  const requests: Record<string, unknown>[] = [];
  let left = 0;
  let closed = false;
  let refused = { from: 0, type: '' };
  const refuse = () => {
    const lines = requests.filter(({ OutputFormat }) => OutputFormat === 'pcm').length;
    if (refused.from > 0 && lines >= refused.from - 1 && requests.length >= 2 * (refused.from - 1))
      throw new Refusal(refused.type, `This is ${refused.type}.`);
  };
  const server = createServer((request, response) => {
    request.on('aborted', () => {
      left++;
    });
    void answer(request, response, requests, refuse).catch((error) => {
      if (!(error instanceof Refusal)) {
        if (closed) return; // Lines that were being spoken when it was closed.
        throw error;
      }
      response.writeHead(STATUSES[error.type] ?? 400, {
        'Content-Type': 'application/json',
        'x-amzn-ErrorType': `${error.type}:http://internal.amazon.com/coral/com.amazonaws.parrot/`,
        'x-amzn-RequestId': '00000000-0000-4000-8000-000000000000',
      });
      response.end(JSON.stringify({ message: error.message }));
    });
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    refuseFrom(from, type) {
      refused = { from, type };
    },
    get left() {
      return left;
    },
    close() {
      closed = true;
      const over = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      endSpeech();
      return over;
    },
  };
}

async function answer(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  requests: Record<string, unknown>[],
  refuse: () => void,
): Promise<void> {
  const [, variants = '', path] =
    /^(?:\/([^/]*=[^/]*))?(\/.*)$/.exec(decodeURIComponent(request.url ?? '')) ?? [];
  const variant = new URLSearchParams(variants);
  let text = '';
  for await (const piece of request.setEncoding('utf8')) text += piece;
  if (request.method !== 'POST' || path !== '/v1/speech')
    throw new Refusal('UnknownOperationException', 'unknown');
  checkSigned(request);
  if (!/^application\/json/.test(request.headers['content-type'] ?? ''))
    throw new Refusal('SerializationException', 'type');
  const body: Record<string, unknown> = JSON.parse(text);
  const { script, voice, rate, marks: kinds } = check(body);
  const refusal = variant.get('refuse');
  if (refusal) throw new Refusal(refusal, `This is ${refusal}.`);
  refuse();
  requests.push(body);
  const said = await polly(script, voice, rate);
  response.setHeader('x-amzn-RequestCharacters', String(body.Text).length);
  if (kinds) {
    if (variant.get('order') === 'late') await new Promise((resolve) => setTimeout(resolve, 300));
    response.setHeader('Content-Type', 'application/x-json-stream');
    if (variant.get('marks') === 'garbage') return void response.end('{"time":0,"type":"word"}\n{"time"');
    const letters = (bytes = 0) => Buffer.from(String(body.Text)).subarray(0, bytes).toString().length;
    for (const { start, end, ...mark } of said.marks.filter(({ type }) => kinds.has(type))) {
      const counted = variant.get('places') === 'letters' ? [letters(start), letters(end)] : [start, end];
      const places = start === undefined ? {} : { start: counted[0], end: counted[1] };
      response.write(
        `${JSON.stringify({ time: mark.time, type: mark.type, ...places, value: mark.value })}\n`,
      );
    }
    return void response.end();
  }
  response.setHeader('Content-Type', 'audio/pcm');
  const pieces = piecesOfBytes(bytesOfSamples(said.samples), 4_000, variant.has('odd'));
  const end = variant.get('end');
  for (const piece of end ? pieces.slice(0, Math.ceil(pieces.length / 2)) : pieces) {
    response.write(piece);
    if (variant.has('odd')) await new Promise((resolve) => setImmediate(resolve));
  }
  if (end === 'none') return;
  if (end === 'drop') return void setTimeout(() => response.stream.session?.destroy(), 20);
  if (end === 'cut') return void setTimeout(() => response.stream.destroy(new Error('broken')), 20);
  response.end();
}
