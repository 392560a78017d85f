import { type RoomSound, roomResponse } from '../../pcm/room-response.ts';

/** What zones that sound alike share: one convolver, in the graph only while somebody is in one of them. */
export class Room {
  /** Where voices go in; mono. */
  readonly input: GainNode;
  #convolver: ConvolverNode;
  readonly #output: AudioNode;
  readonly #buffer: AudioBuffer;
  readonly #delaySeconds: number;
  /** How long it rings, seconds. */
  readonly #seconds: number;
  /** Voices that are sent in. */
  #users = 0;
  #silentFrom = 0;
  #joined = false;

  /** `sound`: how it rings, or what it answers to a click. It is heard at `output`, `delaySeconds` late. */
  constructor(sound: RoomSound | AudioBuffer, output: AudioNode, delaySeconds: number) {
    const { context } = output;
    this.#buffer = 'decaySeconds' in sound ? responseOf(sound, context.sampleRate) : sound;
    this.#delaySeconds = delaySeconds;
    this.#output = output;
    this.#seconds = this.#buffer.duration + delaySeconds;
    this.input = new GainNode(context, { channelCount: 1, channelCountMode: 'explicit' });
    this.#convolver = this.#open();
  }

  /** A voice is sent in from now on. */
  enter(): void {
    this.#users++;
    if (this.#joined) return;
    this.#joined = true;
    this.#convolver.connect(this.#output);
  }

  /** One that was is no more; `now` is the context's time. */
  leave(now: number): void {
    this.#users--;
    this.#silentFrom = now + this.#seconds + 0.1;
  }

  /** Once a frame: when the last of it has faded, it is out of the graph. */
  update(now: number): void {
    if (this.#joined && this.#users === 0 && now > this.#silentFrom) this.#part();
  }

  /** Rings no more: delay and convolver are new ones, which have no past. */
  forget(): void {
    this.input.disconnect();
    this.#part();
    this.#convolver = this.#open();
    if (this.#users === 0) return;
    this.#joined = true;
    this.#convolver.connect(this.#output);
  }

  dispose(): void {
    this.#part();
    this.input.disconnect();
  }

  #open(): ConvolverNode {
    const { context } = this.#output;
    const convolver = new ConvolverNode(context, { buffer: this.#buffer, disableNormalization: true });
    const delayTime = this.#delaySeconds;
    const delay = new DelayNode(context, { delayTime, maxDelayTime: Math.max(delayTime, 0.001) });
    this.input.connect(delay).connect(convolver);
    return convolver;
  }

  #part(): void {
    if (!this.#joined) return;
    this.#joined = false;
    this.#convolver.disconnect();
  }
}

function responseOf(sound: RoomSound, sampleRate: number): AudioBuffer {
  const [left, right] = roomResponse(sound, sampleRate);
  const buffer = new AudioBuffer({ length: left.length, numberOfChannels: 2, sampleRate });
  buffer.copyToChannel(left, 0);
  buffer.copyToChannel(right, 1);
  return buffer;
}
