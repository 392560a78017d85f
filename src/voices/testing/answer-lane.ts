import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultGate } from './fault-gate.ts';

/** The side of a connection on which an answer leaves. */
export interface LaneEnd {
  send(data: Buffer, binary: boolean): void;
  /** Breaks the connection. */
  cut(): void;
  /** Closes it as if all were well. */
  close(): void;
}

/** One answer on its way through a proxy: messages leave in the order in which they came, through the gate. */
export class AnswerLane {
  readonly #gate: () => FaultGate;
  readonly #end: LaneEnd;
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = false;
  #over = false;

  /** `gate` is asked for each message, since faults may be set while a connection lives. */
  constructor(gate: () => FaultGate, end: LaneEnd) {
    this.#gate = gate;
    this.#end = end;
  }

  /** A message of the service. */
  push(data: Buffer, binary: boolean): void {
    void this.#queue(async () => {
      const gate = this.#gate();
      const { waitMs, inject, pass, next } = gate.take();
      if (waitMs > 0) await sleep(waitMs);
      if (inject !== undefined) this.#end.send(Buffer.from(inject), typeof inject !== 'string');
      if (!pass && next === 'stall') await gate.lifted;
      if (pass || next === 'stall') this.#end.send(data, binary);
      this.#over = next === 'cut' || next === 'close';
      if (next === 'cut') this.#end.cut();
      if (next === 'close') this.#end.close();
    });
  }

  /** What is done when all that came before has left, unless a fault ended the lane. */
  finally(act: () => void): void {
    void this.#queue(async () => act());
  }

  async #queue(step: () => Promise<void>): Promise<void> {
    this.#waiting.push(step);
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      if (!this.#over) await next();
    }
    this.#running = false;
  }
}
