/** Makes bad messages of good ones, by chance with a seed: most are nearly right, which is where readers fail. */
import { randomOf } from './random.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const NUMBERS = [
  0,
  -0,
  -1,
  1,
  0.5,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  1e308,
  -1e-308,
  65_535,
  16_777_217,
];

const STRINGS = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e\u2066x',
  'é́́́',
  '😀'.repeat(40),
  '__proto__',
  'constructor',
  '<speak><break time="9s"/></speak>',
  'a'.repeat(600),
  'x'.repeat(900),
  '0',
  'NaN',
  '../../etc/passwd',
  '%00',
  '\r\nSet-Cookie: a=b',
];

export class Mutator {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = randomOf(seed);
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.random() * end);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  /** A text message made of a good one: wrong in its values, in its form, or no JSON at all. */
  text(message: unknown): string {
    const chance = this.random();
    if (chance < 0.08) return this.noise(this.below(200)).toString('latin1');
    let value = message as Json;
    for (let times = 1 + this.below(3); times > 0; times--) value = this.json(value);
    const text = JSON.stringify(value) ?? 'undefined';
    return chance < 0.75 ? text : this.garble(text);
  }

  /** The same with one thing changed somewhere in it. */
  json(value: Json): Json {
    if (value !== null && typeof value === 'object' && this.random() < 0.85) {
      const entries = Object.entries(value);
      const at = this.below(entries.length + 1);
      const list = Array.isArray(value);
      if (at === entries.length) {
        const more = this.value();
        return list ? [...value, more] : { ...value, [this.pick(STRINGS)]: more };
      }
      const [key, child] = entries[at]!;
      if (this.random() < 0.2) {
        const rest = entries.filter((_, nth) => nth !== at);
        return list ? rest.map(([, each]) => each) : Object.fromEntries(rest);
      }
      const changed = this.json(child);
      return list ? value.map((each, nth) => (nth === at ? changed : each)) : { ...value, [key]: changed };
    }
    if (typeof value === 'number' && this.random() < 0.5) return value + this.pick([1, -1, 0.5, 1e9, -1e9]);
    if (typeof value === 'string' && this.random() < 0.4) return this.garble(value);
    return this.value();
  }

  /** Bytes made of good ones: some changed, cut off, doubled, or put in. */
  bytes(good: Uint8Array): Buffer {
    const bytes = Buffer.from(good);
    if (bytes.length === 0 || this.random() < 0.05) return this.noise(this.below(64));
    // What lies first tells most: kinds, lengths, numbers.
    const at = this.below(this.random() < 0.5 ? Math.min(24, bytes.length) : bytes.length);
    switch (this.below(5)) {
      case 0:
        bytes[at] = this.below(256);
        return bytes;
      case 1:
        bytes[at]! ^= 1 << this.below(8);
        return bytes;
      case 2:
        return bytes.subarray(0, at);
      case 3:
        return Buffer.concat([bytes.subarray(0, at), this.noise(1 + this.below(9)), bytes.subarray(at)]);
      default:
        return Buffer.concat([
          bytes.subarray(0, at),
          bytes.subarray(Math.min(bytes.length, at + 1 + this.below(9))),
        ]);
    }
  }

  noise(length: number): Buffer {
    return Buffer.from(Uint8Array.from({ length }, () => this.below(256)));
  }

  private garble(text: string): string {
    const at = this.below(text.length + 1);
    const rest = text.slice(at + this.below(4));
    return (
      text.slice(0, at) + this.pick(['', '"', '{', '}]', '\\u12', '\u0007', '1e999', ',,', ...STRINGS]) + rest
    );
  }

  private value(): Json {
    switch (this.below(7)) {
      case 0:
        return null;
      case 1:
        return this.random() < 0.5;
      case 2:
        return this.pick(NUMBERS);
      case 3:
        return this.pick(STRINGS);
      case 4:
        return [];
      case 5:
        return { [this.pick(STRINGS)]: this.pick(NUMBERS) };
      default:
        return Array.from({ length: 40 }).reduce<Json>((inner) => [inner], 0);
    }
  }
}
