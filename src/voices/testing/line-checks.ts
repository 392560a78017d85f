import type { Cue, WordMark } from '../../speech/cue.ts';
import { SHAPE_COUNT } from '../../speech/face-shapes.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { VISEMES } from '../../speech/viseme.ts';
import { demand, shown } from './conformance-error.ts';
import type { Definition } from './definition.ts';
import { readLine } from './spoken-line.ts';

/** Loudest sample below which a line counts as silence. */
const QUIET = 64;

/** Most frames of a face a second, as the port has it. */
const MOST_FPS = 240;

/** Times are rounded on the wire, seconds. */
const ROUNDING = 0.002;

/** What every line is like when nothing goes wrong. */
export const LINE_CHECKS: readonly Definition[] = [
  {
    name: 'a line ends with `end`, once, and nothing after it',
    async run(bench) {
      const { parts } = await bench.reference(bench.texts.line);
      const types = parts.map(({ type }) => type);
      const ends = types.filter((type) => type === 'end').length;
      demand(
        ends > 0,
        'a part of type `end`',
        'a line that stopped without it',
        'Yield { type: "end" } when the service says that the line is whole, and throw where it does not.',
      );
      demand(
        ends === 1,
        'one `end`',
        `${ends}`,
        'Some services say twice that they are done: return at the first.',
      );
      const after = types.slice(types.indexOf('end') + 1);
      demand(
        after.length === 0,
        'nothing after `end`',
        after.join(', '),
        'Give what is held back (last cues, last samples) before `end`.',
      );
      const strange = types.find((type) => !['audio', 'cues', 'words', 'shapes', 'end'].includes(type));
      demand(
        strange === undefined,
        'audio, cues, words, shapes and end',
        shown(strange),
        'Pass over what has no place among the parts.',
      );
    },
  },
  {
    name: 'sound is 16-bit samples of one rate',
    async run(bench) {
      const line = await bench.reference(bench.texts.line);
      let rate = 0;
      for (const part of line.parts) {
        if (part.type !== 'audio') continue;
        demand(
          part.samples instanceof Int16Array,
          'an Int16Array',
          Object.prototype.toString.call(part.samples),
          'Turn bytes into samples with a reader that keeps an odd byte for the next piece.',
        );
        demand(
          part.samples.length > 0,
          'audio parts with samples',
          'an empty one',
          'Leave out parts without sound.',
        );
        rate ||= part.sampleRate;
        demand(
          part.sampleRate === rate,
          `${rate} Hz in every part of a line`,
          `${part.sampleRate} Hz`,
          'A line has one rate: tell another one as a SpeechError, or convert.',
        );
      }
      demand(
        Number.isInteger(rate) && rate >= 8_000 && rate <= 48_000,
        'a whole rate from 8,000 to 48,000 Hz',
        String(rate),
        'Tell the rate that the service really sends.',
      );
      const loudest = line.samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      demand(
        loudest > QUIET,
        'speech',
        `silence (loudest sample ${loudest})`,
        'Look at byte order, and at whether the bytes are encoded.',
      );
    },
  },
  {
    name: 'sound is what the service spoke, sample by sample',
    when: ({ truth }) => truth !== undefined,
    async run(bench) {
      const { line: text } = bench.texts;
      const line = await bench.reference(text);
      const truth = await readLine(
        bench.subject.truth!.speak(bench.request(text), new AbortController().signal),
      );
      demand(
        !truth.failed,
        'the truth to speak',
        shown(truth.error),
        'Mend the subject: its truth does not work.',
      );
      demand(
        line.sampleRate === truth.sampleRate,
        `${truth.sampleRate} Hz`,
        `${line.sampleRate} Hz`,
        'Tell the rate that the service really sends; the wrong one changes pitch and pace.',
      );
      demand(
        line.samples.length === truth.samples.length,
        `${truth.samples.length} samples`,
        `${line.samples.length}`,
        'Samples are lost or made up: look at the first and the last piece, at headers, and at odd bytes.',
      );
      const wrong = truth.samples.findIndex((sample, index) => sample !== line.samples[index]);
      demand(
        wrong < 0,
        'the samples of the truth',
        `another one at ${wrong} of ${truth.samples.length}`,
        'Look at byte order, at a byte lost between pieces, and at headers taken for sound.',
      );
    },
  },
  {
    name: 'cues rise, do not overlap, and have a weight',
    async run(bench) {
      demandCues((await bench.reference(bench.texts.line)).cues);
    },
  },
  {
    name: 'frames of the face have a place and 55 numbers each',
    async run(bench) {
      demandFrames((await bench.reference(bench.texts.line)).parts);
    },
  },
  {
    name: 'words rise, and stand in the text where they say',
    async run(bench) {
      const { line: text } = bench.texts;
      demandWords((await bench.reference(text)).words, text);
    },
  },
];

