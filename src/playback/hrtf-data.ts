/** Loudest sample of the tone that is listened for: far below what anybody hears, and it goes nowhere. */
const WHISPER = 1e-4;

/**
 * Whether the browser can render HRTF in a context. Browsers load their data in the background when the first HRTF
 * panner is made, tell nobody, and are silent until it has come; so a tone that is not heard is sent through one. An
 * offline context never has an HRTF panner before that: Chromium (156) can deadlock where it renders one while the data
 * is on its way, so the tone is played in a context of its own there, which keeps the data as long as it lives.
 */
export class HrtfData {
  readonly #borrowed: AudioContext | undefined;
  readonly #tone: OscillatorNode;
  readonly #meter: AnalyserNode;
  readonly #nowhere: GainNode;
  readonly #block: Float32Array<ArrayBuffer>;
  #ready = false;
  #stopped = false;

  constructor(context: BaseAudioContext) {
    if (context instanceof OfflineAudioContext)
      this.#borrowed = new AudioContext({ sampleRate: context.sampleRate });
    const host = this.#borrowed ?? context;
    this.#tone = new OscillatorNode(host);
    this.#meter = new AnalyserNode(host, { fftSize: 128 });
    this.#nowhere = new GainNode(host, { gain: 0 });
    this.#block = new Float32Array(this.#meter.fftSize);
    this.#tone
      .connect(new GainNode(host, { gain: WHISPER }))
      .connect(new PannerNode(host, { panningModel: 'HRTF' }))
      .connect(this.#meter)
      .connect(this.#nowhere)
      .connect(host.destination);
    this.#tone.start();
  }

  /** Looks whether HRTF sounds; from the first time that it does, always. */
  look(): boolean {
    if (this.#ready || this.#stopped) return this.#ready;
    this.#meter.getFloatTimeDomainData(this.#block);
    for (let index = 0; index < this.#block.length; index++) this.#ready ||= this.#block[index] !== 0;
    if (this.#ready) this.#stop();
    return this.#ready;
  }

  dispose(): void {
    this.#stop();
    if (this.#borrowed && this.#borrowed.state !== 'closed') void this.#borrowed.close();
  }

  #stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#tone.stop();
    this.#tone.disconnect();
    this.#nowhere.disconnect();
  }
}
