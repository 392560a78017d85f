/** Scripts with every kind of beat, by chance. */
import fc from 'fast-check';
import type { Beat, Condition, Script } from '../../../src/cutscene/script.ts';

const NAMES = ['mira', 'tomas', 'gate'];
const TEXTS = ['Look, a dragon at the gate!', 'No.', 'The dragon saw the dragon, and the dragon was glad.'];
export const RUNS = ['ring', 'open', 'count'];

const name = fc.constantFrom(...NAMES);
const seconds = fc.integer({ min: 0, max: 12 }).map((quarters) => quarters / 4);
const number = fc.integer({ min: -20, max: 20 });
const point = fc.tuple(number, number, number);
const moving = fc.record(
  { over: seconds, ease: fc.constantFrom('linear', 'in', 'out', 'in-out'), meanwhile: fc.boolean() },
  { requiredKeys: [] },
);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ variable: fc.constantFrom('trust', 'met'), is: fc.constantFrom(1, 2, true) }),
  fc.record({ variable: fc.constant('trust'), above: number }),
  fc.record({ variable: fc.constantFrom('trust', 'met'), not: fc.constantFrom(1, true) }),
);

const { row } = fc.letrec<{ row: Beat[]; beat: Beat }>((tie) => ({
  row: fc.array(tie('beat'), { maxLength: 4, depthIdentifier: 'row' }),
  beat: fc.oneof(
    { depthIdentifier: 'row', maxDepth: 3 },
    fc.record({ wait: seconds }),
    fc.record({ wait: fc.constant('player' as const) }),
    fc
      .tuple(
        fc.record({ move: name }),
        fc.oneof(fc.record({ to: point }), fc.record({ turn: number })),
        moving,
      )
      .map((parts) => Object.assign({}, ...parts)),
    fc
      .tuple(fc.record({ camera: fc.constantFrom('wide', 'close') }), moving)
      .map((parts) => Object.assign({}, ...parts)),
    fc.record({ look: name, at: fc.oneof(name, point) }),
    fc.record({ emote: name, emotion: fc.constantFrom('glad', 'sad'), strength: fc.constantFrom(0.5, 1) }),
    fc.record({
      animate: fc.constantFrom('wave', 'door'),
      speed: fc.constantFrom(0, 1, -2),
      loop: fc.boolean(),
    }),
    fc.record({ show: name }),
    fc.record({ hide: fc.uniqueArray(name, { minLength: 1 }) }),
    fc.record({
      sound: fc.constantFrom('bell', 'rain'),
      volume: fc.constantFrom(0, 0.5),
      loop: fc.boolean(),
    }),
    fc.record({ run: fc.constantFrom(...RUNS) }),
    fc.record({ set: fc.record({ trust: number, met: fc.boolean() }, { requiredKeys: [] }) }),
    fc
      .record({
        say: fc.constantFrom(...TEXTS),
        by: fc.oneof(name, fc.uniqueArray(name, { minLength: 1 })),
        meanwhile: fc.boolean(),
        marked: tie('row'),
      })
      .map(({ marked, ...beat }) => ({
        ...beat,
        ...(beat.say.includes('dragon') && { marks: [{ on: 'dragon', beats: marked }] }),
      })),
    fc.record({ parallel: fc.array(tie('row'), { minLength: 1, maxLength: 3 }), meanwhile: fc.boolean() }),
    fc.record({ if: condition, beats: tie('row'), else: tie('row') }),
    fc.record({
      choose: fc.array(
        fc.record(
          { text: fc.constant('Go on.'), if: condition, beats: tie('row') },
          { requiredKeys: ['text', 'beats'] },
        ),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  ) as fc.Arbitrary<Beat>,
}));

/** Rounds that are gone through twice at most: back to a label, until a variable says otherwise. */
const round = row.map((beats): Beat[] => [
  { label: 'again' },
  ...beats,
  {
    if: { variable: 'rounds', is: 0 },
    beats: [{ set: { rounds: 1 } }, { goto: 'again' }],
  },
]);

export const scripts: fc.Arbitrary<Script> = fc
  .tuple(row, fc.oneof(row, round), row)
  .map(([first, second, third]) => ({
    version: 1,
    name: 'by chance',
    cast: { mira: { voice: 'F1' } },
    shots: {
      wide: { position: [0, 3, -12], target: [0, 1, 0] },
      close: { position: [1, 1.6, -1], target: [0, 1.6, 0], fov: 30 },
    },
    variables: { trust: 0, rounds: 0 },
    beats: [...first, ...second, ...third],
  }));