/** Demands cues in legal order. */
function demandCues(cues: readonly Cue[]): void {
  let latest = 0;
  for (const [nth, { viseme, start, end, weight }] of cues.entries()) {
    const name = `cue ${nth} (${viseme})`;
    demand(
      VISEMES.includes(viseme),
      'one of the 15 visemes',
      shown(viseme),
      'Turn the sounds of the service into visemes.',
    );
    demand(
      Number.isFinite(start) && Number.isFinite(end) && end >= start,
      `${name} to end after its start`,
      `${start} to ${end}`,
      'Times are seconds in line time.',
    );
    demand(
      start >= latest - ROUNDING,
      `${name} to start at ${latest.toFixed(3)} s or later`,
      `${start.toFixed(3)} s`,
      'Cues rise and never overlap: end one where the next begins.',
    );
    demand(
      weight >= 0 && weight <= 1,
      `a weight from 0 to 1 of ${name}`,
      String(weight),
      'The weight is how strongly the shape is made.',
    );
    latest = end;
  }
}

/** Demands whole frames of one rate, which lie in the line. A source need not give any. */
function demandFrames(parts: readonly SpeechPart[]): void {
  let rate = 0;
  for (const part of parts) {
    if (part.type !== 'shapes') continue;
    const { fps, from, frames } = part;
    rate ||= fps;
    demand(
      fps > 0 && fps <= MOST_FPS && fps === rate,
      `up to ${MOST_FPS} frames a second, as many in every part`,
      String(fps),
      'Tell the rate that the service says its frames have.',
    );
    demand(
      Number.isFinite(from) && from >= 0,
      'the place of the first frame in the line, from 0 on',
      String(from),
      'The frame belongs to line time from / fps.',
    );
    demand(
      frames instanceof Float32Array && frames.length > 0 && frames.length % SHAPE_COUNT === 0,
      `a Float32Array with ${SHAPE_COUNT} numbers a frame`,
      `${Object.prototype.toString.call(frames)} with ${frames?.length}`,
      'One frame after another; leave out parts without frames.',
    );
    const strange = frames.find((number) => !Number.isFinite(number));
    demand(strange === undefined, 'finite numbers', String(strange), 'Leave out frames that cannot be read.');
  }
}

/** Demands words in rising order that are whole words of the text. */
export function demandWords(words: readonly WordMark[], text: string): void {
  let latest = 0;
  let place = 0;
  for (const { text: word, start, end, from, to } of words) {
    const name = JSON.stringify(word);
    demand(
      end >= start && start >= latest - ROUNDING,
      `${name} to come after the word before it (${latest.toFixed(3)} s) and to last`,
      `${start} to ${end} s`,
      'Words rise; times are seconds in line time.',
    );
    demand(
      Number.isInteger(from) && Number.isInteger(to) && from >= place && to > from && to <= text.length,
      `${name} to stand after index ${place} and within ${text.length}`,
      `${from} to ${to}`,
      'from and to are UTF-16 indexes into the text as it was given.',
    );
    demand(
      text.slice(from, to) === word,
      `text.slice(${from}, ${to}) to be ${name}`,
      JSON.stringify(text.slice(from, to)),
      'from and to are UTF-16 indexes into the text as it was given: an emoji counts 2 or more, and what was cleaned away before sending counts too.',
    );
    for (const at of [from, to]) {
      demand(
        !cutsWord(text, at),
        `${name} to be whole`,
        `a cut within a word or character at index ${at}: ${JSON.stringify(text.slice(Math.max(0, at - 6), at))} | ${JSON.stringify(text.slice(at, at + 6))}`,
        'Indexes that slip come from counting code points or bytes, or from counting in a text that was cleaned before it was sent.',
      );
    }
    latest = end;
    place = to;
  }
}

/** Whether a place lies between two letters of a word, or within a character. */
function cutsWord(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  return /^[\p{L}\p{N}\p{M}]{2}$/u.test(text.slice(at - 1, at + 1)) || /[\uDC00-\uDFFF]/.test(text[at]!);
}
