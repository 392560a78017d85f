/**
 * Makes the material that the sound model is trained on: lines spoken by Flite and espeak-ng in many voices, made worse
 * by rooms, microphones and noise, as levelled frames with the sound of each.
 *
 *     npx tsx training/corpus.ts OUT [minutes] [synth|festival]
 *
 * Held out, to see how strange voices fare: Flite's awb, some of espeak's variants, Portuguese and Korean.
 */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Levelling } from '../src/lipsync/timing/levelling.ts';
import { BANDS, HOP, MelFrames } from '../src/lipsync/timing/mel.ts';
import { SOUNDS, soundsOf } from '../src/lipsync/timing/sounds.ts';
import { speakEspeak } from '../test/bench/visemes/corpus/espeak-speech.ts';
import { speakFlite } from '../test/bench/visemes/corpus/flite-speech.ts';
import type { SpokenLine } from '../test/bench/visemes/corpus/utterance.ts';
import { worsen } from './augment.ts';
import { FESTIVAL_VOICES, speakFestival } from './festival-speech.ts';
import { sequence } from './random.ts';
import { trainingTexts } from './texts.ts';

const [out = '/tmp/parley-corpus', wanted = '180', kind = 'synth'] = process.argv.slice(2);
mkdirSync(out, { recursive: true });

/** The label of frames whose sound is not known. */
const UNKNOWN = 255;
/** Part of a diphthong that its first sound takes, as in phones.ts. */
const FIRST_PART = 0.6;

/** Variants of espeak that are heard in training; the others never are. */
const HEARD =
  'f1 f3 f4 m1 m2 m3 m6 m8 klatt klatt2 klatt4 Andy anikaRobot Alicia Andrea belinda benjamin boris caleb david edward2 grandma iven kaukovalta linda marcelo max miguel pablo quincy rob robert ross shelby steph travis'.split(
    ' ',
  );
const STRANGE = 'f2 f5 m4 m5 m7 klatt3'.split(' ');

const random = sequence(7);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
const texts = trainingTexts();
const frames = createWriteStream(join(out, 'frames.f32'));
const labels = createWriteStream(join(out, 'labels.u8'));
const lines: { frames: number; held: boolean; set: string }[] = [];
let seconds = 0;

interface Kind {
  readonly set: string;
  readonly share: number;
  readonly held?: boolean;
  speak(): Promise<SpokenLine>;
}

/** Synthesizers, and their strange voices. */
const SYNTHS: readonly Kind[] = [
  { set: 'flite', share: 10, speak: () => flite(pick(['slt', 'slt', 'rms', 'rms', 'kal16'])) },
  {
    set: 'espeak en',
    share: 5,
    speak: () => espeak('en', pick(['en-us', 'en-us', 'en-us', 'en-gb-x-rp', 'en'])),
  },
  { set: 'espeak es', share: 2, speak: () => espeak('es', pick(['es', 'es-419'])) },
  { set: 'espeak fr', share: 2, speak: () => espeak('fr', 'fr') },
  { set: 'espeak de', share: 2, speak: () => espeak('de', 'de') },
  { set: 'espeak it', share: 2, speak: () => espeak('it', 'it') },
  { set: 'awb', share: 0.3, held: true, speak: () => flite('awb') },
  { set: 'strange', share: 0.3, held: true, speak: () => espeak('en', 'en-us', STRANGE) },
  { set: 'pt', share: 0.3, held: true, speak: () => espeak('pt', 'pt-br', STRANGE) },
];

/** People's recorded sounds put together by Festival; 40 lines at a time. */
const PEOPLE: readonly Kind[] = Object.entries(FESTIVAL_VOICES).map(([voice, lang]) => {
  const ready: SpokenLine[] = [];
  return {
    set: `festival ${voice}`,
    share: 1,
    async speak() {
      while (ready.length === 0) {
        ready.push(
          ...speakFestival(
            voice,
            Array.from({ length: 40 }, () => pick(texts[lang]!)),
          ),
        );
      }
      return ready.pop()!;
    },
  };
});

const PLAN = kind === 'festival' ? PEOPLE : SYNTHS;

function flite(speaker: string): Promise<SpokenLine> {
  const pitch = speaker === 'slt' ? 130 + 130 * random() : 75 + 110 * random();
  return speakFlite(pick(texts.en!), { speaker, stretch: 0.75 + 0.6 * random(), pitch });
}

function espeak(lang: string, voice: string, variants: readonly string[] = HEARD): Promise<SpokenLine> {
  return speakEspeak(pick(texts[lang]!), {
    voice: `${voice}+${pick(variants)}`,
    rate: Math.round(115 + 90 * random()),
    pitch: Math.round(15 + 70 * random()),
  });
}

let seed = 1;
const shares = PLAN.reduce((sum, { share }) => sum + share, 0);
const done = PLAN.map(() => 0);
while (seconds < Number(wanted) * 60) {
  // The kind that is furthest behind its share.
  const behind = PLAN.map(({ share }, i) => done[i]! / (share / shares));
  const at = behind.indexOf(Math.min(...behind));
  const { set, held = false, speak } = PLAN[at]!;
  const spoken = await speak();
  done[at]! += spoken.duration;
  seconds += spoken.duration;
  write(spoken, set, held);
  if (lines.length % 200 === 0) console.log(`${lines.length} lines, ${(seconds / 60).toFixed(0)} minutes`);
}
frames.end();
labels.end();
writeFileSync(join(out, 'lines.json'), JSON.stringify({ sounds: SOUNDS, lines }));

function write({ samples, sampleRate, phones }: SpokenLine, set: string, held: boolean): void {
  // Played a little too fast or too slow, a speaker grows or shrinks; the frames are those of that rate.
  const size = held ? 1 : 0.84 + 0.34 * random();
  const rate = Math.round(sampleRate * size);
  const mel = new MelFrames(rate);
  const sound = random() < 0.25 ? samples : worsen(samples, rate, seed++);
  const [trim, lead] = [random() < 0.5, random() < 0.3 ? random() * 0.4 : 0];
  const from = trim ? Math.round(Math.max((phones[0]?.end ?? 0) - 0.04, 0) * sampleRate) : 0;
  const quiet = Math.round(lead * rate);
  mel.push(new Int16Array(quiet));
  mel.push(sound.subarray(from));
  mel.end();
  const levelling = new Levelling();
  const levelled = new Float32Array(mel.count * BANDS);
  const told = new Uint8Array(mel.count);
  let next = 0;
  for (let f = 0; f < mel.count; f++) {
    levelled.set(levelling.level(mel.frames, f * BANDS), f * BANDS);
    const time = ((f + 0.5) * HOP * rate - quiet + from) / sampleRate;
    while (next < phones.length - 1 && phones[next]!.end <= time) next++;
    const phone = phones[next];
    if (!phone || time < phone.start || time >= phone.end) continue;
    const [first, second] = soundsOf(phone.id);
    const late = second !== undefined && time > phone.start + FIRST_PART * (phone.end - phone.start);
    told[f] = phone.id === '?' ? UNKNOWN : late ? second : first!;
  }
  frames.write(Buffer.from(levelled.buffer));
  labels.write(told);
  lines.push({ frames: mel.count, held, set });
}
