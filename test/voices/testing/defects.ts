/** What can be wrong with an adapter: edits of `acme-voices.ts`, each with the checks that must find it, and why. */
export interface Defect {
  readonly name: string;
  /** Pieces of the source, each of which stands there once, and what is put in their place. */
  readonly edits: readonly (readonly [find: string, put: string])[];
  /** The checks that fail, by a part of their names, and what they say. All others pass. */
  readonly found: Readonly<Record<string, RegExp>>;
}

const GARBAGE = "if (!json) throw SpeechError.protocol(this.where, 'JSON', 'something else');";

export const DEFECTS: readonly Defect[] = [
  {
    name: 'an odd byte is dropped',
    edits: [['this.#rest = all.subarray(2 * samples.length);', '']],
    found: { 'pieces of an odd number of bytes': /samples, as without any fault, got/ },
  },
  {
    name: 'times have the wrong zero',
    edits: [['this.#zero = json.sound_at;', '']],
    found: {
      'words are where the sound is': /"Map" from 0\.040 to 0\.190 s, got 0\.290 to 0\.440 s/,
      'the mouth is where the sound is': /0\.25 s too late/,
    },
  },
  {
    name: 'the end is missing',
    edits: [["yield { type: 'end' };", '']],
    found: { 'a line ends with `end`': /a line that stopped without it/ },
  },
  {
    name: 'the end comes twice',
    edits: [["yield { type: 'end' };", "yield { type: 'end' };\nyield { type: 'end' };"]],
    found: { 'a line ends with `end`': /Expected one `end`, got 2/ },
  },
  {
    name: 'sound comes after the cancel',
    edits: [["if (reason.code === 'aborted') this.#messages = [];", '']],
    found: {
      'cancel at the first audio': /no part after the signal aborted, got .*audio/,
      'cancel in the middle': /no part after the signal aborted, got .*audio/,
    },
  },
  {
    name: 'the service is not told of the cancel',
    edits: [['socket.terminate(); // Acme', 'if (!signal.aborted) socket.terminate(); // Acme']],
    found: {
      'cancel while connecting': /service to be told/,
      'cancel after the request': /service to be told/,
      'cancel at the first audio': /service to be told/,
      'cancel in the middle': /service to be told/,
    },
  },
  {
    name: 'the signal is looked at by messages alone',
    edits: [['if (stop.aborted) throw SpeechError.aborted();', '']],
    found: { 'cancel before the call': /no part after the signal aborted/, dispose: /after dispose/ },
  },
  {
    name: 'a message that cancels is promised, and there is none',
    edits: [["cancel: 'closing'", "cancel: 'message'"]],
    found: {
      'cancel at the first audio': /by message, as traits.cancel says, got closing/,
      'cancel in the middle': /by message, as traits.cancel says, got closing/,
    },
  },
  {
    name: 'the key is in an error',
    edits: [["words.replaceAll(key, '***')", 'words']],
    found: { 'the key is in no error': /no key in the error of an error message that repeats it/ },
  },
  {
    name: 'the address with its key is in a cause',
    edits: [
      ['const where = new URL(url).host;', 'const where = new URL(url).host; const whole = { url, key };'],
      ['SpeechError.connectFailed(where)));', 'SpeechError.connectFailed(where, whole)));'],
      ['SpeechError.closedEarly(where)));', 'SpeechError.closedEarly(where, whole)));'],
    ],
    found: { 'the key is in no error': /it in what it prints as/ },
  },
  {
    name: 'the key is logged',
    edits: [['socket.send(JSON', 'console.debug(key);\nsocket.send(JSON']],
    found: { 'the key is in no error': /a console without the key/ },
  },
  {
    name: 'the key is written to a stream',
    edits: [['socket.send(JSON', 'process.stderr.write(key);\nsocket.send(JSON']],
    found: { 'the key is in no error': /a console without the key/ },
  },
  {
    name: 'frames of the face are cut and have no place',
    edits: [
      [
        'this.heard = true;',
        "this.heard = true;\nyield { type: 'shapes', fps: 30, from: -7, frames: new Float32Array(54) };",
      ],
    ],
    found: { 'frames of the face': /place of the first frame in the line, from 0 on, got -7/ },
  },
  {
    name: 'rates are promised that none can have',
    edits: [['sampleRates: [16_000', 'sampleRates: [16_000, 96_000']],
    found: { 'gives what it says': /whole rates from 8,000 to 48,000 Hz in traits.sampleRates, got 96000/ },
  },
  {
    name: 'lines that run at once share their messages',
    edits: [
      ['const disposed =', 'let running = 0;\nlet latest: Inbox;\nconst disposed ='],
      ['const inbox = new Inbox();', 'const inbox = running++ > 0 ? latest! : (latest = new Inbox());'],
      ['stop.removeEventListener', 'running--;\nstop.removeEventListener'],
    ],
    found: {
      'two lines at once do not mix': /Lines that run at once need a socket each/,
      'a line goes on while another is cancelled': /must not close what another one uses/,
      dispose: /code aborted, got/,
    },
  },
  {
    name: 'places are counted in characters',
    edits: [
      [
        'const to = from + json.word.length;',
        'const to = from + json.word.length; const shift = [...this.text.slice(0, from)].length - from;',
      ],
      ['text: json.word, from, to,', 'text: json.word, from: from + shift, to: to + shift,'],
    ],
    found: { 'accents, quotes and emoji': /text\.slice\(\d+, \d+\) to be "café"/ },
  },
  {
    name: 'places are one off',
    edits: [['text: json.word, from, to,', 'text: json.word, from: from + 1, to: to + 1,']],
    found: {
      'words rise': /text\.slice\(1, 4\) to be "Map", got "ap "/,
      'words are where': /at least half of the 8 words/,
      'long text': /text\.slice/,
      'accents, quotes and emoji': /text\.slice/,
      'right-to-left': /text\.slice/,
    },
  },
  {
    name: 'a cut is taken for the end',
    edits: [['inbox.fail(SpeechError.closedEarly(where))', `inbox.push('{"type":"end"}')`]],
    found: {
      'cut after every message': /samples, as without any fault, got .*fails with closed-early/,
      'closed after every message': /samples, as without any fault, got .*fails with closed-early/,
    },
  },
  {
    name: 'garbage is swallowed, and the rest of it waited for',
    edits: [
      [GARBAGE, "this.half ||= !json && message.startsWith('{');\nif (!json || this.half) return;"],
      ['over = false;', 'over = false;\nhalf = false;'],
      ['const patience = line.heard', 'const patience = line.half ? 100 : line.heard'],
    ],
    found: { 'broken JSON': /the line hangs/ },
  },
  {
    name: 'an error of the platform gets through',
    edits: [
      [
        "if (!json) throw SpeechError.protocol(this.where, 'JSON', 'something else');",
        "if (!json) throw new TypeError('no JSON');",
      ],
    ],
    found: {
      'broken JSON': /SpeechError that tells what went wrong.*got TypeError/,
      'binary noise': /got TypeError/,
      'a huge message': /got TypeError/,
    },
  },
  {
    name: 'an unknown message is taken for the end',
    edits: [["case 'end':", "case 'end':\ndefault:"]],
    found: { 'an unknown type of message': /samples, as without any fault, got/ },
  },
  {
    name: 'the rate of the answer is not read',
    edits: [['this.#sampleRate = json.rate;', '']],
    found: { 'an answer at another rate': /24000 Hz, as the service says, got 16000 Hz/ },
  },
  {
    name: 'another rate is claimed than the samples have',
    edits: [
      ['this.#sampleRate = json.rate;', 'this.#sampleRate = 24_000;'],
      ['sampleRates: [16_000]', 'sampleRates: [24_000]'],
    ],
    found: {
      'sound is what the service spoke': /16000 Hz, got 24000 Hz/,
      'an answer at another rate': /Expected a line of/,
    },
  },
  {
    name: 'bytes are swapped',
    edits: [['all.readInt16LE', 'all.readInt16BE']],
    found: { 'sound is what the service spoke': /the samples of the truth, got another one at/ },
  },
  {
    name: 'dispose leaves the socket of a running line',
    edits: [['socket.terminate(); // Acme', 'if (!disposed.signal.aborted) socket.terminate(); // Acme']],
    found: { dispose: /no connection .* after dispose\(\), got 2 open/ },
  },
  {
    name: 'dispose leaves running lines alone',
    edits: [['AbortSignal.any([signal, disposed.signal])', 'AbortSignal.any([signal])']],
    found: { dispose: /code aborted, got/ },
  },
  {
    name: 'dispose leaves a timer',
    edits: [['const disposed =', 'setInterval(() => {}, 1e5);\nconst disposed =']],
    found: { dispose: /no timer .* after dispose\(\)/ },
  },
  {
    name: 'empty text is sent',
    edits: [["if (text.trim() === '') throw new InputError('Text', 'something to say', 'nothing');", '']],
    found: { 'empty text': /an InputError for ""/ },
  },
  {
    name: 'cues come late, unannounced',
    edits: [
      [
        'yield* line.read(message);',
        "for (const part of line.read(message)) {\nif (part.type === 'cues') late.push(part);\nelse yield part;\n}",
      ],
      ["yield { type: 'end' };", "yield* late;\nyield { type: 'end' };"],
      ['const inbox =', 'const late: SpeechPart[] = [];\nconst inbox ='],
    ],
    found: { 'times come no later': /s behind their sound, as the source declares, got the cue/ },
  },
  {
    name: 'shapes that are promised never come',
    edits: [["case 'mouth': {", "case 'mouth never': {"]],
    found: { 'it gives what it says': /cues, since it gives visemes, words, got none/ },
  },
  {
    name: 'text in another script is left out',
    edits: [
      [
        'JSON.stringify({ text, voice })',
        "JSON.stringify({ text: text.replace(/[\\u0590-\\u06ff]/g, ''), voice })",
      ],
    ],
    found: { 'right-to-left': /all words of the text to be sent/ },
  },
  {
    name: 'long text is cut off',
    edits: [['JSON.stringify({ text, voice })', 'JSON.stringify({ text: text.slice(0, 500), voice })']],
    found: { 'long text': /./ },
  },
  {
    name: 'the voice is never sent',
    edits: [['JSON.stringify({ text, voice })', "JSON.stringify({ text, voice: 'Pat' })"]],
    found: { 'another voice is sent on': /the voice "Kim" to change what is sent, got the same/ },
  },
  {
    name: 'a listener stays on the signal',
    edits: [
      [
        "stop.addEventListener('abort', cancel);",
        "signal.addEventListener('abort', cancel);\nstop.addEventListener('abort', cancel);",
      ],
    ],
    found: {
      'nothing listens to the signal': /no listener on the signal of a line that came to its end, got 1/,
    },
  },
  {
    name: 'times are said to count from each piece of sound',
    edits: [["timesFrom: 'request'", "timesFrom: 'chunk'"]],
    found: { 'times count from where': /counted from the chunk, .* got times that go on through a line/ },
  },
  {
    name: 'text goes in by pieces, and nobody says so',
    edits: [
      [
        'socket.send(JSON.stringify({ text, voice }));',
        'for (const piece of text.match(/(?:.*?\\. ){1,5}|.+$/gs)!) socket.send(JSON.stringify({ text: piece, voice, more: true }));\nsocket.send(JSON.stringify({ text: "", voice }));',
      ],
    ],
    found: {
      'text goes in as it says': /all of a text in one message, .* got 3 pieces, with times that go on/,
    },
  },
  {
    name: 'every refusal is the request’s fault',
    edits: [[", 'busy');", ", 'request');"]],
    found: { 'HTTP 429': /kind busy, got request/, 'HTTP 503': /kind busy, got request/ },
  },
  {
    name: 'a page is let in',
    edits: [["if ('document' in globalThis) throw", 'if (Math.random() > 1) throw']],
    found: { 'a page that holds a key': /an InputError that names the gateway, got a line/ },
  },
  {
    name: 'the time for the first sound begins anew with every message',
    edits: [['firstAudio - (performance.now() - asked) / 1000', 'firstAudio']],
    found: {},
  },
  {
    name: 'a stall is counted over the whole line',
    edits: [['line.heard ? stall :', 'line.heard ? stall - (performance.now() - asked) / 1000 :']],
    found: {
      'a slow network': /whole line .* got SpeechError \(stalled\)/,
    },
  },
];
