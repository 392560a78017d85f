/** Loudest sample of the tone that is listened for: far below what anybody hears, and it goes nowhere. */
const WHISPER = 1e-4;

/**
 * Time that the tone must have sounded, seconds. Once in the life of a page, 0.1 to 1 s after its HRTF data has come,
 * Chromium (156) is silent for one block in all HRTF panners: 18 of 18 pages did it, and none again.
 */
const SETTLING = 3;

/** Data known to be there, for other contexts of the same rate: browsers keep one for each rate that is in use. */
const settled = new Set<HrtfData>();

/**
 * Whether the browser can render HRTF in a context. Browsers load their data in the background when the first HRTF
 * panner is made, tell nobody, and are silent until it has come; so a tone that is not heard is sent through one. An
 * offline context never has an HRTF panner before that: Chromium (156) can deadlock where it renders one while the data
 * is on its way, so the tone is played in a context of its own there, which keeps the data as long as it lives.
 */
export class HrtfData {
  readonly #context: BaseAudioContext;
  readonly #borrowed: AudioContext | undefined;
  readonly #tone: OscillatorNode;
  readonly #meter: AnalyserNode;
  readonly #nowhere: GainNode;
  readonly #block: Float32Array<ArrayBuffer>;
  #soundedAt: number | undefined;
  #ready = false;
  #stopped = false;

  constructor(context: BaseAudioContext) {
    if (context instanceof OfflineAudioContext)
      this.#borrowed = new AudioContext({ sampleRate: context.sampleRate });
    this.#context = this.#borrowed ?? context;
    this.#tone = new OscillatorNode(this.#context);
    this.#meter = new AnalyserNode(this.#context, { fftSize: 128 });
    this.#nowhere = new GainNode(this.#context, { gain: 0 });
    this.#block = new Float32Array(this.#meter.fftSize);
    this.#tone
      .connect(new GainNode(this.#context, { gain: WHISPER }))
      .connect(new PannerNode(this.#context, { panningModel: 'HRTF' }))
      .connect(this.#meter)
      .connect(this.#nowhere)
      .connect(this.#context.destination);
    this.#tone.start();
  }

  /** Looks whether HRTF sounds, and goes on to; from the first time that it does, always. Look once a frame. */
  look(): boolean {
    if (this.#ready || this.#stopped) return this.#ready;
    if (this.#soundedAt === undefined && this.#sounds()) this.#soundedAt = this.#context.currentTime;
    if (this.#soundedAt === undefined) return false;
    if (this.#context.currentTime - this.#soundedAt <= SETTLING && !this.#othersReady()) return false;
    this.#ready = true;
    settled.add(this);
    this.#stop();
    return true;
  }

  dispose(): void {
    settled.delete(this);
    this.#stop();
    if (this.#borrowed && this.#borrowed.state !== 'closed') void this.#borrowed.close();
  }

  #sounds(): boolean {
    this.#meter.getFloatTimeDomainData(this.#block);
    for (let index = 0; index < this.#block.length; index++) if (this.#block[index] !== 0) return true;
    return false;
  }

  #othersReady(): boolean {
    for (const other of settled) if (other.#context.sampleRate === this.#context.sampleRate) return true;
    return false;
  }

  #stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#tone.stop();
    this.#tone.disconnect();
    this.#nowhere.disconnect();
  }
}
