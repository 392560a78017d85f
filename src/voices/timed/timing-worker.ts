/** The thread in which lines are listened to: a page's worker or a worker thread of Node. */
import type { ReadWord } from '../../lipsync/timing/g2p/read-text.ts';
import { ruledReader } from '../../lipsync/timing/g2p/read-text.ts';
import type { SoundModel } from '../../lipsync/timing/hearing.ts';
import { isEnglish, unpackingEnglish, unpackingSounds } from '../../lipsync/timing/learned.ts';
import { type LineEar, openEar } from '../../lipsync/timing/line-ear.ts';
import { finish } from '../../lipsync/timing/model.ts';
import type { EarAnswer, EarRequest } from './ear-message.ts';

let sounds: SoundModel | undefined;
let english: ReadWord | undefined;
const ears = new Map<number, LineEar>();

function take(request: EarRequest): void {
  switch (request.type) {
    case 'sounds':
      sounds = finish(unpackingSounds(request.packed));
      return;
    case 'english':
      english = finish(unpackingEnglish(request.packed));
      return;
    case 'open': {
      const { line, facts } = request;
      const read = isEnglish(facts.lang) ? english : ruledReader(facts.lang);
      ears.set(line, openEar(sounds!, read, facts));
      return;
    }
    case 'cues':
      ears.get(request.line)?.addCues(request.cues);
      return;
    case 'text':
      ears.get(request.line)?.addText(request.text, request.known, request.whole);
      return;
    case 'words':
      ears.get(request.line)?.addWords(request.words);
      return;
    case 'audio':
      answer({ type: 'told', line: request.line, told: ears.get(request.line)!.push(request.samples) });
      return;
    case 'end':
      answer({ type: 'told', line: request.line, told: ears.get(request.line)!.end() });
      return;
    case 'close':
      ears.delete(request.line);
  }
}

/** A line that cannot be heard costs no other. */
function tryTo(request: EarRequest): void {
  try {
    take(request);
  } catch (error) {
    if (!('line' in request)) throw error;
    answer({
      type: 'failed',
      line: request.line,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

interface Port {
  postMessage(answer: EarAnswer): void;
}

const inNode = globalThis.process?.getBuiltinModule?.('node:worker_threads').parentPort;
const port: Port = inNode ?? globalThis;
const answer = (message: EarAnswer): void => port.postMessage(message);
if (inNode) inNode.on('message', tryTo);
else globalThis.onmessage = ({ data }: MessageEvent<EarRequest>) => tryTo(data);
answer({ type: 'ready' });
