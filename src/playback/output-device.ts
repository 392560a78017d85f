/** The name of the device that the browser chooses, where the page may not know which it is. */
const UNNAMED = 'default';

/** `setSinkId` came after the types of the DOM: Chromium has it, Firefox and Safari only for elements. */
interface ContextWithSink extends AudioContext {
  readonly sinkId?: string | { readonly type: string };
}

/** What is told of the device. */
export interface DeviceListener {
  /** The sound goes to another device, or may. */
  handleDeviceChange(): void;
  /** The name of the device is known: its label, where the page may see labels, else its id, else `default`. */
  handleDeviceName(name: string): void;
}

/** Follows the device to which the sound of a context goes. */
export class OutputDevice {
  readonly #context: ContextWithSink;
  readonly #listener: DeviceListener;
  readonly #devices: MediaDevices | undefined;
  #asked = 0;

  constructor(context: AudioContext, listener: DeviceListener) {
    this.#context = context;
    this.#listener = listener;
    this.#devices = navigator.mediaDevices; // Only secure pages have them.
    this.#devices?.addEventListener('devicechange', this.#handleChange);
    context.addEventListener('sinkchange', this.#handleChange);
    void this.#nameAsync();
  }

  /** Tells nothing from now on. */
  dispose(): void {
    this.#asked = Number.NaN;
    this.#context.removeEventListener('sinkchange', this.#handleChange);
    this.#devices?.removeEventListener('devicechange', this.#handleChange);
  }

  readonly #handleChange = (): void => {
    this.#listener.handleDeviceChange();
    void this.#nameAsync();
  };

  async #nameAsync(): Promise<void> {
    const question = ++this.#asked;
    const outputs = await this.#outputsAsync();
    if (question === this.#asked) this.#listener.handleDeviceName(nameOf(this.#context.sinkId, outputs));
  }

  async #outputsAsync(): Promise<MediaDeviceInfo[]> {
    try {
      const devices = await this.#devices?.enumerateDevices();
      return devices?.filter(({ kind }) => kind === 'audiooutput') ?? [];
    } catch {
      return []; // A policy of the page forbids it: the device stays unnamed.
    }
  }
}

/** The label of a device, the same whether it was chosen by the page or is the system's default. */
export function nameOf(
  sink: string | { readonly type: string } | undefined,
  outputs: readonly Pick<MediaDeviceInfo, 'deviceId' | 'groupId' | 'label'>[],
): string {
  if (typeof sink === 'object') return sink.type; // `none`: sound is rendered and thrown away.
  const id = sink || UNNAMED;
  const device = outputs.find(({ deviceId }) => deviceId === id);
  if (!device) return id;
  // Chromium lists the default device twice: as "Default - Speakers" and as itself, in one group.
  const itself = outputs.find(
    ({ deviceId, groupId, label }) =>
      groupId === device.groupId && deviceId !== id && label !== '' && device.label.endsWith(label),
  );
  return itself?.label || device.label || id;
}
