import { type RoomSound, roomResponse } from '../../pcm/room-response.ts';

/** What zones that sound alike share: one convolver, in the graph only while somebody is in one of them. */
export class Room {
  /** Where voices go in; mono. */
  readonly input: GainNode;
  readonly #convolver: ConvolverNode;
  readonly #output: AudioNode;
  /** How long it rings, seconds. */
  readonly #seconds: number;
  /** Voices that are sent in. */
  #users = 0;
  #silentFrom = 0;
  #joined = false;

  /** `sound`: how it rings, or what it answers to a click. It is heard at `output`, `delaySeconds` late. */
  constructor(sound: RoomSound | AudioBuffer, output: AudioNode, delaySeconds: number) {
    const { context } = output;
    const buffer = 'decaySeconds' in sound ? responseOf(sound, context.sampleRate) : sound;
    this.#output = output;
    this.#seconds = buffer.duration + delaySeconds;
    this.input = new GainNode(context, { channelCount: 1, channelCountMode: 'explicit' });
    this.#convolver = new ConvolverNode(context, { buffer, disableNormalization: true });
    if (delaySeconds > 0)
      this.input
        .connect(new DelayNode(context, { delayTime: delaySeconds, maxDelayTime: delaySeconds }))
        .connect(this.#convolver);
    else this.input.connect(this.#convolver);
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

  /** Rings no more: a convolver with another response, if only the same one anew, has no past. */
  forget(): void {
    const { buffer } = this.#convolver;
    this.#convolver.buffer = null;
    this.#convolver.buffer = buffer;
  }

  dispose(): void {
    this.#part();
    this.input.disconnect();
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
