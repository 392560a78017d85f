import type { LineAudio } from '../playback/line-player.ts';
import type { LineSchedule } from '../speech/source.ts';

/** Time between two looks, milliseconds: the device's latency must pass before a correction shows. */
const LOOK_MS = 200;

/** What is corrected, and from there on what is good enough, seconds: two voices are heard as one below 20 ms (precedence effect). */
const OFF_SECONDS = 0.008;
const GOOD_SECONDS = 0.003;

/** A deviation is made up for in about this time, seconds, at no more than 6 % of speed: NetEQ's pace is 10 %. */
const MEND_SECONDS = 0.8;
const MOST_SPEED = 0.06;

/** A deviation that is jumped over, seconds: at 6 % it would last for more than two. */
const FAR_SECONDS = 0.13;

/** Time that a jump has, milliseconds: a fade, two messages, and samples that go to the audio thread again. */
const JUMP_MS = 120;

/** What must be there beyond the place of a jump, seconds. */
const SPARE_SECONDS = 0.1;

/**
 * Keeps a line where its schedule has it, as others hear it at the same moment: small deviations are made up for by
 * speed, with the pitch as it is, large ones by a jump with its fades.
 */
export class InStep {
  readonly #schedule: LineSchedule;
  /** When it looks next; in an array, since a field that changes may be allocated anew. */
  readonly #nextMs = new Float64Array(1);
  #mending = false;
  #rate = 1;

  constructor(schedule: LineSchedule) {
    this.#schedule = schedule;
  }

  /** When line time 0 is due, milliseconds of performance time, by what is known now. */
  get zeroMs(): number | undefined {
    return this.#schedule.zeroMs;
  }

  /** Called once a frame. */
  update(audio: LineAudio, performanceMs: number): void {
    if (performanceMs < this.#nextMs[0]!) return;
    this.#nextMs[0] = performanceMs + LOOK_MS;
    const { zeroMs } = this.#schedule;
    if (zeroMs === undefined) return;
    const spoken = audio.spokenAt(performanceMs);
    if (spoken === undefined) return;
    const behind = (performanceMs - zeroMs) / 1000 - spoken;
    if (Math.abs(behind) > FAR_SECONDS && this.#jump(audio, performanceMs, zeroMs, behind)) return;
    this.#mending = Math.abs(behind) > (this.#mending ? GOOD_SECONDS : OFF_SECONDS);
    const change = Math.min(Math.max(behind / MEND_SECONDS, -MOST_SPEED), MOST_SPEED);
    this.#setRate(audio, this.#mending ? 1 + change : 1);
  }

  /** Goes to what will be due soon, if that is there. */
  #jump(audio: LineAudio, performanceMs: number, zeroMs: number, behind: number): boolean {
    if (audio.bufferedSeconds < behind + JUMP_MS / 1000 + SPARE_SECONDS) return false;
    const dueMs = performanceMs + JUMP_MS;
    const place = (dueMs - zeroMs) / 1000;
    if (place < 0) return false;
    this.#setRate(audio, 1);
    audio.seek(place, dueMs);
    this.#nextMs[0] = dueMs + LOOK_MS;
    return true;
  }

  #setRate(audio: LineAudio, rate: number): void {
    if (rate === this.#rate) return;
    this.#rate = rate;
    audio.setRate(rate);
  }
}
