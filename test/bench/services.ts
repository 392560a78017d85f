/**
 * How near the mouth comes that is made of what a service tells, held against the sounds that its emulator spoke:
 * `npx tsx test/bench/services.ts`. The emulators' times of words and sounds are the synth's own, those of characters
 * share out a word evenly: a service's may be better or worse.
 */
import { cuesOfPhones } from '../../src/lipsync/phones.ts';
import type { Cue } from '../../src/speech/cue.ts';
import type { VoiceSource } from '../../src/speech/source.ts';
import type { Viseme } from '../../src/speech/viseme.ts';
import { cartesiaVoices } from '../../src/voices/cartesia/index.ts';
import { elevenLabsVoices } from '../../src/voices/elevenlabs/index.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { timedVoices } from '../../src/voices/timed/timed-voices.ts';
import { serveCartesia } from '../emulators/cartesia.ts';
import { serveElevenLabs } from '../emulators/elevenlabs.ts';
import { Speech } from '../emulators/spoken-text.ts';

const RATE = 24_000;
const FPS = 60;
/** A closure is found if lips close within so much of it, seconds. */
const NEAR = 0.04;
const VOICES = ['F1', 'F3', 'M1'];
const TEXTS = [
  'Welcome, traveller. The bridge is out, but the ferry runs until dusk.',
  'Bring me three blue bottles from the cellar before the bell rings.',
  'My father built this boat with both hands, and it never sank.',
  'Please keep your voice down, the baby is asleep upstairs.',
  'Six thousand coins is a fair price for a map of the mountains.',
  'Perhaps the wolves will move on when the snow begins to melt.',
  'What brings you to the harbour at this hour, my friend?',
  'Remember, the password changes every morning at seven.',
];

function shown(cues: readonly Cue[], time: number): Viseme {
  const here = cues.filter(({ start, end }) => start <= time && time < end);
  return here.reduce((best, cue) => (cue.weight > best.weight ? cue : best), here[0] ?? REST).viseme;
}
const REST: Cue = { viseme: 'sil', start: 0, end: 0, weight: 0 };

async function score(source: VoiceSource, speech: Speech): Promise<string> {
  let [frames, same, closures, found] = [0, 0, 0, 0];
  for (const voice of VOICES) {
    for (const text of TEXTS) {
      const truth = await speech.speak(text, { sampleRate: RATE, voice });
      const own = cuesOfPhones(truth.phones);
      const cues: Cue[] = [];
      for await (const part of source.speak({ text, voice }, new AbortController().signal))
        if (part.type === 'cues') cues.push(...part.cues);
      for (let time = 0.5 / FPS; time < truth.samples.length / RATE; time += 1 / FPS) {
        frames++;
        if (shown(own, time) === shown(cues, time)) same++;
      }
      for (const { start, end } of truth.phones.filter(({ id }) => /^[pbm]$/.test(id))) {
        closures++;
        const near = (cue: Cue) => cue.start < end + NEAR && cue.end > start - NEAR;
        if (cues.some((cue) => cue.viseme === 'PP' && near(cue))) found++;
      }
    }
  }
  source.dispose();
  return `${Math.round((100 * same) / frames)} % of ${frames} frames, ${found} of ${closures} closures`;
}

const [eleven, cartesia, speech] = [await serveElevenLabs(), await serveCartesia(), new Speech()];
const way = { apiKey: 'any', openSocket: openNodeSocket };
const sources: Readonly<Record<string, VoiceSource>> = {
  'elevenlabs, letters': elevenLabsVoices({ ...way, url: eleven.url }),
  'elevenlabs, timedVoices': timedVoices(elevenLabsVoices({ ...way, url: eleven.url })),
  'cartesia, sounds': cartesiaVoices({ ...way, url: cartesia.url }),
  'cartesia, words': cartesiaVoices({ ...way, url: cartesia.url, phonemes: false }),
  'cartesia, words, timedVoices': timedVoices(cartesiaVoices({ ...way, url: cartesia.url, phonemes: false })),
};
for (const [name, source] of Object.entries(sources)) console.log(`${name}: ${await score(source, speech)}`);
await Promise.all([eleven.close(), cartesia.close()]);
speech.dispose();
