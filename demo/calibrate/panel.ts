import type { TapResult } from '../../src/index.ts';
import { element } from '../view/element.ts';
import type { Calibration } from './calibration.ts';

/** Keys that do not tap: they belong to the browser or move the focus. */
const NO_TAP = /^(Tab|Escape|Shift|Control|Alt|Meta|CapsLock|F\d+)$/;

/** The desk beside the ring: steps, slider and buttons; taps come in here. */
export class Panel {
  readonly #calibration: Calibration;
  readonly #pad = element('pad', HTMLButtonElement);
  readonly #words = element('pad-words', HTMLElement);
  readonly #taps = element('pad-taps', HTMLProgressElement);
  readonly #trim = element('trim', HTMLInputElement);
  readonly #value = element('trim-value', HTMLOutputElement);
  readonly #kept = element('trim-kept', HTMLElement);
  readonly #start = element('start', HTMLButtonElement);
  readonly #check = element('check', HTMLButtonElement);
  readonly #save = element('save', HTMLButtonElement);
  readonly #steps = (['listen', 'watch', 'check'] as const).map(
    (step) => [step, element(`step-${step}`, HTMLElement)] as const,
  );

  constructor(calibration: Calibration) {
    this.#calibration = calibration;
    this.#start.addEventListener('click', () => this.#run(() => calibration.start()));
    this.#check.addEventListener('click', () => this.#run(() => calibration.check()));
    this.#save.addEventListener('click', () => {
      calibration.keep();
      this.#kept.textContent = 'Kept for this device.';
    });
    this.#trim.addEventListener('input', () => {
      this.#kept.textContent = '';
      calibration.tryTrim(this.#trim.valueAsNumber);
    });
    this.#pad.addEventListener('pointerdown', (event) => this.#tap(event));
    this.#pad.addEventListener('click', () => {
      if (calibration.step === 'start') this.#run(() => calibration.start());
    });
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) calibration.stop();
    });
    document.addEventListener('keydown', (event) => this.#handleKey(event), { capture: true });
    calibration.onChange = () => this.show();
    for (const button of [this.#start, this.#check, this.#save]) button.disabled = false;
    this.show();
  }

  /** Shows where the calibration stands. */
  show(): void {
    const { step, taps, heard, seen, trimMs } = this.#calibration;
    this.#pad.classList.toggle('tapping', this.#calibration.tapping);
    this.#pad.classList.toggle('still', step !== 'watch' && step !== 'check');
    this.#taps.value = taps;
    this.#words.textContent = words(this.#calibration);
    for (const [name, item] of this.#steps) {
      if (name === step) item.setAttribute('aria-current', 'step');
      else item.removeAttribute('aria-current');
    }
    showResult('result-listen', heard);
    showResult('result-watch', seen);
    this.#trim.valueAsNumber = trimMs;
    this.#value.value = `${Math.round(trimMs)} ms`;
    this.#start.textContent = heard ? 'Again' : 'Start';
    this.#start.classList.toggle('primary', step !== 'check');
    this.#save.classList.toggle('primary', step === 'check');
  }

  #run(begin: () => void): void {
    this.#kept.textContent = '';
    begin();
  }

  #handleKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.#calibration.stop();
    const { step } = this.#calibration;
    if (step === 'start' || step === 'check' || NO_TAP.test(event.key) || event.ctrlKey || event.metaKey)
      return;
    event.preventDefault(); // Space and Enter would press the button that began the round.
    if (!event.repeat) this.#tap(event);
  }

  #tap(event: Event): void {
    if (!this.#calibration.tapping) return;
    this.#calibration.handleTap(event.timeStamp);
    this.#pad.classList.add('tapped');
    setTimeout(() => this.#pad.classList.remove('tapped'), 120);
  }
}

/** What stands below the ring. */
function words({ step, scattered, seen }: Calibration): string {
  if (step === 'listen') return 'Tap with every click';
  if (step === 'watch') return 'Tap whenever the ring closes';
  if (step === 'check') return 'Are they one?';
  if (step === 'start') return 'Press to begin';
  if (scattered) return 'Your taps were far apart. Once more.';
  return seen ? 'Good. Look and listen.' : 'Good. Now without sound.';
}

function showResult(id: string, result: TapResult | undefined): void {
  const told = result && `${Math.round(result.offsetMs)} ms ± ${Math.round(result.spreadMs)}`;
  element(id, HTMLOutputElement).value = told ?? '';
}
